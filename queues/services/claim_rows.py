"""Claim rows: taken, parked, taken up again, closed. Always under the holder's wellbeing row.

What people compare with each other (leases, reservations, the line) runs by the wall clock, ``locked.wall_at``; what
protects one person (breaks, limits) by their own, ``locked.at``, which never goes back.
"""

from datetime import datetime, timedelta

from people.statements import fields_of
from queues.models import Claim, ClaimState, Job
from queues.rules.leases import lease_until, reserved_until
from queues.services import tickets
from queues.statements import RENEW_LEASE, WRITE_CLAIM
from wellbeing.core.locked import Locked
from wellbeing.core.services import breaks, exposure, ledger, presence

# The words of wellbeing's tables, which only wellbeing reads.
DUE, RUNNING = "due", "running"
WAITING, REVIEWING, OTHER_WORK = "waiting", "reviewing", "other_work"

TOO_MUCH = "too_much"
"""Why a claim was closed that its person said was too much."""


def take(*, locked: Locked, job: Job, arrived_while_waiting: bool) -> Claim:
    """Write the claim on a job that was just set to ``claimed``, with the act where its holder writes once, at its end.

    Raises:
        IntegrityError: with the writing; the job, or the person, has a claim already: the last word against two looks.
    """
    claim = Claim(
        job=job,
        subject=locked.subject,
        fence=job.fence,
        arrived_while_waiting=arrived_while_waiting,
        claimed_at=locked.wall_at,
        lease_until=lease_until(locked.wall_at),
        limits_version=locked.binding.version,
    )
    values = {f"taken_{field.attname}": getattr(claim, field.attname) for field in fields_of(Claim)}
    locked.unwritten.others.append((WRITE_CLAIM, values))
    claim._state.adding = False  # noqa: SLF001 - Django's documented API: what is saved on it later changes that row
    sit(locked=locked, kind=REVIEWING)
    ledger.keep(locked)
    return claim


def reserve(*, locked: Locked, job: Job) -> Claim:
    """Write a parked claim on a job that was just set to ``claimed``, during the break that runs.

    Raises:
        IntegrityError: as ``take``.
    """
    claim = Claim(
        job=job,
        subject=locked.subject,
        fence=job.fence,
        state=ClaimState.PARKED,
        claimed_at=locked.wall_at,
        lease_until=lease_until(locked.wall_at),
        parked_at=locked.wall_at,
        reserved_until=reserved_until(break_ends_at=_earliest_end(locked), due_at=job.due_at),
        limits_version=locked.binding.version,
    )
    claim.save(force_insert=True)
    return claim


def close(*, locked: Locked, claim: Claim, reason: str) -> None:
    """Close a claim whose job is settled already; the stage is the caller's."""
    claim.state, claim.closed_at, claim.closed_reason = ClaimState.CLOSED, locked.wall_at, reason
    claim.save(update_fields=["state", "closed_at", "closed_reason"])


def park(*, locked: Locked, claim: Claim) -> None:
    """Put the case aside for the break that runs: no bytes, the draft kept, reserved for the same person."""
    clear_stage(locked=locked, reason="parked")
    claim.state, claim.parked_at = ClaimState.PARKED, locked.wall_at
    claim.reserved_until = reserved_until(break_ends_at=_earliest_end(locked), due_at=claim.job.due_at)
    claim.save(update_fields=["state", "parked_at", "reserved_until"])


def take_up(*, locked: Locked, claim: Claim) -> Claim:
    """Take a parked case up again, under the same fence."""
    claim.state, claim.parked_at, claim.reserved_until = ClaimState.LIVE, None, None
    claim.lease_until = lease_until(locked.wall_at)
    claim.save(update_fields=["state", "parked_at", "reserved_until", "lease_until"])
    sit(locked=locked, kind=REVIEWING)
    return claim


def renew(*, locked: Locked, claim: Claim) -> None:
    """Renew the lease of a live claim, written with the act: the desk gave a sign of life."""
    claim.lease_until = lease_until(locked.wall_at)
    locked.unwritten.others.append((RENEW_LEASE, {"claim_id": claim.pk, "lease_until": claim.lease_until}))


def clear_stage(*, locked: Locked, reason: str) -> None:
    """Cover whatever is shown; nothing shown is no error. Where nobody is heard now, it counts until somebody is."""
    if locked.exposure is not None:
        exposure.clear(locked=locked, reason=reason)


def sit(*, locked: Locked, kind: str) -> None:
    """Say what the open desk does now; a closed desk stays closed."""
    if locked.presence is not None and locked.presence.kind != kind:
        presence.set_kind(locked=locked, kind=kind)


def must_rest_now(*, locked: Locked) -> bool:
    """Tell whether a break runs, or is due and its five minutes to decide are over."""
    if not locked.on_break or locked.open_break is None:
        return False
    until = locked.open_break.decide_until
    return locked.open_break.state == RUNNING or until is None or until <= locked.at


def begin_rest(*, locked: Locked) -> None:
    """Let the break that binds run, now that no case is in hand, and leave the line."""
    if locked.open_break is not None and locked.open_break.state == DUE:
        breaks.start(locked=locked)
    tickets.drop(subject=locked.subject)


def _earliest_end(locked: Locked) -> datetime:
    resting = locked.open_break
    if resting is None:
        return locked.wall_at
    return locked.wall_at + timedelta(milliseconds=max(resting.length_ms - resting.served_ms, 0))
