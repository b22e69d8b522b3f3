"""A person's claim on a job: taken, checked, given back, closed.

A claim row is written only under its holder's wellbeing row, and a job's state only under the job's own lock.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from people.statements import Part, Row, change_and_read
from queues.exceptions import ClaimLost, JobMoved, LimitReached, NotYourClaim, OnBreak
from queues.models import Claim, ClaimState, Job, JobState
from queues.rules.lanes import OpenLane
from queues.selectors.claims import open_claim, own_claim
from queues.services import claim_rows, lanes, offers, picking, returns, tickets
from queues.services.queue_facts import QueueFacts, queue_facts_from, queue_facts_part
from queues.statements import CLOSE_CLAIM, CLOSE_JOB
from wellbeing.core.locked import Locked
from wellbeing.core.selectors.allowance import allowance
from wellbeing.core.services import attendance, breaks, exposure, locking, presence, turns
from wellbeing.exceptions import Reached

ATTEMPTS = 8


class Outcome(NamedTuple):
    """What one attempt came to: a claim, nothing, or a job that an older ticket must be asked about first."""

    claim: Claim | None = None
    to_offer: Job | None = None


class Asks(NamedTuple):
    """How somebody asks for a case. ``while_waiting``: nobody does, it arrives by itself. ``waits``: whether others may be
    asked before, or waited for; in an act that has locked more than its person's row they may not.
    """

    beating: bool
    while_waiting: bool = False
    waits: bool = True


class Found(NamedTuple):
    """What the person who decided found a case to be that nobody had labelled: it counts for them alone."""

    category: str
    severity: int


def claim_next(*, subject: UUID, at: datetime, beating: bool, while_waiting: bool = False) -> Claim | None:
    """Hand the person their next job: the live claim they have, else the parked one, else a new one.

    None means that nothing may be handed out now; the person then holds a ticket, or is on a break.
    Runs its own transactions; ``beating`` tells whether the desk sends beats, ``while_waiting`` that
    nobody asked and the case arrives by itself.
    """
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                read_with_it = [queue_facts_part(subject=subject, at=at)]
                with locking.holding(
                    subject=subject, at=at, read_with_it=read_with_it, heard=not while_waiting
                ) as locked:
                    outcome = _attempt(locked=locked, beating=beating, while_waiting=while_waiting)
                if attempt and outcome.claim is not None:
                    _say_how_it_came(outcome.claim, while_waiting=while_waiting)
        except (JobMoved, IntegrityError):
            continue
        if outcome.to_offer is None:
            return outcome.claim
        offers.offer_by_id(job_id=outcome.to_offer.pk, at=at)
    return None


def _attempt(*, locked: Locked, beating: bool, while_waiting: bool) -> Outcome:
    queue_facts = queue_facts_from(*locked.read_with_it)
    claim = returns.catch_up(locked=locked, claim=queue_facts.claim)
    asks = Asks(beating=beating, while_waiting=while_waiting)
    return hand_out(locked=locked, queue_facts=queue_facts, claim=claim, asks=asks)


def hand_out(*, locked: Locked, queue_facts: QueueFacts, claim: Claim | None, asks: Asks) -> Outcome:
    """Hand out the next case in the caller's transaction: *claim* if it is live or may be taken up, else a new one.

    ``queue_facts``: as it was read under this lock; ``claim``: what is left of it, with whatever was overdue done.

    Raises:
        JobMoved, IntegrityError: the pick is undone, and begins again. JobMoved also where others must be asked or waited
            for, and *asks* does not.
    """
    is_in_hand = claim is not None and claim.state == ClaimState.LIVE
    if not asks.while_waiting:
        _sit_down(locked, beating=asks.beating, is_in_hand=is_in_hand)
    if is_in_hand:
        return Outcome(claim)
    eligibility = lanes.eligibility_of(locked=locked)
    if not eligibility.is_open or locked.presence is None:  # closed by a long absence: a beat opens no desk
        tickets.drop(subject=locked.subject)
        return Outcome()
    if claim is not None:
        if _may_take_up(eligibility, claim):
            return Outcome(claim_rows.take_up(locked=locked, claim=claim))
        returns.give_back(locked=locked, claim=claim, reason="limit")
    return _pick(locked=locked, queue_facts=queue_facts, eligibility=eligibility, asks=asks)


def _sit_down(locked: Locked, *, beating: bool, is_in_hand: bool) -> None:
    """Whoever asks is there: at a desk that they open by it, or back from a break whose length has passed."""
    if locked.presence is None and not is_in_hand:
        presence.open_desk(locked=locked, beating=beating)
        return
    attendance.touch(locked)
    breaks.finish_if_kept(locked=locked)


def _pick(*, locked: Locked, queue_facts: QueueFacts, eligibility: lanes.Eligibility, asks: Asks) -> Outcome:
    first, terms = queue_facts.first, lanes.lanes_for(queue_facts, eligibility)
    job = picking.pick(
        lanes=terms,
        subject=locked.subject,
        at=locked.wall_at,
        opted_out=eligibility.allowed.opt_outs,
        waits=asks.waits,
        by_bookmarks=queue_facts.has_bookmarks,
    )
    if job is None:
        terms = lanes.lanes_for(queue_facts, lanes.eligibility_past_the_break(eligibility, locked=locked))
        job = _pick_past_the_break(locked=locked, queue_facts=queue_facts, terms=terms)
    if job is None and locked.on_break:
        return Outcome()
    if job is None:
        return _wait(locked)
    lanes.know_lane(job, of=queue_facts)
    if first not in {None, locked.subject} and tickets.older(
        job=job, subject=locked.subject, at=locked.wall_at
    ):
        if not asks.waits:
            raise JobMoved
        Job.objects.filter(pk=job.pk).update(state=JobState.OFFERING)
        return _wait(locked)._replace(to_offer=job)
    _require_lane(job, of=terms)
    if lanes.passes(terms, job, at=locked.wall_at):
        turns.pass_once(locked)
    claim = claim_rows.take(locked=locked, job=job, arrived_while_waiting=asks.while_waiting)
    if first is not None:
        tickets.drop(subject=locked.subject)
    return Outcome(claim)


def _pick_past_the_break(*, locked: Locked, queue_facts: QueueFacts, terms: Sequence[OpenLane]) -> Job | None:
    """Pick the shortest of what waits, where nothing fits before the next break; from half of that on, it comes now."""
    opted_out = allowance(locked).opt_outs
    job = picking.pick_shortest(lanes=terms, subject=locked.subject, at=locked.wall_at, opted_out=opted_out)
    if job is None:
        return None
    severity = next((lane.severity for lane in queue_facts.lanes if lane.id == job.lane_id), 0)
    cause, comes_now = locked.break_in_the_way(severity=severity)
    if not comes_now:
        return job
    picking.put_back(job=job)
    breaks.come_now(locked=locked, cause=cause)
    claim_rows.begin_rest(locked=locked)
    return None


def _require_lane(job: Job, *, of: Sequence[OpenLane]) -> None:
    """Refuse a job that was raised into another lane while the pick waited for it: it is not for everybody any more.

    Raises:
        JobMoved: the pick is undone, and begins again.
    """
    if job.lane_id not in {lane.id for lane in of}:
        raise JobMoved


def _wait(locked: Locked) -> Outcome:
    claim_rows.sit(locked=locked, kind=claim_rows.WAITING)
    tickets.keep(subject=locked.subject, at=locked.wall_at)
    return Outcome()


def _may_take_up(eligibility: lanes.Eligibility, claim: Claim) -> bool:
    """Tell whether a parked case comes back: not where a cap or an opt-out has come between, the case's new label too."""
    if lanes.is_kept_away(claim.job, eligibility.allowed.opt_outs):
        return False
    if eligibility.allowed.mild_only is not None:
        return returns.is_mild(claim.job)
    return claim.job.lane.severity not in eligibility.allowed.closed_by


