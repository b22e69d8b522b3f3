"""Random plays through the real services, each act told to the model as well, and both compared after every step."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, Sum

from people.models import User
from queues.models import Claim, Queue, Skip, Ticket
from queues.models import Job as JobRow
from queues.services import claims, desk, jobs, offers, other_work, sweep
from tests import cast
from tests.wellbeing.naive import history, limits
from tests.wellbeing.naive.history import Event, Job, Limit, Part, Person
from tests.wellbeing.naive.walk import UNHEARD, Walk
from tests.wellbeing.steps import no_content_is_shown
from wellbeing.core.locked import Locked
from wellbeing.core.rules.load import UNITS_PER_POINT
from wellbeing.core.rules.presence import Activity
from wellbeing.core.selectors.allowance import allowance
from wellbeing.core.services.locking import hold
from wellbeing.exceptions import Refused
from wellbeing.models import Break, DaySum, Exposure, LimitRow, PersonState
from wellbeing.shifts import services as shifts
from wellbeing.shifts.rules import Planned

Content = tuple[str, int, str, int]
CONTENT: tuple[Content, ...] = (
    # category, severity, medium, expected seconds
    ("SPAM_FRAUD", 0, "text", 10),
    ("SEX_ADULT", 1, "image", 20),
    ("HATE", 2, "text", 30),
    ("DISGUST", 2, "image", 30),
    ("GORE", 3, "image", 40),
    ("TERROR", 3, "video", 60),
    ("VIO_KILL", 4, "video", 60),
)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu")
BEGINNINGS = (
    dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC),
    dt.datetime(2026, 11, 23, 20, 50, tzinfo=dt.UTC),  # ten minutes before the night in Berlin
    dt.datetime(2026, 11, 24, 4, 50, tzinfo=dt.UTC),  # ten minutes before midnight in New York
    dt.datetime(2027, 3, 28, 0, 50, tzinfo=dt.UTC),  # ten minutes before Berlin's clocks go forward
    dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC),  # and before they go back
)
NAMES = {
    "minutes_1": "seconds_1",
    "minutes_3": "seconds_3",
    "minutes_4": "seconds_4",
    "cases_3": "cases_3",
    "cases_4": "cases_4",
}
SOME_LIMITS = (
    ("minutes_1", 12),
    ("minutes_3", 3),
    ("minutes_3", 0),
    ("minutes_4", 1),
    ("cases_3", 2),
    ("cases_4", 1),
    ("cases_4", 0),
)
PLANS: tuple[tuple[tuple[int, int], ...], ...] = (
    (),
    (),
    ((0, 8),),
    ((-6, 1),),
    ((-3, 1), (2, 6)),
    ((-6, 1), (12, 20)),
)
"""Parts of a shift, in hours from the play's first."""
TICK = dt.timedelta(seconds=10)
SWEEPS = (sweep.end_a_lease, sweep.end_a_reservation, sweep.end_a_silence, sweep.stop_a_person)
SERVED_AT_MOST = 30 * 60_000
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True)
class Difference:
    """Where the model and the code part: in which play, after which step, about what."""

    play: str
    step: str
    about: str
    model: object
    code: object

    def __str__(self) -> str:
        return f"{self.play}, {self.step}: {self.about}: by the text {self.model}, by the code {self.code}"


class Desk:
    """One person, as the model knows them and as the services do."""

    def __init__(self, user: User, model: Person) -> None:
        self.subject: UUID = cast.subject_of(user)
        self.model = model
        self.events: list[Event] = []
        self.page: UUID | None = None
        self.claim: Claim | None = None
        self.told: tuple[UUID, str, str] | None = None
        self.is_open = False

    def tell(self, at: dt.datetime, what: str, **facts: Any) -> None:
        self.events.append(Event(at, what, **facts))

    @property
    def heard_at(self) -> dt.datetime:
        """When this person was heard of last."""
        return next(event.at for event in reversed(self.events) if event.what not in UNHEARD)

    def answer(self, at: dt.datetime) -> limits.Answer:
        return limits.ask(self.model, self.events, at)


