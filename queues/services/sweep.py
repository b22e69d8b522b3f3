"""What time does to claims, one row at a time."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from queues.models import Claim, ClaimState, Job, JobState, Ticket
from queues.rules.leases import TICKET_KEPT
from queues.selectors.claims import open_claim
from queues.services import bookmarks, late, offers, returns, spread
from wellbeing.core.locked import Locked
from wellbeing.core.selectors.allowance import fallen_silent, must_stop
from wellbeing.core.selectors.orders import may_rest_today
from wellbeing.core.services import locking

log = logging.getLogger("respite.queues")

PUSHED_BY = timedelta(minutes=1)
"""How far a row is pushed forward when settling it failed, so that it cannot spin."""


def sweep_next(at: datetime) -> bool:
    """Do one thing that is overdue and return whether there was one.

    Leases and reservations that ran out, looks of which nothing was heard for as long as they count, breaks whose five minutes to decide are over, limits whose grace is
    over, jobs that nobody offered, tickets without a beat. A row that fails is pushed forward, not repeated.
    """
    return any(step(at) for step in STEPS)


def end_a_lease(at: datetime) -> bool:
    """Give back the case whose desk fell silent longest ago."""
    live = Claim.objects.exclude(state=ClaimState.CLOSED).filter(state=ClaimState.LIVE)
    claim = live.filter(lease_until__lte=at).order_by("lease_until").first()
    if claim is None:
        return False
    if settle(claim.subject, at) is None:
        Claim.objects.filter(pk=claim.pk).update(lease_until=at + PUSHED_BY)
    return True


def end_a_reservation(at: datetime) -> bool:
    """Give back the parked case whose reservation ended first."""
    parked = Claim.objects.filter(state=ClaimState.PARKED, reserved_until__lte=at)
    claim = parked.order_by("reserved_until").first()
    if claim is None:
        return False
    if settle(claim.subject, at) is None:
        Claim.objects.filter(pk=claim.pk).update(reserved_until=at + PUSHED_BY)
    return True


def stop_a_person(at: datetime) -> bool:
    """Begin the break, or give back the case, of one person whose five minutes are over."""
    return any(settle(subject, at) for subject in must_stop(at))


def end_a_silence(at: datetime) -> bool:
    """End what is still counted for one person although nothing was heard of their page for ten minutes."""
    return any(
        settle(subject, at) is not None and subject not in fallen_silent(at) for subject in fallen_silent(at)
    )


def begin_a_rest_day(at: datetime) -> bool:
    """Give back the case of one person whose rest day, ordered by an officer, has begun while they held it."""
    locked = Claim.objects.filter(subject__in=may_rest_today(at)).exclude(state=ClaimState.CLOSED)
    return any(
        settle(subject, at) for subject in locked.order_by("subject").values_list("subject", flat=True)
    )


def offer_a_job(at: datetime) -> bool:
    """Offer the oldest job that nobody offered; one that cannot be offered waits like any other."""
    try:
        return offers.offer_next(at=at)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one row must not stop the others
        log.error("a job could not be offered: %s", type(error).__name__)  # noqa: TRY400 - a trace may hold values
        job = Job.objects.filter(state=JobState.OFFERING).order_by("id").first()
        return job is not None and offers.let_wait(job=job)


def drop_a_ticket(at: datetime) -> bool:
    """Take one desk out of the line that has been silent for long."""
    silent = Ticket.objects.filter(last_beat_at__lt=at - TICKET_KEPT)
    subject = silent.values_list("subject", flat=True).first()
    return subject is not None and silent.filter(pk=subject).delete()[0] > 0


def weigh_a_queue(at: datetime) -> bool:
    """Weigh how severe work of one queue is spread; without it nothing is put back, so a failure waits for the next sweep."""
    try:
        return spread.weigh_next(at)
    except Exception as error:  # noqa: BLE001 - as above
        log.error("a queue could not be weighed: %s", type(error).__name__)  # noqa: TRY400 - as above
        return False


def put_back_what_is_late(at: datetime) -> bool:
    """Put back what has become late in one lane; without it all keep their places, so a failure waits for the next sweep."""
    try:
        return late.put_back_next(at)
    except Exception as error:  # noqa: BLE001 - as above
        log.error("what is late could not be put back: %s", type(error).__name__)  # noqa: TRY400 - as above
        return False


def tidy_a_lane(at: datetime) -> bool:
    """Tidy the bookmarks of one lane; without it picks take longer and find the same, so a failure waits for the next sweep."""
    try:
        return bookmarks.tidy_next(at)
    except Exception as error:  # noqa: BLE001 - as above
        log.error("a lane could not be tidied: %s", type(error).__name__)  # noqa: TRY400 - as above
        return False


STEPS: tuple[Callable[[datetime], bool], ...] = (
    end_a_lease,
    end_a_reservation,
    end_a_silence,
    stop_a_person,
    begin_a_rest_day,
    offer_a_job,
    drop_a_ticket,
    weigh_a_queue,
    put_back_what_is_late,
    tidy_a_lane,
)


def settle(subject: UUID, at: datetime) -> bool | None:
    """Let happen what is overdue for one person; whether anything changed, None when it failed."""
    try:
        with transaction.atomic():
            locked = locking.hold(subject=subject, at=at)
            claim = open_claim(subject)
            before = _facts(locked, claim)
            return _facts(locked, returns.catch_up(locked=locked, claim=claim)) != before
    except Exception as error:  # noqa: BLE001 - as above
        log.error("a person's desk could not be settled: %s", type(error).__name__)  # noqa: TRY400 - as above
        return None


def _facts(locked: Locked, claim: Claim | None) -> tuple[str, str]:
    return claim.state if claim else "", locked.open_break.state if locked.open_break else ""
