"""The floor as it really is: Respite's services and a database, asked by the same drive as the floor in memory.

Nobody's page beats here: each is a page without JavaScript, which counts in full until it is heard of again. Whoever
rests is ticked every ten seconds, as the sweep does. Django must be set up before this is imported.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any
from uuid import UUID

from django.db import transaction

from benchmarks.simulation.floor import Given, Refused, Shown
from benchmarks.simulation.people import Shift, Worker
from benchmarks.simulation.streams import BEGINS_AT, EVERY, STREAMS, Item, Stream
from people.models import (
    Organisation,
    Platform,
    RoleGrant,
    Subject,
    Team,
    TeamMembership,
    TimeZonePeriod,
    User,
)
from people.rules.zones import BEGINNING
from queues.models import Claim, Queue
from queues.services import claims, desk, jobs, offers
from wellbeing.core.rows import turn_of
from wellbeing.core.rules.scopes import CEILING, Value
from wellbeing.core.selectors.allowance import allowance
from wellbeing.core.services import breaks, locking
from wellbeing.exceptions import LimitReached, OnBreak
from wellbeing.models import Break, DaySum, LimitRow, OptOut, PersonState, SevereAgreement
from wellbeing.shifts import services as shifts
from wellbeing.shifts.rules import Planned

LONG_AGO = BEGINS_AT - timedelta(days=60)
TICK = timedelta(seconds=10)


class ServicesFloor:
    """Everybody, their teams and the five queues as rows; each act is a command of the desk."""

    def __init__(
        self,
        staff: Sequence[Worker],
        *,
        values: Mapping[int, Sequence[Value]],
        planned: Sequence[tuple[int, Shift]],
    ) -> None:
        Organisation.objects.get_or_create(defaults={"name": "Meridian Review", "created_at": LONG_AGO})
        self.queues = _queues({worker.queues for worker in staff})
        self.subjects = {worker.number: _hire(worker, values.get(worker.number, ())) for worker in staff}
        self.numbers = {subject: number for number, subject in self.subjects.items()}
        self.in_hand: dict[int, tuple[Claim, Item]] = {}
        self.items: dict[UUID, Item] = {}
        self.ticks: list[tuple[datetime, int]] = []
        for number, subject in self.subjects.items():
            self._plan(subject, [shift for whose, shift in planned if whose == number])

    def _plan(self, subject: UUID, mine: Sequence[Shift]) -> None:
        the_day_before = BEGINS_AT - timedelta(days=1)
        each = [Planned(shift.starts_at, shift.ends_at) for shift in mine]
        if each:
            shifts.plan(subject=subject, planned=each, planned_by=str(subject), at=the_day_before)

    # ── what comes in ────────────────────────────────────────────────────────────────────────────────────────────

    def arrive(self, item: Item, *, at: datetime) -> Given | None:
        """Open a case for content that is new; what is known was joined by intake."""
        self._tick_until(at)
        ref = _case_ref(item)
        if ref in self.items:
            return None
        self.items[ref] = item
        with transaction.atomic():
            jobs.enqueue(
                case_ref=ref,
                queue=self.queues[item.stream.name],
                language="",
                category=item.category,
                severity=item.severity,
                medium=item.stream.medium,
                expected_seconds=item.expected,
                sound=item.sound,
                due_at=item.due_at,
                at=at,
            )
        return self._offered(at)

    def _offered(self, at: datetime) -> Given | None:
        """Let what is on offer be offered, and tell who was handed something."""
        while offers.offer_next(at=at):
            pass
        self._note_rest()
        found = self._newly_given(at)
        return found[0] if found else None

    def _newly_given(self, at: datetime) -> list[Given]:
        live = Claim.objects.filter(state="live", claimed_at=at).select_related("job__lane")
        new = [claim for claim in live if self.numbers[claim.subject] not in self.in_hand]
        return [self._take(claim) for claim in sorted(new, key=lambda one: one.job_id)]

    def _take(self, claim: Claim) -> Given:
        number, item = self.numbers[claim.subject], self.items[claim.job.case_ref]
        self.in_hand[number] = (claim, item)
        return Given(number, item)

    # ── what is asked for and done ───────────────────────────────────────────────────────────────────────────────

    def begin(self, worker: Worker, shift: Shift, *, at: datetime) -> None:  # noqa: ARG002 - it was planned
        """Sit down."""
        self._tick_until(at)
        desk.open_desk(subject=self.subjects[worker.number], at=at, beating=False)

    def ask(self, worker: Worker, *, at: datetime) -> list[Given]:
        """Ask for the next case, by the button that opens the desk as well: so that it is heard of."""
        self._tick_until(at)
        if worker.number in self.in_hand:
            return []
        subject = self.subjects[worker.number]
        desk.open_desk(subject=subject, at=at, beating=False)
        claims.claim_next(subject=subject, at=at, beating=False)
        given = self._newly_given(at)
        self._note_rest()
        return given

    def why_nothing(self, worker: Worker, *, at: datetime) -> str:
        """Return what keeps which severity away."""
        with transaction.atomic():
            locked = locking.hold(subject=self.subjects[worker.number], at=at)
            found = allowance(locked)
        closed = [f"{severity} {reached.name}" for severity, reached in sorted(found.closed_by.items())]
        return "; ".join([*closed, str(found.turn)])

    def milder_waits(self, worker: Worker, *, at: datetime) -> bool:  # noqa: ARG002 - the floor in memory says it
        """Nothing here is asked for it."""
        return False

    def show(self, worker: Worker, *, at: datetime) -> Shown | Refused:
        """Show the case in hand, or say why not."""
        self._tick_until(at)
        claim, item = self.in_hand[worker.number]
        try:
            shown = desk.show(
                subject=claim.subject,
                claim_id=claim.id,
                fence=claim.fence,
                level=item.level,
                sound=item.sound,
                at=at,
                beating=False,
            )
        except OnBreak:
            return Refused("on_break")
        except LimitReached as refused:
            return Refused(refused.reached.name)
        return Shown(covers_at=shown.covers_at)

    def decide(self, worker: Worker, *, at: datetime) -> None:
        """Decide it; a break that is due begins."""
        self._tick_until(at)
        claim, _ = self.in_hand.pop(worker.number)
        with desk.locked_desk(subject=claim.subject, at=at) as seat:
            claims.finish(locked=seat.locked, claim_id=claim.id, fence=claim.fence, known=seat.claim)
        self._note_rest()

    def hand_back(self, worker: Worker, *, at: datetime) -> Given | None:
        """Give it back."""
        self._tick_until(at)
        claim, _ = self.in_hand.pop(worker.number)
        desk.hand_back(subject=claim.subject, claim_id=claim.id, fence=claim.fence, at=at)
        self._note_rest()
        return self._offered(at)

    def leave_for(self, worker: Worker, *, at: datetime) -> None:
        """Step away; where a break is due it has begun instead."""
        with suppress(OnBreak):
            self._act(worker, desk.step_away, at)
        self._note_rest()

    def resting(self, worker: Worker) -> tuple[datetime, datetime] | None:
        """Return since when a break runs, and when it is over."""
        rest = Break.objects.filter(subject=self.subjects[worker.number], state="running").first()
        if rest is None or rest.started_at is None:
            return None
        return rest.started_at, rest.started_at + timedelta(milliseconds=rest.length_ms)

    def why_resting(self, worker: Worker) -> str:
        """Return the cause of the break that runs."""
        running = Break.objects.filter(subject=self.subjects[worker.number], state="running")
        return running.values_list("cause", flat=True).first() or ""

    def come_back(self, worker: Worker, *, at: datetime) -> None:
        """Return."""
        self._tick_until(at)
        with desk.locked_desk(subject=self.subjects[worker.number], at=at) as seat:
            breaks.finish(locked=seat.locked)

    def end(self, worker: Worker, *, at: datetime) -> None:
        """Go home."""
        self._act(worker, desk.sign_out, at)

    def _act(self, worker: Worker, command: Callable[..., None], at: datetime) -> None:
        self._tick_until(at)
        command(subject=self.subjects[worker.number], at=at)

    def sums(self) -> dict[tuple[Any, ...], Any]:
        """Return every date's sums and everybody's counters, in the form in which the floor in memory has them."""
        found: dict[tuple[Any, ...], Any] = {}
        for row in DaySum.objects.filter(subject__in=self.numbers):
            whose = self.numbers[row.subject], str(row.local_date), row.severity
            found[whose] = (row.shown_ms, row.cases, row.load_units, row.units_at_one)
        for state in PersonState.objects.filter(subject__in=self.numbers):
            found[self.numbers[state.subject], "counters"] = (
                state.work_ms,
                state.severe_ms,
                state.extreme_ms,
                state.since_rest_ms,
                state.breaks_kept,
                state.block_load,
                *astuple(turn_of(state)),
            )
        return found

    # ── the sweep ────────────────────────────────────────────────────────────────────────────────────────────────

    def _note_rest(self) -> None:
        """Tick from now on whoever begins to rest; those who wait may have been sent to rest by an offer."""
        running = Break.objects.filter(state="running", served_ms=0).values_list("subject", "started_at")
        waiting = {whose for _, whose in self.ticks}
        for subject, started_at in running:
            whose = self.numbers[subject]
            if whose not in waiting and started_at is not None:
                heappush(self.ticks, (started_at + TICK, whose))

    def _tick_until(self, at: datetime) -> None:
        while self.ticks and self.ticks[0][0] < at:
            tick_at, number = heappop(self.ticks)
            with transaction.atomic():
                locked = locking.hold(subject=self.subjects[number], at=tick_at)
            if locked.open_break is not None and locked.open_break.state == "running":
                heappush(self.ticks, (tick_at + TICK, number))


def _queues(teams: set[tuple[str, ...]]) -> dict[str, Queue]:
    """Make the five queues, each open to the teams that take from it."""
    platform = Platform.objects.create(name="Lumen", created_at=LONG_AGO)
    found = {}
    for stream in _taken(teams):
        queue = Queue.objects.create(
            platform=platform,
            name=stream.name,
            client_name="Lumen SA",
            purpose="Reported content",
            decision_use="Whether it stays public.",
            is_default=stream is STREAMS[0],
            created_at=LONG_AGO,
        )
        queue.teams.set([_team(names) for names in teams if stream.name in names])
        found[stream.name] = queue
    return found


def _taken(teams: set[tuple[str, ...]]) -> list[Stream]:
    """Return the five streams, and what else somebody takes from."""
    return [stream for stream in EVERY if stream in STREAMS or any(stream.name in names for names in teams)]


def _team(names: tuple[str, ...]) -> Team:
    return Team.objects.get_or_create(name=", ".join(names), defaults={"created_at": LONG_AGO})[0]


def _hire(worker: Worker, values: Sequence[Value]) -> UUID:
    """Write down one person: since when they do this work, where, in which team, what they chose."""
    user = User.objects.create(
        username=f"moderator-{worker.number}", created_at=LONG_AGO, began_on=worker.began_on
    )
    subject = Subject.objects.create(id=UUID(int=worker.number + 1), user=user, created_at=LONG_AGO).pk
    RoleGrant.objects.create(user=user, role="moderator", granted_at=LONG_AGO)
    TeamMembership.objects.create(user=user, team=_team(worker.queues), effective_from=LONG_AGO)
    TimeZonePeriod.objects.create(user=user, zone=worker.zone, effective_from=BEGINNING)
    if worker.agreed:
        SevereAgreement.objects.create(subject=subject, given_at=LONG_AGO)
    for kind, value in worker.opted_out:
        OptOut.objects.create(subject=subject, kind=kind, value=value, set_at=LONG_AGO)
    for one in values:
        LimitRow.objects.create(
            scope=one.scope,
            scope_ref="" if one.scope == CEILING else str(subject),
            name=one.name,
            value=one.value,
            set_at=one.set_at,
            set_by=str(subject),
        )
    return subject


def _case_ref(item: Item) -> UUID:
    return UUID(int=item.case + 1)