class Play:
    """A floor of a few people; every verb does something real and tells the model."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.name = f"play {seed}"
        self.step = "hired"
        self.content = self.random.choice((CONTENT, CONTENT[3:], CONTENT[5:], CONTENT[6:]))
        by_day = self.content == CONTENT[6:]  # at night nothing of it would be dealt
        self.at = BEGINNINGS[0] if by_day else self.random.choice(BEGINNINGS)
        self.zones = ZONES[::2] if by_day else ZONES
        self.refused: type[Refused] | None = None
        self.seen: Counter[str] = Counter()
        team = cast.a_team(f"team {seed}")
        no_content_is_shown(team, Activity.TRAINING, at=LONG_AGO)
        self.queue: Queue = cast.a_queue(team=team, name=f"queue {seed}")
        self.desks: list[Desk] = []
        self.desks = [self._hire(seed, number, team) for number in range(self.random.randint(1, 3))]
        for _ in range(12):
            self.case_comes_in()

    def _hire(self, seed: int, number: int, team: Any) -> Desk:
        zone = self.random.choice(self.zones)
        user = cast.a_user(f"someone-{seed}-{number}", "moderator", team=team, zone=zone)
        chosen = dict(self.random.choice(SOME_LIMITS) for _ in range(self.random.choice((0, 0, 1, 2))))
        found = tuple(Limit(name, value, scope="own") for name, value in chosen.items())
        one = Desk(user, Person(zone=zone, limits=found, parts=self._parts(zone), began=cast.LONG_AGO))
        for row in found:
            value = row.value * (60 if row.name.startswith("minutes") else 1)
            LimitRow.objects.create(
                scope="own",
                scope_ref=str(one.subject),
                name=NAMES[row.name],
                value=value,
                set_at=LONG_AGO,
                set_by=str(one.subject),
            )
        planned = [Planned(part.begins, part.ends) for part in one.model.parts]
        if planned:
            shifts.plan(
                subject=one.subject,
                planned=planned,
                planned_by=str(one.subject),
                at=self.at - dt.timedelta(days=1),
            )
        return one

    def _parts(self, zone: str) -> tuple[Part, ...]:
        """No plan, one part of a shift, two with a gap, or the parts of two days eleven hours apart."""
        start = self.at.replace(minute=0)
        spans = self.random.choice(PLANS)
        parts = [Part(start + dt.timedelta(hours=a), start + dt.timedelta(hours=b)) for a, b in spans]
        if len({Person(zone).date(part.begins) for part in parts}) > 1 and spans[-1][0] < 12:
            parts.pop()  # a shorter gap lies within one date, or it cannot be planned
        return tuple(parts)

    # ── acts ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def act(self, one: Desk, act: Callable[..., Any], /, **arguments: Any) -> Any:
        """Do it; a refusal is an answer, and is kept for whoever asks why."""
        self.refused = None
        try:
            return act(subject=one.subject, at=self.at, **arguments)
        except Refused as refused:
            self.refused = type(refused)
            return None

    def tell(self, one: Desk, what: str, **facts: Any) -> None:
        """Tell the model what was done, or that something was heard, where it was refused."""
        one.tell(self.at, "heard" if self.refused else what, **facts)
        if what in history.ACTS_THAT_CLOSE_A_CASE and not self.refused and self.in_hand(one) is None:
            one.told = None
        self.notice(one)

    def case_comes_in(self, content: Content | None = None) -> None:
        category, severity, medium, expected = content or self.random.choice(self.content)
        with transaction.atomic():
            jobs.enqueue(
                case_ref=uuid4(),
                queue=self.queue,
                language="",
                category=category,
                severity=severity,
                medium=medium,
                expected_seconds=expected,
                sound=medium == "video",
                at=self.at,
            )
        self.offers()

    def offers(self) -> None:
        """Let what came in, or back, be offered; tell the model who was handed something."""
        while offers.offer_next(at=self.at):
            pass
        for one in self.desks:
            self.notice(one)

    def notice(self, one: Desk) -> Claim | None:
        """Tell the model what became of the case in hand that no act of this person's says: it came, was parked, or went back."""
        now = self.in_hand(one)
        before, one.told = one.told, None if now is None else (now.pk, str(now.state), str(now.job.case_ref))
        if one.told == before:
            return now
        if now is not None and now.state == "live":
            self.tell_claimed(one, now)
        elif now is not None:
            one.tell(self.at, "parked", case=str(now.job.case_ref))
        elif before is not None:
            one.tell(self.at, "released", case=before[2])
        return now

    def waiting(self, one: Desk) -> list[Job]:
        """What lies there for this person: no rule of theirs is asked, but what they skipped is left out."""
        skipped = set(Skip.objects.filter(subject=one.subject).values_list("case_ref", flat=True))
        rows = JobRow.objects.filter(state="waiting", lane__queue=self.queue, lane__skill="").select_related(
            "lane"
        )
        return [job_of(row) for row in rows if row.case_ref not in skipped]

    def sits_down(self, one: Desk) -> Iterator[Difference]:
        self.act(one, desk.open_desk, beating=True)
        self.tell(one, "opened")
        one.is_open = True
        yield from ()

    def asks(self, one: Desk) -> Iterator[Difference]:
        yield from self._asks(one, "asked", desk.next_case)

    def comes_back(self, one: Desk) -> Iterator[Difference]:
        one.tell(self.at, "came_back")
        yield from self._asks(one, "asked", desk.return_from_break)

    def _asks(self, one: Desk, what: str, act: Callable[..., Any]) -> Iterator[Difference]:
        was, waiting = self.notice(one), self.waiting(one)
        events = [*one.events, Event(self.at, what, waiting=tuple(waiting))]
        fits = limits.fitting(one.model, events, self.at, waiting)
        in_line = Ticket.objects.filter(
            subject__in=[other.subject for other in self.desks if other is not one]
        ).exists()
        self.act(one, act, beating=True)
        one.tell(self.at, what, waiting=tuple(waiting) if was is None else ())
        now = self.in_hand(one)
        if was is None:
            first = limits.preferred(one.model, events, self.at, fits)
            given = None if now is None else job_of(now.job)
            if (given is None and fits and not in_line) or (given is not None and given not in fits):
                yield self.differs("what fits", sorted(job.severity for job in fits), given)
            elif given is not None and given not in first:
                yield self.differs("what comes first", sorted({job.severity for job in first}), given)
        self.notice(one)

    def tell_claimed(self, one: Desk, claim: Claim) -> None:
        job = job_of(claim.job)
        self.seen["dealt"] += 1
        self.seen["dealt at 4"] += job.severity == 4
        one.tell(
            self.at,
            "claimed",
            case=job.case,
            category=job.category,
            severity=job.severity,
            medium=claim.job.medium,
        )

    def in_hand(self, one: Desk) -> Claim | None:
        open_claims = Claim.objects.filter(subject=one.subject).exclude(state="closed")
        one.claim = open_claims.select_related("job__lane").first()
        return one.claim

    def shows(self, one: Desk) -> Iterator[Difference]:
        claim = self.notice(one)
        if claim is None or claim.state != "live":
            yield from self.asks(one)
            return
        level = self.random.choice(("shielded", "grey", "colour", "colour", "lens"))
        sound = level in ("grey", "colour") and claim.job.sound and self.random.random() < 0.3
        level = "text" if claim.job.medium == "text" else level
        before, day = one.answer(self.at), day_of(one, self.at)
        job = job_of(claim.job)
        rests = before.break_stage in ("due", "running")
        found = self.act(
            one, desk.show, claim_id=claim.id, fence=claim.fence, level=level, beating=True, sound=sound
        )
        self.tell(
            one,
            "shown",
            case=job.case,
            category=job.category,
            severity=job.severity,
            level=level,
            sound=sound,
            medium=claim.job.medium,
        )
        one.page = found.id if found is not None else None
        may = not rests and (level == "shielded" or day.may_be_seen(job))
        if may != (found is not None):
            yield self.differs(f"whether {level} of {job.severity} is shown", may, self.refused)

    def beats(self, one: Desk, seconds: int) -> None:
        for _ in range(0, seconds, 5):
            self.passes(5)
            self.beat(one)

    def is_heard_again(self, one: Desk) -> None:
        """After a silence a page that beats is heard of by its beat first: what it does comes after. Whoever asks may come first."""
        if one.heard_at < self.at:
            self.beat(one)
        self.beats(one, 5)

    def beat(self, one: Desk) -> None:
        claim = one.claim
        live = claim is not None and claim.state == "live"
        answer = self.act(
            one,
            desk.beat,
            claim_id=claim.id if claim and live else None,
            exposure_id=one.page,
            holding=True,
        )
        one.page = answer.exposure_id if answer else None
        one.tell(self.at, "beat")
        self.notice(one)

    def looks(self, one: Desk) -> Iterator[Difference]:
        yield from self.shows(one)
        self.beats(one, self.random.choice((5, 15, 30, 60)))

    def is_silent(self, one: Desk) -> Iterator[Difference]:
        """Say nothing for a while, and cover then."""
        yield from self.shows(one)
        self.beats(one, 5)
        self.passes(60 * self.random.choice((1, 4, 8, 9, 12, 20)))
        self.is_heard_again(one)
        yield from self.covers(one)

    def covers(self, one: Desk) -> Iterator[Difference]:
        self.act(one, desk.cover)
        self.tell(one, "covered")
        one.page = None
        yield from ()

    def reports_a_cover(self, one: Desk) -> Iterator[Difference]:
        """Come back after a silence and say that the page had covered itself."""
        yield from self.shows(one)
        self.beats(one, 5)
        minutes = self.random.choice((1, 3, 8))
        covered_at = self.at + dt.timedelta(seconds=10)
        self.passes(60 * minutes)
        if one.page is not None:
            self.act(one, desk.cover, exposure_id=one.page, silent_ms=60_000 * minutes - 10_000)
            self.tell(one, "reported_cover", covered_at=covered_at)
        one.page = None

    def decides(self, one: Desk) -> Iterator[Difference]:
        claim = self.notice(one)
        if claim is None or claim.state != "live":
            return

        def finish(*, subject: UUID, at: dt.datetime) -> None:
            with desk.locked_desk(subject=subject, at=at) as seat:
                claims.finish(locked=seat.locked, claim_id=claim.id, fence=claim.fence, known=seat.claim)

        self.act(one, finish)
        self.seen["decided"] += self.refused is None
        self.tell(one, "decided", case=str(claim.job.case_ref), severity=claim.job.lane.severity)
        yield from ()

    def works_on(self, one: Desk) -> Iterator[Difference]:
        """Ask, look and decide, a few times in a row."""
        for _ in range(self.random.randint(1, 6)):
            self.case_comes_in()
            yield from self.asks(one)
            self.beats(one, 5)
            if one.claim is None:
                return
            yield from self.shows(one)
            self.beats(one, self.random.choice((5, 10, 15, 30)))
            yield from self.decides(one)
            self.beats(one, 5)

    def looks_at_extreme_ones(self, one: Desk) -> Iterator[Difference]:
        """Cases of severity 4, one after the other, with the rests between them: the third in a quarter of an hour is another matter."""
        for _ in range(3):
            self.case_comes_in(CONTENT[-1])
            yield from self.comes_back(one)
            self.beats(one, 5)
            if one.claim is None or one.claim.state != "live":
                return
            yield from self.shows(one)
            self.beats(one, self.random.choice((5, 10, 15)))
            yield from self.decides(one)
            self.beats(one, 5)
            self.passes(185)
            self.is_heard_again(one)

    def gives_back(self, one: Desk) -> Iterator[Difference]:
        claim = self.notice(one)
        if claim is not None:
            what, act = self.random.choice((("skipped", desk.skip), ("handed_back", desk.hand_back)))
            self.act(one, act, claim_id=claim.id, fence=claim.fence)
            self.tell(one, what, case=str(claim.job.case_ref))
        yield from ()

    def steps_away(self, one: Desk) -> Iterator[Difference]:
        self.act(one, desk.step_away)
        self.tell(one, "stepped_away")
        yield from self.is_gone_then_back(one)

    def signs_out(self, one: Desk) -> Iterator[Difference]:
        self.act(one, desk.sign_out)
        self.tell(one, "signed_out")
        self.passes(60 * self.random.choice((1, 3, 10, 16, 60, 660)))
        yield from self.sits_down(one)

    def does_other_work(self, one: Desk) -> Iterator[Difference]:
        self.act(one, other_work.do_other_work, activity=Activity.TRAINING, beating=True)
        self.tell(one, "other_work")
        self.beats(one, 60 * self.random.choice((1, 3)))
        yield from self._asks(one, "other_work_ended", other_work.back_to_the_queue)

    def is_gone_then_back(self, one: Desk) -> Iterator[Difference]:
        self.passes(60 * self.random.choice((1, 3, 10, 16)))
        yield from self.comes_back(one)

    def is_too_much(self, one: Desk) -> Iterator[Difference]:
        self.act(one, desk.too_much)
        self.tell(one, "too_much")
        yield from ()

    def postpones(self, one: Desk) -> Iterator[Difference]:
        may = one.answer(self.at).may_postpone
        self.act(one, desk.postpone)
        if may != (self.refused is None):
            yield self.differs("whether it may be postponed", may, self.refused)
        self.tell(one, "postponed")

    def rests(self, one: Desk) -> Iterator[Difference]:
        self.passes(60 * self.random.choice((3, 10, 15)))
        self.is_heard_again(one)
        yield from self.comes_back(one)

    def passes(self, seconds: int) -> None:
        """Let time pass: the sweep ticks whoever rests, and lets happen what becomes overdue."""
        end = self.at + dt.timedelta(seconds=seconds)
        while self.at < end:
            resting = self.resting()
            self.at = self.next_step(end, resting)
            for subject in resting:
                settle(subject, self.at)
            if seconds > 10 and self.sweeps():
                self.offers()

    def sweeps(self) -> bool:
        """Let happen what is overdue, one after the other; say whether anything was."""
        happened = False
        while any(step(self.at) for step in SWEEPS):
            happened = True
        return happened

    def next_step(self, end: dt.datetime, resting: list[UUID]) -> dt.datetime:
        """Return when something is to be done next, at the latest at *end*."""
        if resting or end - self.at <= TICK:
            return min(end, self.at + TICK)
        claims_of = Claim.objects.filter(subject__in=[one.subject for one in self.desks])
        overdue = [
            *claims_of.filter(state="live", lease_until__gt=self.at).values_list("lease_until", flat=True),
            *claims_of.filter(state="parked", reserved_until__gt=self.at).values_list(
                "reserved_until", flat=True
            ),
            *PersonState.objects.filter(limit_grace_until__gt=self.at).values_list(
                "limit_grace_until", flat=True
            ),
        ]
        return min([end, *(at for at in overdue if at)])

    def resting(self) -> list[UUID]:
        """Whoever is on a break, or about to be, as the sweep does; what is longer than every row asks for is left out."""
        mine = Break.objects.filter(subject__in=[one.subject for one in self.desks]).exclude(state="over")
        unserved = mine.filter(Q(served_ms__lt=SERVED_AT_MOST) | Q(served_ms__lt=F("length_ms")))
        return list(unserved.values_list("subject", flat=True))

    # ── the comparison ───────────────────────────────────────────────────────────────────────────────────────────

    def differs(self, about: str, model: object, code: object) -> Difference:
        return Difference(self.name, self.step, about, model, code)

    def compare(self, one: Desk) -> Iterator[Difference]:
        """Compare everything that both can say of one person now."""
        with transaction.atomic():
            locked = hold(subject=one.subject, at=self.at)
            found = allowance(locked)
        model = one.answer(self.at)
        rest = locked.open_break
        self.seen["compared"] += 1
        self.seen["something closed"] += bool(found.closed_by)
        self.seen["on a break"] += model.break_stage in ("due", "running")
        self.seen["spacing owed"] += model.spacing > 0
        self.seen["unheard"] += model.unheard > 0
        binding = rest is not None and locked.on_break and not rest.served_ms >= rest.length_ms > 0
        answers = (
            rest is not None and rest.state == "running"
        )  # what it answers, it answers when the person is back
        seen = Exposure.objects.filter(subject=one.subject).aggregate(
            heard=Sum(F("shown_ms") - F("unheard_ms")), unheard=Sum("unheard_ms")
        )
        reported = any(event.what == "reported_cover" for event in one.events)
        yield from self._each(
            {
                "seconds": (
                    model.heard + model.unheard,
                    ((seen["heard"] or 0) + (seen["unheard"] or 0)) / 1000,
                ),
                **({} if reported else {"heard seconds": (model.heard, (seen["heard"] or 0) / 1000)}),
                "the day's seconds": (model.by_severity, self._day(one)),
                "closed": (frozenset(range(5)) - day_of(one, self.at).open(), frozenset(found.closed_by)),
                "the break": (
                    "" if model.break_stage == "over" else model.break_stage,
                    rest.state if rest and binding else "",
                ),
                "what is left of it": (
                    0.0 if model.break_stage in ("", "over") else float(model.break_left),
                    (rest.length_ms - rest.served_ms) / 1000 if rest and binding else 0.0,
                ),
                **({} if answers else counters(model, locked)),
            }
        )

    def _each(self, pairs: dict[str, tuple[object, object]]) -> Iterator[Difference]:
        for about, (model, code) in pairs.items():
            if not is_alike(model, code):
                yield self.differs(about, model, code)

    def _day(self, one: Desk) -> tuple[float, ...]:
        rows = DaySum.objects.filter(subject=one.subject, local_date=one.model.date(self.at))
        return tuple(
            sum(row.shown_ms for row in rows if row.severity == severity) / 1000 for severity in range(5)
        )

    def told(self) -> str:
        """Everything that the model was told, for whoever has to find out who is right; runs of beats shortened."""
        lines = []
        for number, one in enumerate(self.desks):
            lines.append(f"desk {number}: {one.model}")
            before = ""
            for event in one.events:
                facts = [
                    str(fact)
                    for fact in (event.case[:8], event.severity, event.level, event.covered_at)
                    if fact
                ]
                if event.what != "beat" or before != "beat":
                    lines.append(f"  {event.at:%d %H:%M:%S} {event.what} {' '.join(facts)}")
                before = event.what
            lines += [
                f"  break {row.cause} {row.state} {row.length_ms / 1000} served {row.served_ms / 1000}, {row.due_at:%H:%M:%S} {row.started_at} {row.over_at}"
                for row in Break.objects.filter(subject=one.subject).order_by("due_at")
            ]
        return "\n".join(lines)

    def run(self, steps: int) -> list[Difference]:
        """Play; stop at the first step after which anything differs, for all later ones would differ with it."""
        for one in self.desks:
            list(self.sits_down(one))
            self.beats(one, 5)
        for number in range(steps):
            one, verb = self.random.choice(self.desks), self.random.choice(VERBS)
            self.step = f"step {number}, {verb.__name__} at {self.at:%d %b %H:%M:%S}"
            if self.random.random() < 0.3:
                self.case_comes_in()
            self.offers()
            if verb not in (Play.asks, Play.works_on) or self.random.random() < 0.5:
                self.is_heard_again(one)
            found = [*verb(self, one)]
            self.beats(one, 5)
            self.seen[verb.__name__] += 1
            if one.heard_at == self.at:
                found += self.compare(one)
            if found:
                return found
        rested = Break.objects.filter(subject__in=[one.subject for one in self.desks])
        self.seen["rests after 4"] += rested.filter(cause__in=("colour", "cluster")).count()
        self.seen["rests after the third"] += rested.filter(cause="cluster").count()
        return []


