"""How far platforms' labels were off, in words: for leads and the officer alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from moderation.rules.off_labels import Told, stretch_before
from moderation.selectors.off_labels import OffLine


@dataclass(frozen=True, slots=True)
class OffRow:
    """A platform. Its cells are empty where nothing is told of it."""

    platform: str
    is_told: bool = False
    cases: str = ""
    too_low: str = ""
    far_too_low: str = ""


@dataclass(frozen=True, slots=True)
class OffPart:
    """The part of a page: from when to when, and a row for each platform."""

    stretch: str
    rows: list[OffRow]


def off_part(lines: Sequence[OffLine], at: datetime) -> OffPart:
    """Return the part of a page."""
    start, end = stretch_before(at)
    last = end - timedelta(days=1)
    words = {"start": date_format(start, "j F"), "end": date_format(last, "j F Y")}
    return OffPart(_("%(start)s to %(end)s") % words, [_row(line.platform, line.told) for line in lines])


def _row(platform: str, told: Told | None) -> OffRow:
    if told is None:
        return OffRow(platform)
    return OffRow(
        platform=platform,
        is_told=True,
        cases=_about(told.cases),
        too_low=_cell(told.too_low),
        far_too_low=_cell(told.far_too_low),
    )


def _about(count: int) -> str:
    return _("about %(count)d") % {"count": count}


def _cell(count: int | None) -> str:
    return _("under 5, or nearly all") if count is None else _about(count)
