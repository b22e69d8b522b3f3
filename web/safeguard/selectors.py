"""Reads for the safeguard's pages: everything that a template will need, asked for before it renders."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.selectors.taxonomy import categories_as_written, categories_in_force
from people.rules.resets import CONFIRMERS
from people.rules.roles import AUDITOR, MODERATOR, REPRESENTATIVE, WELLBEING_OFFICER, may_sign_together
from people.selectors import (
    has_representative,
    nobody_elected_from,
    shield_as_written,
    shield_in_force,
)
from people.selectors.resets import reset_counts
from people.sign_in.tenure import named_too_lately
from web.safeguard import pages, wording
from web.safeguard.doors import Reader
from web.shared.contracts import on_record
from web.shared.moments import moment
from web.shared.names import Names
from web.shared.reminders import review_reminder
from wellbeing.core.selectors.load_models import newest_weights, weights_in_force
from wellbeing.limits.rules.announcing import ends_at
from wellbeing.limits.selectors.overview import (
    ProposalLine,
    announced_proposals,
    ceiling_lines,
    objects_to,
    open_proposals,
    proposal_history,
)


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """One thing that may change, and what its reader may do about it."""

    label: str
    now: str
    waits: str
    rule: str
    may_tighten: bool
    may_propose: bool
    open_proposal: UUID | None


def safeguard_page(reader: Reader, *, at: datetime) -> dict[str, Any]:
    """Return what the page shows."""
    now, opened, ended = categories_in_force(at=at), open_proposals(at), proposal_history()
    announced = announced_proposals(at)
    labels = {code: one.label for code, one in now.items()}
    names = Names(pages.people_of([*opened, *announced, *ended]))
    may_change = reader.guardian is not None or reader.may_tighten
    return {
        "announced": pages.proposal_rows(announced, labels, names),
        "proposals": pages.proposal_rows(opened, labels, names),
        "history": pages.proposal_rows(ended, labels, names),
        "parts": [
            pages.ceilings(ceiling_lines(at), may_change=reader.guardian is not None),
            pages.categories(now, categories_as_written(at=at), may_change=may_change),
            pages.weights(weights_in_force(at), newest_weights(), may_change=may_change),
            pages.shields(shield_in_force(at=at), shield_as_written(), may_change=may_change),
        ],
        "contracts": on_record(localdate(at)),
        "who_signs": _who_signs(at),
        "your_part": _your_part(reader),
        "is_auditor": AUDITOR in reader.held,
        "waits": named_too_lately(reader.waits) if reader.waits else "",
        "reminder": _reminder(reader, at),
        "sign_ins": _sign_ins(reader, at),
    }


def subject_page(reader: Reader, kind: str, target: str, stands: Any, *, at: datetime) -> SubjectPage:
    """Return one thing and what the reader may do. *stands*: what was written last, which may still wait for its day."""
    holds = _in_force(kind, target, at)
    undecided = [*open_proposals(at), *announced_proposals(at)]
    opened = [one.id for one in undecided if (one.kind, one.target) == (kind, target)]
    labels = {code: one.label for code, one in categories_in_force(at=at).items()}
    return SubjectPage(
        label=wording.label(kind, target, labels),
        now=wording.value(kind, target, holds),
        waits="" if holds == stands else wording.value(kind, target, stands),
        rule=_rule(kind),
        may_tighten=reader.may_tighten and kind != wording.CEILING,
        may_propose=reader.guardian is not None and not opened,
        open_proposal=opened[0] if opened else None,
    )


def _in_force(kind: str, target: str, at: datetime) -> Any:
    """Return the plain value that holds now."""
    match kind:
        case wording.CEILING:
            return next(line.ceiling for line in ceiling_lines(at) if line.name == target)
        case wording.CATEGORY:
            one = categories_in_force(at=at)[target]
            return {"severity": one.severity, "flags": one.flags, "is_enabled": one.is_enabled}
        case wording.WEIGHT:
            return weights_in_force(at).weights[wording.severity_of(target)]
    shield = shield_in_force(at=at)
    return shield.start if target == "start_samples" else shield.floor


def proposal_page(
    reader: Reader, subject: str, proposal_id: UUID, *, is_themselves: bool, at: datetime
) -> dict[str, Any] | None:
    """Return one proposal and what the reader may do about it; None if there is no such proposal.

    Whether somebody objects is theirs alone, so it is told to nobody who is not surely they (``is_themselves``).
    """
    known = [*open_proposals(at), *announced_proposals(at), *proposal_history()]
    line = next((one for one in known if one.id == proposal_id), None)
    if line is None:
        return None
    labels = {code: one.label for code, one in categories_in_force(at=at).items()}
    why_not = _why_not(reader, subject, line, at)
    return {
        "proposal": pages.proposal_row(
            line, labels, Names(pages.people_of([line])), elected=has_representative(at=at)
        ),
        "may_sign": reader.guardian is not None and line.state == "open" and not why_not,
        "may_withdraw": reader.guardian is not None and line.state in {"open", "announced"},
        "may_object": is_themselves and _may_object(reader, line, at),
        "objects": is_themselves and MODERATOR in reader.held and objects_to(UUID(subject), proposal_id),
        "objection_is_closed": not is_themselves and _may_object(reader, line, at),
        "why_not": why_not,
    }


def _may_object(reader: Reader, line: ProposalLine, at: datetime) -> bool:
    """Say whether somebody who judges may object to this now, or object no more."""
    if MODERATOR not in reader.held or line.state != "announced" or line.announced_at is None:
        return False
    return at < ends_at(line.announced_at)


def _why_not(reader: Reader, subject: str, line: ProposalLine, at: datetime) -> str:
    """Return why a guardian who reads this cannot be the second person; nothing if they can, or are no guardian."""
    if reader.waits is not None and line.state == "open":
        return named_too_lately(reader.waits)
    if reader.guardian is None or line.state != "open":
        return ""
    if line.proposed_by == subject:
        return _("You proposed it, so somebody else signs.")
    elected = has_representative(at=at)
    fits = [may_sign_together(line.proposed_as, role, has_representative=elected) for role in reader.held]
    return "" if any(fits) else _who_signs(at)


def _reminder(reader: Reader, at: datetime) -> str:
    """Say that the limits are to be reviewed, two weeks ahead and when overdue, to those who hold the review."""
    if not reader.held & {WELLBEING_OFFICER, REPRESENTATIVE}:
        return ""
    reminder = review_reminder(localdate(at))
    return reminder.sentence if reminder.is_due else ""


def _sign_ins(reader: Reader, at: datetime) -> list[str]:
    """Tell officers and representatives how often sign-ins were set anew by somebody else: counts, no names."""
    if reader.guardian is None or not reader.held & {*CONFIRMERS}:
        return []
    counts = reset_counts(at=at)
    made = ngettext(
        "In 12 months %(count)d sign-in was set anew by somebody else.",
        "In 12 months %(count)d sign-ins were set anew by somebody else.",
        counts.made,
    )
    waiting = ngettext(
        "%(count)d person waits for a confirmation.",
        "%(count)d people wait for a confirmation.",
        counts.waiting,
    )
    return [made % {"count": counts.made}, waiting % {"count": counts.waiting}]


def _who_signs(at: datetime) -> str:
    if has_representative(at=at):
        ended = nobody_elected_from(at=at)
        both = _("Two people sign: the wellbeing officer and a representative.")
        if ended is None:
            return both
        return _(
            "%(both)s The last representative’s role has ended; until %(moment)s nobody signs in their place."
        ) % {"both": both, "moment": moment(ended)}
    return _(
        "Two people sign: the wellbeing officer and, while nobody is elected representative, a second officer or the "
        "operator. A looser ceiling is then announced to everybody 14 days before, and void when a third of the moderators "
        "object."
    )


def _your_part(reader: Reader) -> str:
    if reader.guardian is not None and reader.may_tighten:
        return _("You may tighten, propose, and sign what somebody else proposed.")
    if reader.guardian is not None:
        return _("You may propose, and sign what somebody else proposed.")
    return _("You may tighten categories, weights and the shield.") if reader.may_tighten else ""


def _rule(kind: str) -> str:
    if kind == wording.CEILING:
        return _(
            "Nothing changes before a second person signs. Tighter then holds at once, looser from the next local day."
        )
    return _(
        "What protects more is set now and holds at once. What protects less is proposed; a second person signs."
    )