def _say_how_it_came(claim: Claim, *, while_waiting: bool) -> None:
    claim.arrived_while_waiting = while_waiting
    claim.save(update_fields=["arrived_while_waiting"])


def require(*, locked: Locked, claim_id: UUID, fence: int, known: Claim | None = None) -> Claim:
    """Return the live claim of this person, with job and lane, ready to be acted on (read under the person's lock).

    ``known``: the claim that was read under this lock already, if it is the one that is asked for.

    Raises:
        NotYourClaim: no such claim, or another person's.
        ClaimLost: it is no longer live, its lease ran out, or the fence is another's.
        OnBreak: a break runs, or its five minutes to decide are over; of a case that 'this was too much' handed back
            as well, while that break runs.
        LimitReached: the five minutes after a limit are over that closes this case.
    """
    claim = (
        known
        if known is not None and known.pk == claim_id
        else own_claim(subject=locked.subject, claim_id=claim_id)
    )
    if claim is None:
        raise NotYourClaim
    rests = claim_rows.must_rest_now(locked=locked)
    went_back_for_it = claim.closed_reason == claim_rows.TOO_MUCH and rests
    if (claim.state == ClaimState.CLOSED and not went_back_for_it) or claim.fence != fence:
        raise ClaimLost
    if rests:
        raise allowance(locked).refusal or OnBreak()
    if claim.state != ClaimState.LIVE or claim.lease_until <= locked.wall_at:
        raise ClaimLost
    if returns.grace_is_over(locked=locked, claim=claim):
        reached = _keeps_off(locked, claim)
        raise LimitReached(reached) if reached is not None else ClaimLost
    return claim