VERBS: tuple[Callable[[Play, Desk], Iterator[Difference]], ...] = (
    Play.asks,
    Play.looks,
    Play.looks,
    Play.works_on,
    Play.works_on,
    Play.works_on,
    Play.works_on,
    Play.works_on,
    Play.looks_at_extreme_ones,
    Play.looks_at_extreme_ones,
    Play.is_silent,
    Play.is_silent,
    Play.covers,
    Play.reports_a_cover,
    Play.decides,
    Play.decides,
    Play.decides,
    Play.gives_back,
    Play.steps_away,
    Play.signs_out,
    Play.does_other_work,
    Play.is_too_much,
    Play.postpones,
    Play.rests,
    Play.rests,
)


def counters(model: limits.Answer, locked: Locked) -> dict[str, tuple[object, object]]:
    state = locked.state
    return {
        "queue work": (model.queue_work, state.work_ms / 1000),
        "seconds at 3": (model.severe, state.severe_ms / 1000),
        "seconds at 4": (model.extreme, state.extreme_ms / 1000),
        "load since the break": (float(model.load), state.block_load / UNITS_PER_POINT),
        "spacing": (model.spacing, state.spacing_owed),
        "run": (model.run, (state.run_category, state.run_cases)),
        "severe run": (model.run_severe, state.severe_run),
    }


def is_alike(model: object, code: object) -> bool:
    """Say whether two answers are the same, to a hundredth: load is counted in whole units."""
    if isinstance(model, float) and isinstance(code, float):
        return abs(model - code) < 0.01
    return model == code


def day_of(one: Desk, at: dt.datetime) -> limits.Day:
    return limits.Day(Walk(one.model, one.events, at))


def job_of(row: JobRow) -> Job:
    return Job(str(row.case_ref), row.lane.category, row.lane.severity, row.expected_seconds)


def settle(subject: UUID, at: dt.datetime) -> None:
    with transaction.atomic():
        hold(subject=subject, at=at)


__all__ = ["Difference", "Play", "history"]
