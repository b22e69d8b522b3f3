"""The contracts with a counsellor that are or were on record, and who works by them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from people.selectors import members_of
from wellbeing.models import CounsellorContract, Preset, TeamPreset


@dataclass(frozen=True)
class ContractLine:
    """One contract. ``has_ended``: its last day is past, or it was ended before (``ended_at``)."""

    id: UUID
    counsellor: str
    from_on: date
    until_on: date
    recorded_by: str
    recorded_at: datetime
    ended_by: str
    ended_at: datetime | None
    has_ended: bool


def contract_lines(*, today: date) -> list[ContractLine]:
    """Return every contract, the one that lasts longest first; *today* on the reader's clock. One query."""
    return [
        ContractLine(
            id=row.pk,
            counsellor=row.counsellor,
            from_on=row.from_on,
            until_on=row.until_on,
            recorded_by=row.recorded_by,
            recorded_at=row.recorded_at,
            ended_by=row.ended_by,
            ended_at=row.ended_at,
            has_ended=row.ended_at is not None or row.until_on < today,
        )
        for row in CounsellorContract.objects.order_by("-until_on", "-recorded_at", "id")
    ]


def is_on_record(*, today: date) -> bool:
    """Say whether a contract covers *today* and was not ended; one query."""
    return CounsellorContract.objects.filter(
        ended_at__isnull=True, from_on__lte=today, until_on__gte=today
    ).exists()


def specialist_teams() -> list[int]:
    """Return the teams whose preset that was chosen last is ``specialist``; one query."""
    chosen = dict(TeamPreset.objects.order_by("id").values_list("team_id", "preset"))
    return sorted(team for team, preset in chosen.items() if preset == Preset.SPECIALIST)


def specialists(*, at: datetime) -> list[UUID]:
    """Return everybody in such a team."""
    return [subject for team in specialist_teams() for subject in members_of(team, at=at)]
