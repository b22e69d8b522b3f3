"""Walks through one shift and says which break did not come: naive, from the text of WELLBEING.md 'Breaks' alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import NamedTuple

from benchmarks.simulation.record import Look, Rest

NONE, MINUTE = timedelta(0), timedelta(minutes=1)
BEAT = timedelta(seconds=5)
OF_ROWS = frozenset({"work", "severe", "extreme", "long"})
"""The causes of the breaks of which every third is long."""
SHORT = frozenset({"colour"})
LOAD_RED = 50
WEIGHT = (0, 0.25, 1, 2, 4)
CLEAR = {"text": 0.5, "shielded": 0.5, "lens": 0.8, "grey": 0.9, "colour": 1.0}


class Missed(NamedTuple):
    """A rule of breaks that was broken, and when."""

    rule: str
    at: datetime


@dataclass
class Since:
    """What has run since the rest that answers it; ``rows``: how many breaks of 10 since the last of 15 or the beginning.

    ``may_work``: how much work may lie there before a break of the 50 minutes; more after a rest that came just before.
    """

    work: timedelta = NONE
    severe: timedelta = NONE
    extreme: timedelta = NONE
    load: float = 0.0
    rows: int = 0
    may_work: timedelta = 50 * MINUTE


def missed(looks: Sequence[Look], rests: Sequence[Rest], *, begins_at: datetime) -> Iterator[Missed]:
    """Yield what is wrong with one shift."""
    yield from _walk(looks, rests, begins_at)
    yield from _after_extreme(looks)


def _walk(looks: Sequence[Look], rests: Sequence[Rest], begins_at: datetime) -> Iterator[Missed]:
    since, now = Since(), begins_at
    both: list[Look | Rest] = [*looks, *rests]
    for one in sorted(both, key=lambda each: each.begins_at):
        since.work += one.begins_at - now
        now = one.ends_at
        if isinstance(one, Rest):
            yield from _too_short(one, since)
            _answer(one, since)
        else:
            yield from _too_late(one, since)


def _too_short(rest: Rest, since: Since) -> Iterator[Missed]:
    lasted = rest.ends_at - rest.begins_at
    if rest.cause in OF_ROWS and lasted < _asked(since):
        yield Missed("a break shorter than its row", rest.begins_at)
    if rest.cause in SHORT and since.work >= 40 * MINUTE + BEAT and lasted < 10 * MINUTE:
        yield Missed("a rest that should have been the break", rest.begins_at)


def _answer(rest: Rest, since: Since) -> None:
    lasted = rest.ends_at - rest.begins_at
    is_row = rest.cause in OF_ROWS or (rest.cause in SHORT and since.work >= 40 * MINUTE)
    if lasted >= _asked(since):
        since.work = since.severe = since.extreme = NONE
    if lasted >= 10 * MINUTE:
        since.load = 0.0
        since.rows += is_row
    if lasted >= 15 * MINUTE:
        since.rows = 0
    since.may_work = max(50 * MINUTE, since.work + 10 * MINUTE)


def _asked(since: Since) -> timedelta:
    return (15 if since.rows == 2 else 10) * MINUTE


def _too_late(look: Look, since: Since) -> Iterator[Missed]:
    """What was silent counts, and stands outside what a break allows at most."""
    if since.load >= LOAD_RED:
        yield Missed("load since the last break", look.begins_at)
    lasted = look.ends_at - look.begins_at
    since.work += lasted
    since.severe += lasted if look.severity >= 3 else NONE
    since.extreme += lasted if look.severity == 4 else NONE
    since.load += load_of(look)
    for rule, spent, most in (
        ("break after work", since.work, since.may_work),
        ("break after severity 3", since.severe, 25 * MINUTE),
        ("break after severity 4", since.extreme, 10 * MINUTE),
    ):
        if spent - look.unheard > most + BEAT:
            yield Missed(rule, look.ends_at)


def _after_extreme(looks: Sequence[Look]) -> Iterator[Missed]:
    """Three minutes after each case of severity 4 that was seen; fifteen after three of them, twice a shift."""
    closes: list[datetime] = []
    clusters = 0
    for look, following in zip_longest(looks, looks[1:]):
        if not _is_seen(look):
            continue
        closes = [*(at for at in closes if at > look.ends_at - 15 * MINUTE), look.ends_at]
        rested = following.begins_at - look.ends_at if following else 15 * MINUTE
        if rested < 3 * MINUTE:
            yield Missed("rest after severity 4", look.ends_at)
        if len(closes) >= 3 and clusters < 2:
            clusters, closes = clusters + 1, []
            if rested < 15 * MINUTE:
                yield Missed("rest after three of severity 4", look.ends_at)


def _is_seen(look: Look) -> bool:
    """Say whether a case of severity 4 was clearer than its shield for 10 s, or heard."""
    is_clear = look.level != "shielded" and look.ends_at - look.begins_at >= timedelta(seconds=10)
    return look.severity == 4 and (is_clear or look.sound)


def load_of(look: Look) -> float:
    """Return the load of a look that is alone in its case: W × P × A × (BASE + min(t, 600)) / 60."""
    seconds = min((look.ends_at - look.begins_at).total_seconds(), 600) + (10 if look.severity >= 2 else 0)
    return WEIGHT[look.severity] * CLEAR[look.level] * (1.3 if look.sound else 1.0) * seconds / 60
