"""Under which preset a team works, and what another one would change: for the lead who chooses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from wellbeing.core.rules.names import is_looser
from wellbeing.limits.rules import presets
from wellbeing.limits.selectors.contracts import is_on_record
from wellbeing.limits.selectors.overview import LimitLine, team_limits
from wellbeing.models import LimitRow, LimitScope, TeamPreset


@dataclass(frozen=True)
class Chosen:
    """The preset of a team: since when, by whom (a subject, or ``system``) and why. ``row`` is its key, 0 if none was chosen."""

    preset: str
    row: int = 0
    set_at: datetime | None = None
    set_by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class PresetChange:
    """One limit that would change: what holds, what would, and whether that is looser.

    Where both are the same, a looser value that waits would be taken back.
    """

    name: str
    before: int
    after: int
    is_looser: bool


@dataclass(frozen=True)
class PresetLine:
    """What one preset would mean for a team at this moment.

    ``values``: limit → value that the team would have. ``above``: limit → (value, ceiling) of what the organisation does
    not allow; if it is not empty, it cannot be chosen. ``lacks_contract``: nor can ``specialist`` without a counsellor's.
    """

    preset: str
    is_chosen: bool
    changes: list[PresetChange]
    above: Mapping[str, tuple[int, int]]
    values: Mapping[str, int]
    lacks_contract: bool = False

    @property
    def needs_reason(self) -> bool:
        """Say whether anything loosens."""
        return any(change.is_looser for change in self.changes)


@dataclass(frozen=True)
class TeamPresets:
    """All presets for one team; ``seen`` is the newest limit of the team: whoever chooses says what they saw.

    ``has_own_limits``: every limit has a value of the team's own; for one that has not, a raised ceiling holds as well.
    """

    chosen: Chosen
    lines: list[PresetLine]
    seen: int
    has_own_limits: bool


def preset_of(team_id: int) -> Chosen:
    """Return the preset that was chosen last; ``default`` where none was; one query."""
    row = TeamPreset.objects.filter(team_id=team_id).order_by("id").last()
    return Chosen(presets.DEFAULT) if row is None else _chosen(row)


def preset_history(team_id: int) -> list[Chosen]:
    """Return every preset that was chosen for a team, newest first; one query."""
    rows = TeamPreset.objects.filter(team_id=team_id).order_by("-id")
    return [_chosen(row) for row in rows]


def newest_limit_of(team_id: int) -> int:
    """Return the key of the newest value of a team, 0 if it has none; one query."""
    rows = LimitRow.objects.filter(scope=LimitScope.TEAM, scope_ref=str(team_id))
    return rows.order_by("id").values_list("pk", flat=True).last() or 0


def presets_for(team_id: int, *, at: datetime) -> TeamPresets:
    """Return what each preset would change for a team; eight queries, whatever the number of limits."""
    chosen, seen = preset_of(team_id), newest_limit_of(team_id)
    lines = team_limits(team_id, at)
    has_contract = is_on_record(today=at.astimezone(UTC).date())
    return TeamPresets(
        chosen,
        [_preset_line(preset, chosen, lines, has_contract=has_contract) for preset in presets.PRESETS],
        seen,
        all(line.last_seen for line in lines),
    )


def _chosen(row: TeamPreset) -> Chosen:
    return Chosen(row.preset, row.pk, row.set_at, row.set_by, row.reason)


def _preset_line(preset: str, chosen: Chosen, lines: list[LimitLine], *, has_contract: bool) -> PresetLine:
    ceilings = {line.name: line.ceiling for line in lines}
    values = presets.values_under(preset, ceilings)
    above = presets.above_ceiling(preset, ceilings)
    return PresetLine(
        preset=preset,
        is_chosen=chosen.row > 0 and chosen.preset == preset,
        changes=[
            _change(line, values[line.name]) for line in lines if _would_change(line, values[line.name])
        ],
        above={name: (value, ceilings[name]) for name, value in above.items()},
        values=values,
        lacks_contract=preset == presets.SPECIALIST and not has_contract,
    )


def _would_change(line: LimitLine, value: int) -> bool:
    return value != line.value or line.waiting not in {None, value}


def _change(line: LimitLine, value: int) -> PresetChange:
    return PresetChange(line.name, line.value, value, is_looser(line.name, value, line.value))