def _keeps_off(locked: Locked, claim: Claim) -> Reached | None:
    """Return the limit or cap that has come over the case in hand."""
    return locked.forbids_look(severity=claim.job.lane.severity, was_counted=True)


def finish(
    *, locked: Locked, claim_id: UUID, fence: int, known: Claim | None = None, found: Found | None = None
) -> Claim:
    """Close the claim and its job because the case was decided; see ``finish_then``."""
    return finish_then([], locked=locked, claim_id=claim_id, fence=fence, known=known, found=found)[0]


def finish_then(
    then: Sequence[Part],
    *,
    locked: Locked,
    claim_id: UUID,
    fence: int,
    known: Claim | None = None,
    found: Found | None = None,
) -> tuple[Claim, list[Row | None]]:
    """Close the claim and its job because the case was decided, in the caller's transaction.

    Locks the job. ``then``: what is run after it in the same round trip, and yields a row each; returned with the claim.
    Raises, and takes ``known``, as ``require`` does. The severity that counts is that of the job's lane: call
    ``jobs.relabel`` before, when the decision raises it; or that of ``found``. A due break begins with this; else the desk
    goes on reviewing until the person asks for more and nothing is there.
    """
    claim = require(locked=locked, claim_id=claim_id, fence=fence, known=known)
    job = claim.job
    mine = {"job_id": job.pk, "fence": fence}
    live = {"claim_id": claim_id, "fence": fence, "at": locked.wall_at}
    counts, rows = change_and_read([(CLOSE_JOB, mine), (CLOSE_CLAIM, live)], then)
    if counts != [1, 1]:
        raise ClaimLost
    claim.state, claim.closed_at, claim.closed_reason = ClaimState.CLOSED, locked.wall_at, "decided"
    as_found = found or Found(job.lane.category, job.lane.severity)
    exposure.close_look(
        locked=locked,
        case_ref=job.case_ref,
        severity=as_found.severity,
        category=as_found.category,
        claim_ref=claim.id,
    )
    if locked.on_break:
        claim_rows.begin_rest(locked=locked)
    return claim, rows


def end_for_case(*, case_ref: UUID, reason: str, at: datetime) -> int:
    """End the case's open jobs and whatever claims are on them (withdrawn, erased, sealed). Return how many jobs.

    Must run inside ``transaction.atomic``, before the case or an item is locked: it takes the wellbeing
    rows of the holders (in the order of their subjects), then the jobs.

    Raises:
        JobMoved: the jobs changed hands again and again meanwhile.
    """
    for _ in range(ATTEMPTS):
        try:
            # A savepoint: when the unlocked look was wrong, the locks taken after it are given up with it.
            with transaction.atomic():
                return _end(case_ref=case_ref, holders=holders_of(case_ref), reason=reason, at=at)
        except JobMoved:
            continue
    raise JobMoved


def holders_of(*case_refs: UUID) -> list[UUID]:
    """Return who has one of these cases in hand or parked, read unlocked, in the order in which they are locked."""
    claims = Claim.objects.filter(job__case_ref__in=case_refs).exclude(state=ClaimState.CLOSED)
    return sorted(set(claims.values_list("subject", flat=True)))


def _end(*, case_ref: UUID, holders: list[UUID], reason: str, at: datetime) -> int:
    locked = {subject: locking.hold(subject=subject, at=at) for subject in holders}
    open_jobs = Job.objects.filter(case_ref=case_ref).exclude(state__in=(JobState.DONE, JobState.ENDED))
    jobs = list(open_jobs.order_by("sort_key", "id").select_for_update())
    open_claims = Claim.objects.filter(job__in=jobs).exclude(state=ClaimState.CLOSED)
    claims = list(open_claims.select_related("job__lane"))
    if {claim.subject for claim in claims} - set(locked):
        raise JobMoved
    ended = Job.objects.filter(pk__in=[job.pk for job in jobs]).update(state=JobState.ENDED)
    for claim in claims:
        returns.let_go(locked=locked[claim.subject], claim=claim, reason=reason)
    return ended


def release(*, subject: UUID, reason: str, at: datetime) -> Claim | None:
    """Give back whatever the person holds, live or parked, at once; the job keeps its place. Runs its own transaction."""
    with transaction.atomic():
        locked = locking.hold(subject=subject, at=at)
        claim = open_claim(subject)
        if claim is not None:
            returns.give_back(locked=locked, claim=claim, reason=reason)
        return claim
