"""A team is put under one of the presets: all of its values at once, or none."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from audit.services import record
from live import events
from people.selectors import members_of
from people.services.teams import hold_team
from wellbeing.core.rules.names import reds_first
from wellbeing.core.rules.reasons import checked_reason
from wellbeing.exceptions import AlreadySet, ContractMissing, PresetAboveCeiling, Refused, UnknownPreset
from wellbeing.limits.rules import presets
from wellbeing.limits.selectors.contracts import is_on_record
from wellbeing.limits.selectors.overview import team_limits
from wellbeing.limits.selectors.presets import Chosen, newest_limit_of, preset_of
from wellbeing.limits.services.setting import set_limit
from wellbeing.models import LimitScope, TeamPreset


class PresetOvertaken(Refused):
    """Somebody chose a preset, or set a limit of the team, after the page was read; ``chosen`` is what stands now."""

    code = "preset_overtaken"

    def __init__(self, chosen: Chosen) -> None:
        super().__init__("something else came between")
        self.chosen = chosen


@dataclass(frozen=True)
class Seen:
    """What a page showed: the preset's row and the team's newest limit (0: none)."""

    preset: int
    limit: int


def choose(
    *, team_id: int, preset: str, reason: str, set_by: str, at: datetime, seen: Seen | None = None
) -> TeamPreset:
    """Put a team under a preset; what is tighter holds at once, what is looser from each person's next local day.

    The values stand as limits of the team, whose own rows follow each other as any. ``seen``: None for whoever saw none.
    Audited; every desk of the team reads again.

    Raises:
        UnknownPreset: there is none of this name.
        ContractMissing: ``specialist``, and no contract with a counsellor covers this day (UTC).
        PresetOvertaken: somebody else was first.
        PresetAboveCeiling: the organisation has to allow more first.
        AlreadySet: the team is under it, with just these values.
        ReasonMissing, ReasonTooLong: something loosens and nobody says why; or too long a reason.
    """
    if preset not in presets.PRESETS:
        raise UnknownPreset
    if preset == presets.SPECIALIST and not is_on_record(today=at.astimezone(UTC).date()):
        raise ContractMissing
    with transaction.atomic():
        # Two who choose at once take turns: their rows need not meet, so no unique key would stop the second.
        hold_team(team_id)
        chosen = preset_of(team_id)
        if seen is not None and seen != Seen(chosen.row, newest_limit_of(team_id)):
            raise PresetOvertaken(chosen)
        changed = _write_limits(team_id, preset, reason=reason, set_by=set_by, at=at)
        if not changed and chosen.row and chosen.preset == preset:
            raise AlreadySet
        row = _append(team_id, preset, reason=reason, set_by=set_by, at=at)
        events.bump(members_of(team_id, at=at))
        return row


def _write_limits(team_id: int, preset: str, *, reason: str, set_by: str, at: datetime) -> int:
    """Set what the preset says wherever the team's newest value is another; returns how many were set."""
    lines = {line.name: line for line in team_limits(team_id, at)}
    ceilings = {name: line.ceiling for name, line in lines.items()}
    above = presets.above_ceiling(preset, ceilings)
    if above:
        raise PresetAboveCeiling({name: (value, ceilings[name]) for name, value in above.items()})
    changed = 0
    values = presets.values_under(preset, ceilings)
    for name in sorted(values, key=reds_first):
        with suppress(AlreadySet):
            set_limit(
                scope=LimitScope.TEAM,
                scope_ref=str(team_id),
                name=name,
                value=values[name],
                set_by=set_by,
                reason=reason,
                at=at,
                last_seen=lines[name].last_seen,
            )
            changed += 1
    return changed


def _append(team_id: int, preset: str, *, reason: str, set_by: str, at: datetime) -> TeamPreset:
    row = TeamPreset.objects.create(
        team_id=team_id,
        preset=preset,
        set_at=at,
        set_by=set_by,
        reason=checked_reason(reason, is_needed=False),
    )
    record(
        actor=set_by,
        action="preset.chosen",
        target_kind="team",
        target_id=str(team_id),
        at=at,
        detail={"preset": preset},
        reason=row.reason,
    )
    return row
