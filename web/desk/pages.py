"""Reads for the desk's pages: everything that a template will need, asked for before it renders."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.access import AtDesk
from queues.selectors import ClaimView, DeskState
from web.desk import case_pages, wording
from web.desk.explaining import explanations, news
from web.desk.meanwhile import meanwhile
from web.desk.nothing import nothing_comes_because
from web.desk.other_work_pages import activities, other_work_page
from web.desk.shapes import BreakPage, Chip, DeskPage, UnsentDraft
from web.shared import moments
from web.shared.explaining import limit_name, sentence
from wellbeing.core.rules.breaks import NOTICE
from wellbeing.core.rules.limits import DAY_SECONDS
from wellbeing.core.selectors.desk import BreakView, DeskFacts, LimitFact, desk_facts
from wellbeing.core.selectors.severe_closes import rest_ahead
from wellbeing.core.selectors.wellness import wellness_time
from wellbeing.exceptions import Reached

EXTREME = 4
UNBEATEN = timedelta(minutes=10)
"""How long a page without a script may show a case before it asks again (WELLBEING 'Exposure')."""
LITTLE_SECONDS: Final = 120
"""With less left of a limit than this, a case may well need more: longer than most looks take (``moderation.rules.estimates``)."""
LOOKS_AGAIN: Final = timedelta(minutes=1)
LONG_ENOUGH_TO_PLAY = timedelta(minutes=15)
"""Breaks of this length offer the puzzle."""


@dataclass(frozen=True, slots=True)
class DeskVisit:
    """Who sits at the desk, when, and on which clock.

    ``is_confirmed``: they sign in as themselves; otherwise they work, and nothing that is theirs alone is told or changed.
    """

    subject: UUID
    at: datetime
    zone: ZoneInfo
    is_confirmed: bool = True


def desk_visit_of(person: AtDesk, at: datetime) -> DeskVisit:
    """Return the seat of a moderator; the zone is the one in force at *at*."""
    zone = "UTC"
    for period in person.zones:
        if period.effective_from <= at:
            zone = period.zone
    return DeskVisit(person.subject, at, ZoneInfo(zone), person.is_confirmed)


def closed_for_today() -> str:
    """Return what is said of whatever is closed, whoever closed it, to who may not be the person that it is about."""
    return _("That is closed for today.")


def desk_page(
    visit: DeskVisit, state: DeskState, *, picture: int = 1, met: str = "", unsent: UnsentDraft | None = None
) -> DeskPage:
    """Return the desk of *seat* as it is now.

    ``picture`` is which one is on the stage, from 1. ``met``: the claim that was shown once already, so a case that
    arrived while waiting is not announced again.
    """
    facts = desk_facts(state.person)
    if state.kind == "off":
        shown = _off(state)
    elif state.kind == "other_work":
        shown = other_work_page(state, is_told=visit.is_confirmed)
    elif state.claim is None:
        shown = _waiting(visit, state, facts)
    else:
        shown = _with_case(visit, state, state.claim, facts, picture=picture, met=met)
    return replace(
        shown,
        facts=head_facts(facts, state, visit),
        again_ms=_again_ms(facts, state, visit),
        unsent=unsent,
        activities=activities(state, is_told=visit.is_confirmed),
        walk_is_owed=facts.walk_is_owed,
    )


def _with_case(
    visit: DeskVisit, state: DeskState, claim: ClaimView, facts: DeskFacts, *, picture: int, met: str
) -> DeskPage:
    level = level_of(state)
    open_levels = _open_levels(state.kind, in_grace=facts.limit_grace_until is not None)
    is_fresh = (
        "grey" in open_levels and level == "covered" and claim.arrived_while_waiting and met != str(claim.id)
    )
    look = case_pages.Look(
        level,
        picture,
        frozenset() if is_fresh else open_levels,
        visit.zone,
        cost=_cost(visit, state, claim) if "grey" in open_levels else "",
    )
    case = case_pages.case_view(visit.subject, visit.at, state, look)
    number, why_closed = case.view.picture_number, _why_closed(state, facts, visit)
    return DeskPage(
        kind=state.kind,
        title=_("Desk"),
        template="desk/_case.html",
        rev=state.rev,
        may_step_away=True,
        case=case.view,
        claim_id=str(claim.id),
        exposure_id=str(state.exposure.id) if state.exposure and level != "covered" else "",
        level=level,
        is_fresh=is_fresh,
        may_unfold="text" in look.open_levels,
        refusal=why_closed,
        ladder_note=_ladder_note(level, open_levels, why_closed=why_closed),
        break_note=_break_note(facts, claim, visit),
        may_postpone=bool(state.open_break and state.open_break.may_postpone),
        saved_at=_saved(case.saved_at, visit),
        refresh_seconds=_refresh_seconds(state, claim, facts, level, visit.at),
        refresh_to=f"/desk/?picture={number}" if number > 1 else "/desk/",
    )


def level_of(state: DeskState) -> str:
    """Return what is on the stage; a break that is due covers. The caller has caught up with the clock before."""
    if state.exposure is None or state.kind != "case":
        return "covered"
    return state.exposure.level


def _open_levels(kind: str, *, in_grace: bool) -> frozenset[str]:
    """Return the steps of the ladder that are open: behind a reached limit, the shield alone comes back."""
    if kind != "case":
        return frozenset()
    return frozenset({"shielded"}) if in_grace else frozenset({"shielded", "grey", "colour", "text"})


def head_facts(facts: DeskFacts, state: DeskState, visit: DeskVisit) -> list[Chip]:
    """Return the few facts of the desk's head: what is left of the limits that allow least.

    The next break is none of them: it is said once, two minutes ahead, beside the case (WELLBEING.md 'Breaks').
    """
    if state.kind == "off" or not visit.is_confirmed:
        return []
    return [Chip(_left(fact, visit)) for fact in _binding(facts, frozenset(state.person.what_fits().fit))]


def _binding(facts: DeskFacts, open_now: frozenset[int]) -> list[LimitFact]:
    """Return the minutes that are said: used up, or less than what counts more has left, of a severity that is open now."""
    by_name = {fact.name: fact for fact in facts.limits}
    found: list[LimitFact] = []
    least = by_name["seconds_3"].left + 1
    for name, severity in (("seconds_1", 1), ("seconds_3", 3), ("seconds_4", 4)):
        fact = by_name[name]
        if fact.left < least and _counts(fact) and (fact.left <= 0 or severity in open_now):
            found.append(fact)
        least = min(least, fact.left)
    return found


def break_page(
    visit: DeskVisit, state: DeskState, *, longer: bool = False, handed_back: str = ""
) -> BreakPage | None:
    """Return the rest that is running, or None. ``handed_back``: the claim that 'this was too much' ended, if any."""
    rest = state.open_break
    if state.kind != "break" or rest is None:
        return None
    lines = _reasons(rest) if not longer and visit.is_confirmed else []
    lines += [_until(visit)] if state.person.is_wellness_time and visit.is_confirmed else []
    untold = _("Your lead is not told.")
    waits = _("Your case and your draft wait for you.") if state.has_parked_claim else ""
    lines.append(f"{untold} {waits}".strip())
    may_keep = handed_back if rest.cause == "too_much" and not state.has_parked_claim else ""
    heading, lead_in = _break_heading(rest, visit, longer=longer)
    left = (rest.back_at - visit.at) if rest.back_at else timedelta(0)
    return BreakPage(
        rev=state.rev,
        lead_in=lead_in,
        heading=heading,
        lines=[line for line in lines if line],
        may_return=rest.may_finish,
        may_take_longer=not longer and rest.cause != "step_away" and visit.is_confirmed,
        opens_seconds=0 if rest.may_finish else max(5, int(left.total_seconds()) + 1),
        may_puzzle=rest.length >= LONG_ENOUGH_TO_PLAY,
        may_keep=may_keep,
    )


def _until(visit: DeskVisit) -> str:
    """Say how long wellness time lasts, as a clock time."""
    until = wellness_time(visit.subject, at=visit.at).until
    if until is None or until <= visit.at:
        return _("Today’s wellness time is used. You are simply away now, as long as you like.")
    return _("Wellness time until %(time)s. After that you are simply away, as long as you like.") % {
        "time": wording.clock(until, visit.zone)
    }


def _off(state: DeskState) -> DeskPage:
    return DeskPage(
        kind="off",
        title=_("Desk"),
        template="desk/_off.html",
        rev=state.rev,
        may_step_away=False,
        sentence=_("You are not at the desk"),
        lines=[_("Start when you are ready. From then on all of it is working time, waiting too.")],
    )


def _waiting(visit: DeskVisit, state: DeskState, facts: DeskFacts) -> DeskPage:
    if facts.walk_is_owed:
        return _walk_is_owed(state)
    if not visit.is_confirmed:
        return replace(_waiting_untold(state), break_note=_break_at(facts, visit))
    explained = explanations(state.person, at=visit.at, zone=visit.zone)
    because = nothing_comes_because(state, at=visit.at, zone=visit.zone)
    told = news(explained) + news(because.explained)
    nothing = _("Nothing that may come to you now is waiting.") if told else _("Nothing is waiting for you.")
    instead = meanwhile(state.person, at=visit.at, zone=visit.zone, short=because.short)
    page = _nothing_on_it(state, nothing, told + instead)
    return replace(page, explained=explained + because.explained, break_note=_break_at(facts, visit))


def _nothing_on_it(state: DeskState, nothing: str, lines: Sequence[str] = ()) -> DeskPage:
    """Return the desk of a person who waits; *nothing*: in a sentence, that nothing comes."""
    return DeskPage(
        kind=state.kind,
        title=_("Waiting"),
        template="desk/_waiting.html",
        rev=state.rev,
        may_step_away=True,
        sentence=f"{nothing} {_('Waiting is working time.')}",
        lines=[*lines] or [_("A case that comes is announced here. It does not show itself.")],
    )


def _walk_is_owed(state: DeskState) -> DeskPage:
    """Return the desk of a new starter before the walk: what waits, or is closed, is not the reason that nothing comes."""
    page = _nothing_on_it(state, "")
    return replace(page, title=_("The first day"), sentence=_("First the walk, then cases"), lines=[])


def _waiting_untold(state: DeskState) -> DeskPage:
    """Return the same sentence whether nothing waits, something is closed, or this person keeps it away."""
    return _nothing_on_it(state, _("Nothing is waiting for you, or it is closed for today."))


def _limit_line(fact: LimitFact, visit: DeskVisit) -> str:
    reached = Reached(name=fact.name, value=fact.value, scope=fact.scope, until=fact.until)
    return sentence(reached, at=visit.at, zone=visit.zone)


def _counts(fact: LimitFact) -> bool:
    return fact.value > 0 and (fact.name != "seconds_4" or fact.used > 0)


def _left(fact: LimitFact, visit: DeskVisit) -> str:
    if fact.left <= 0:
        return _limit_line(fact, visit)
    minutes = fact.left // 60
    if minutes < 1:
        return _("%(what)s: under 1 min left today") % {"what": limit_name(fact.name)}
    return ngettext(
        "%(what)s: %(minutes)d min left today", "%(what)s: %(minutes)d min left today", minutes
    ) % {"what": limit_name(fact.name), "minutes": minutes}


def _why_closed(state: DeskState, facts: DeskFacts, visit: DeskVisit) -> str:
    rest = state.open_break
    if state.kind == "break_due" and rest is not None:
        until = wording.clock(rest.decide_until, visit.zone) if rest.decide_until else ""
        return _("A break is due. You can decide this case until %(time)s; then it waits for you.") % {
            "time": until
        }
    if facts.limit_grace_until is None:
        return ""
    reached = (
        next(iter(news(explanations(state.person, at=visit.at, zone=visit.zone))), "")
        if visit.is_confirmed
        else closed_for_today()
    )
    until = wording.clock(facts.limit_grace_until, visit.zone)
    may = _("You can decide this case until %(time)s, behind its shield, or hand it back.") % {"time": until}
    then = meanwhile(state.person, at=visit.at, zone=visit.zone) if visit.is_confirmed else []
    return " ".join(part for part in (reached, may, *then) if part)


def _cost(visit: DeskVisit, state: DeskState, claim: ClaimView) -> str:
    """Say before it is taken what a step costs that is clearer than the shield; empty below severity 4. Two queries there."""
    if claim.severity < EXTREME or not visit.is_confirmed:
        return ""
    minutes = -(-int(rest_ahead(state.person, claim.case_ref).total_seconds()) // 60)
    return ngettext(
        "From 10 s on, a rest of %(minutes)d min follows",
        "From 10 s on, a rest of %(minutes)d min follows",
        minutes,
    ) % {"minutes": minutes}


def _ladder_note(level: str, open_levels: frozenset[str], *, why_closed: str) -> str:
    """Say what the step that is taken does."""
    if "grey" not in open_levels:
        if level == "shielded":
            return why_closed  # covered, the stage itself says it
        return _("You can decide from here, or hand the case back.")
    return {
        "covered": _("Looking is optional. You can decide from here."),
        "shielded": _("Looking is optional. You can decide from here."),
        "colour": _("Back to grey after 10 s. Hold C, or press it again, to keep it."),
    }.get(level, _("Esc covers it at once."))


def _break_note(facts: DeskFacts, claim: ClaimView, visit: DeskVisit) -> str:
    """Say a break two minutes ahead: as a clock time, and of a block, whose minutes run only while it is shown, as the next."""
    if facts.block_from is not None and claim.severity >= facts.block_from:
        return _("A break comes after this case or the next.")
    return _break_at(facts, visit)


def _break_at(facts: DeskFacts, visit: DeskVisit) -> str:
    """Say the break after time at the desk, two minutes ahead; nothing before."""
    if not facts.break_is_near or facts.next_break_at is None:
        return ""
    return _("A break comes at %(time)s.") % {"time": wording.clock(facts.next_break_at, visit.zone)}


def _again_ms(facts: DeskFacts, state: DeskState, visit: DeskVisit) -> int:
    """Return in how many ms there may be something new to say; 0 where nothing is expected.

    That is the next break, if it is not said already; and at a desk that waits, that too little of a limit is left for
    what came meanwhile: a case that cannot be handed over announces itself to nobody.
    """
    soon = [LOOKS_AGAIN] if _may_have_too_little(facts, state, visit) else []
    if facts.next_break_at is not None and not facts.break_is_near:
        soon.append(facts.next_break_at - NOTICE - state.person.at)
    return int(min(soon) / timedelta(milliseconds=1)) + 1 if soon else 0


def _may_have_too_little(facts: DeskFacts, state: DeskState, visit: DeskVisit) -> bool:
    if state.kind != "waiting" or not visit.is_confirmed:
        return False
    return any(fact.name in DAY_SECONDS and 0 < fact.left < LITTLE_SECONDS for fact in facts.limits)


def _saved(saved_at: datetime | None, visit: DeskVisit) -> str:
    return _("saved %(time)s") % {"time": wording.clock(saved_at, visit.zone)} if saved_at else ""


def _refresh_seconds(state: DeskState, claim: ClaimView, facts: DeskFacts, level: str, at: datetime) -> int:
    """Return after how many seconds a page without a script must ask again: nothing outlives its permission (P4)."""
    if level == "covered" or state.exposure is None:
        return 0
    ends = [UNBEATEN]
    if state.exposure.falls_back_at is not None:
        ends.append(state.exposure.falls_back_at - at)
    ends += [
        timedelta(seconds=fact.left)
        for fact in facts.limits
        if fact.left > 0 and _counts_towards(fact, claim.severity)
    ]
    known = (facts.next_break_at, facts.limit_grace_until, state.exposure.covers_at)
    ends += [end - at for end in known if end is not None]
    if facts.next_break_at is not None and not facts.break_is_near:
        ends.append(facts.next_break_at - NOTICE - at)
    return max(1, int(min(ends).total_seconds()))


def _counts_towards(fact: LimitFact, severity: int) -> bool:
    """Tell whether seconds of *severity* count towards a limit ``seconds_1``, ``seconds_3`` or ``seconds_4``."""
    kind, _sep, floor = fact.name.partition("_")
    return kind == "seconds" and floor.isdigit() and severity >= int(floor)


def _break_heading(rest: BreakView, visit: DeskVisit, *, longer: bool) -> tuple[str, str]:
    """Return heading and the line above it."""
    lead_in = _("A break. It is working time.")
    if rest.cause == "step_away" and visit.is_confirmed:
        return _("Back whenever you like"), _("Away from the desk. It is working time.")
    if rest.may_finish:
        return _("Back whenever you are ready"), lead_in
    time = moments.from_then(rest.back_at, visit.zone) if rest.back_at else ""
    if longer:
        return _("After %(time)s, whenever you are ready") % {"time": time}, lead_in
    return _("Back at %(time)s, or later") % {"time": time}, lead_in


def _reasons(rest: BreakView) -> list[str]:
    """Return why a rest is due and why it is as long as it is: several became one, or it is the third."""
    third = _("Every third break is a longer one.") if rest.is_third else ""
    also = _("It is your break from the desk as well.") if rest.with_work and rest.cause != "work" else ""
    return [line for line in (_because(rest), also, third) if line]


def _because(rest: BreakView) -> str:
    return {
        "work": _("That was enough time at the desk for one stretch."),
        "load": _("What was shown since your last break weighs enough for one stretch."),
        "severe": _("That was enough of severity 3 for one stretch."),
        "extreme": _("That was enough of severity 4 for one stretch."),
        "long": _("A longer one this time: the last is a while ago."),
        "colour": _("That case was severity 4, seen clearer than its shield. A rest follows it."),
        "cluster": _("Three cases of severity 4 came close together."),
        "too_much": _("You said that it was too much. That was right. Stay as long as you want."),
    }.get(rest.cause, "")
