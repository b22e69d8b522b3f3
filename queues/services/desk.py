"""The commands of the desk. Each runs its own transaction: wellbeing row → job → claim → ticket.

All take the person's ``subject`` and the instant ``at``. Refusals are exceptions of ``queues.exceptions``; what
time had made overdue for the person (a lease, a break, a limit) is committed before a refusal is raised.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from queues.exceptions import BeatLate, NotFree, NotYourClaim, Refused
from queues.models import Claim, ClaimState, Skip, Ticket
from queues.selectors import DeskState, desk_state
from queues.selectors.claims import open_claim, open_claim_from, open_claim_part, own_claim
from queues.selectors.desk import state_of
from queues.services import claim_rows, claims, endings, going_on, jobs, returns, stage, tickets
from wellbeing.core.locked import Locked
from wellbeing.core.selectors.stage import OnStage
from wellbeing.core.services import attendance, breaks, exposure, ledger, locking, presence


@dataclass(frozen=True, slots=True)
class BeatAnswer:
    """What a page learns by its beat. ``kind`` as in ``DeskState``; ``level`` is empty while covered.

    ``covers_at``: when the page must cover itself, because a limit or a break is reached then.
    """

    rev: int
    kind: str
    claim_id: UUID | None
    exposure_id: UUID | None
    level: str
    falls_back_at: datetime | None
    covers_at: datetime | None


@dataclass(frozen=True, slots=True)
class LockedDesk:
    """A person under their lock, with the claim that is left after what was overdue."""

    locked: Locked
    claim: Claim | None

    def state(self, at: datetime) -> DeskState:
        """Return what the desk shows once this is committed, where the claim is as it was."""
        return state_of(self.locked, self.claim, at=at)


@contextmanager
def locked_desk(*, subject: UUID, at: datetime, heard: bool = True) -> Iterator[LockedDesk]:
    """Lock the person, catch up, and run one command; what changed is written once, a refusal leaves after the commit.

    ``heard``: the command is an act of the person's own, a sign of their page.
    """
    refusal: Refused | None = None
    read_with_it = [open_claim_part(subject)]
    with (
        transaction.atomic(),
        locking.holding(subject=subject, at=at, read_with_it=read_with_it, heard=heard) as locked,
    ):
        claim = returns.catch_up(locked=locked, claim=open_claim_from(*locked.read_with_it))
        try:
            yield LockedDesk(locked, claim)
        except Refused as refused:
            refusal = refused
    if refusal is not None:
        raise refusal


def catch_up(*, subject: UUID, at: datetime) -> DeskState:
    """Let what time or a tighter limit has decided take place now: cover, park, begin a rest. Shows nothing new.

    Returns what the desk shows after it. A page that is read is no sign of the one that has the stage.
    """
    with locked_desk(subject=subject, at=at, heard=False) as desk:
        pass
    return desk.state(at)


def open_desk(*, subject: UUID, at: datetime, beating: bool) -> None:
    """Sit down, and take nothing yet; see ``endings.opening``."""
    going_on.close(subject=subject, at=at, ending=endings.opening(beating=beating))


def next_case(*, subject: UUID, at: datetime, beating: bool) -> Claim | None:
    """Ask for the next case; see ``claims.claim_next``."""
    return claims.claim_next(subject=subject, at=at, beating=beating)


def show(
    *,
    subject: UUID,
    claim_id: UUID,
    fence: int,
    level: str,
    at: datetime,
    beating: bool,
    with_text: bool = False,
    sound: bool = False,
    full_screen: bool = False,
) -> OnStage:
    """Put the case on the stage at *level*: the only door to an exposure.

    Raises:
        NotYourClaim, ClaimLost, OnBreak, LimitReached.
    """
    with locked_desk(subject=subject, at=at) as desk:
        claim = claims.require(locked=desk.locked, claim_id=claim_id, fence=fence, known=desk.claim)
        claim_rows.renew(locked=desk.locked, claim=claim)
        return stage.put_on(
            locked=desk.locked,
            claim=claim,
            level=level,
            with_text=with_text,
            sound=sound,
            full_screen=full_screen,
            beating=beating,
        )


def cover(
    *,
    subject: UUID,
    at: datetime,
    reason: str = "covered",
    exposure_id: UUID | None = None,
    silent_ms: int | None = None,
) -> None:
    """Clear the stage, always and at once. Nothing on the stage is no error.

    ``silent_ms``: the page says that it covered *exposure_id* itself that long ago.

    Raises:
        CoverNotBelieved: that cannot be so, and everything counts.
    """
    with locked_desk(subject=subject, at=at) as desk:
        if silent_ms is not None:
            exposure.believe(locked=desk.locked, exposure_id=exposure_id, silent_ms=silent_ms)
        claim_rows.clear_stage(locked=desk.locked, reason=reason)


def beat(
    *,
    subject: UUID,
    claim_id: UUID | None,
    exposure_id: UUID | None,
    holding: bool,
    at: datetime,
    silent_ms: int | None = None,
) -> BeatAnswer:
    """Say that the desk is alive (lease, ticket, presence) and what is on its stage. A desk that waits also asks again.

    ``silent_ms``: the page says that it covered *exposure_id* itself that long ago, and shows nothing now.

    Raises:
        CoverNotBelieved: that cannot be so; everything counts, and the stage is covered.
        BeatLate: too long after the last one; the stage was covered (and stays so: that is committed).
        NotYourClaim: *claim_id* is of nobody, or of another person.
        ClaimLost: *claim_id* was this person's and is closed.
    """
    with locked_desk(subject=subject, at=at, heard=False) as desk:
        if silent_ms is not None:
            _hear_report(desk.locked, exposure_id, silent_ms)
        if claim_id is not None and (desk.claim is None or desk.claim.id != claim_id):
            attendance.touch(desk.locked)  # the case is gone, the page is there
            raise endings.gone(desk.locked, claim_id)
        if desk.claim is not None and desk.claim.state == ClaimState.LIVE:
            claim_rows.renew(locked=desk.locked, claim=desk.claim)
        elif desk.locked.presence is not None and desk.locked.presence.kind == claim_rows.REVIEWING:
            claim_rows.sit(locked=desk.locked, kind=claim_rows.WAITING)
        on_stage = exposure.beat(locked=desk.locked, exposure_id=exposure_id, holding=holding)
        in_line = desk.claim is None and Ticket.objects.filter(pk=subject).exists()
    if in_line:
        claims.claim_next(subject=subject, at=at, beating=True, while_waiting=True)
    return _answer(desk_state(subject, at) if in_line else desk.state(at), on_stage)


def _hear_report(locked: Locked, exposure_id: UUID | None, silent_ms: int) -> None:
    """Take what a beat says of the silence before it; late it is all the same."""
    is_late = exposure_id is not None and locked.lost_exposure_id == exposure_id
    exposure.believe(locked=locked, exposure_id=exposure_id, silent_ms=silent_ms)
    if is_late:
        raise BeatLate


def _answer(state: DeskState, stage: exposure.Stage) -> BeatAnswer:
    return BeatAnswer(
        rev=state.rev,
        kind=state.kind,
        claim_id=state.claim.id if state.claim else None,
        exposure_id=stage.exposure.id if stage.exposure else None,
        level=stage.level if stage.exposure else "",
        falls_back_at=stage.falls_back_at,
        covers_at=stage.covers_at,
    )


def skip(*, subject: UUID, claim_id: UUID, fence: int, at: datetime) -> None:
    """Give the case back for good, and take nothing; see ``endings.skipping``."""
    going_on.close(subject=subject, at=at, ending=endings.skipping(claim_id=claim_id, fence=fence))


def hand_back(*, subject: UUID, claim_id: UUID, fence: int, at: datetime) -> None:
    """Give the case back, and take nothing; see ``endings.handing_back``."""
    going_on.close(subject=subject, at=at, ending=endings.handing_back(claim_id=claim_id, fence=fence))


def escalate(*, subject: UUID, claim_id: UUID, fence: int, at: datetime) -> None:
    """Send the case to a senior, and take nothing; see ``endings.escalating``."""
    going_on.close(subject=subject, at=at, ending=endings.escalating(claim_id=claim_id, fence=fence))


def step_away(*, subject: UUID, at: datetime) -> None:
    """Leave at once, for as long as wanted; the case in hand is parked.

    Raises:
        OnBreak: a break, or a step away, runs already.
    """
    with locked_desk(subject=subject, at=at) as desk:
        breaks.step_away(locked=desk.locked)
        _leave_the_case(desk)


def too_much(*, subject: UUID, at: datetime) -> UUID | None:
    """'This was too much': cover, hand the case back, never to be offered again, and begin a break of at least 15 min.

    Returns the claim that was handed back, for ``keep_for_me``.
    """
    with locked_desk(subject=subject, at=at) as desk:
        if desk.claim is not None:
            returns.give_back(locked=desk.locked, claim=desk.claim, reason=claim_rows.TOO_MUCH)
            endings.not_again(desk.locked, desk.claim)
        breaks.too_much(locked=desk.locked)
        tickets.drop(subject=subject)
        return desk.claim.id if desk.claim is not None else None


def keep_for_me(*, subject: UUID, claim_id: UUID, at: datetime) -> Claim:
    """Take back the case that 'this was too much' handed back in the break that runs: it is parked for this person.

    Whoever was offered it meanwhile keeps it. Returns the new claim.

    Raises:
        NotYourClaim: no such claim, or another person's.
        NotFree: it was not handed back so in this break, another case is in hand, or it is nobody's to give any more.
    """
    with locked_desk(subject=subject, at=at) as desk:
        handed_back = own_claim(subject=desk.locked.subject, claim_id=claim_id)
        if handed_back is None:
            raise NotYourClaim
        if desk.claim is not None or not _is_of_this_break(desk.locked, handed_back):
            raise NotFree
        job = jobs.take_back(job_id=handed_back.job_id)
        if job is None:
            raise NotFree
        Skip.objects.filter(subject=subject, case_ref=job.case_ref).delete()
        return claim_rows.reserve(locked=desk.locked, job=job)


def _is_of_this_break(locked: Locked, claim: Claim) -> bool:
    """Tell whether the case of a claim was handed back since the break began, by the person's own clock."""
    rest = locked.open_break
    if claim.closed_reason != claim_rows.TOO_MUCH or rest is None or rest.state != claim_rows.RUNNING:
        return False
    kept_away = Skip.objects.filter(subject=locked.subject, case_ref=claim.job.case_ref)
    return rest.started_at is not None and kept_away.filter(at__gte=rest.started_at).exists()


