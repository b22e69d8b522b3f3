"""The contracts with an independent counsellor in words."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from web.officer import wording
from web.shared.contracts import term
from web.shared.names import Names
from wellbeing.limits.selectors.contracts import ContractLine, contract_lines


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One contract: with whom, from when until when, and who put it on record and ended it."""

    id: UUID
    counsellor: str
    term: str
    recorded: str


@dataclass(frozen=True, slots=True)
class ContractPage:
    """What is on record, and what was."""

    current: list[ContractRow]
    ended: list[ContractRow]


def contract_page(today: date) -> ContractPage:
    """Return all contracts on the clock of the reader; two queries."""
    lines = contract_lines(today=today)
    names = Names({who for line in lines for who in (line.recorded_by, line.ended_by) if who})
    return ContractPage(
        current=[_row(line, names) for line in lines if not line.has_ended],
        ended=[_row(line, names) for line in lines if line.has_ended],
    )


def _row(line: ContractLine, names: Names) -> ContractRow:
    recorded = _("On record since: %(who)s.") % {"who": wording.by(names, line.recorded_by, line.recorded_at)}
    if line.ended_at is not None:
        ended = _("Ended before its last day: %(who)s.")
        recorded = f"{recorded} {ended % {'who': wording.by(names, line.ended_by, line.ended_at)}}"
    return ContractRow(line.id, line.counsellor, term(line.from_on, line.until_on), recorded)