def _leave_the_case(desk: LockedDesk) -> None:
    if desk.claim is not None and desk.claim.state == ClaimState.LIVE:
        claim_rows.park(locked=desk.locked, claim=desk.claim)
    tickets.drop(subject=desk.locked.subject)


def postpone(*, subject: UUID, at: datetime) -> None:
    """Move a due break by five minutes.

    Raises:
        MayNotPostpone: none is due, it was postponed already, or it is of a kind that may not be.
    """
    with locked_desk(subject=subject, at=at) as desk:
        breaks.postpone(locked=desk.locked)


def return_from_break(*, subject: UUID, at: datetime, beating: bool) -> Claim | None:
    """Come back; the parked case comes first. Returns the claim in hand, or None (the desk then waits).

    Raises:
        BreakNotOver: with ``back_at``.
    """
    going_on.close(subject=subject, at=at, ending=endings.coming_back())
    return claims.claim_next(subject=subject, at=at, beating=beating)


def sign_out(*, subject: UUID, at: datetime, reason: str = "signed_out", heard: bool = True) -> None:
    """Leave the desk (signed out, deactivated): the claim is released, ticket and presence end.

    ``heard``: by the person; else what is on their stage is taken from it, and counts until they are heard.
    """
    with transaction.atomic():
        locked = locking.hold(subject=subject, at=at, heard=heard)
        claim = open_claim(subject)
        if claim is not None:
            returns.give_back(locked=locked, claim=claim, reason=reason)
        claim_rows.clear_stage(locked=locked, reason=reason)
        tickets.drop(subject=subject)
        if locked.presence is not None:
            presence.close_desk(locked=locked)
        ledger.announce(locked)
