"""A floor of people whose wall clock jumps: every act that a person, a lead or an officer can do, as a plain verb."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from people.models import User
from queues.models import Claim, Queue
from queues.services import care, choices, claims, desk, jobs, sweep
from tests import cast
from tests.cast import T0, subject_of
from tests.wellbeing.stateful.naive import Person
from wellbeing.core.rules.clock import Second
from wellbeing.core.selectors import second_clock
from wellbeing.core.services import breaks, locking
from wellbeing.exceptions import Refused
from wellbeing.limits.services import setting
from wellbeing.models import Introduction, OptOut
from wellbeing.officer.services import measures
from wellbeing.officer.services.measures import Act
from wellbeing.shifts import services as shifts
from wellbeing.shifts.rules import Planned

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
BERLIN, NEW_YORK, KATHMANDU = "Europe/Berlin", "America/New_York", "Asia/Kathmandu"
CONTENT = (
    # category, severity, medium, sound, expected seconds
    ("SPAM_FRAUD", 0, "text", False, 4),
    ("SEX_ADULT", 1, "image", False, 4),
    ("HATE", 2, "text", False, 4),
    ("GORE", 3, "image", False, 5),
    ("TERROR", 3, "video", True, 6),
    ("VIO_KILL", 4, "video", True, 5),
)
BEGINNINGS = (
    T0,
    datetime(2026, 11, 23, 20, 55, tzinfo=T0.tzinfo),  # five minutes before the night in Berlin
    datetime(2026, 11, 23, 22, 50, tzinfo=T0.tzinfo),  # ten minutes before midnight there
    datetime(2027, 3, 28, 0, 50, tzinfo=T0.tzinfo),  # ten minutes before its clocks go forward
    datetime(2026, 11, 1, 5, 50, tzinfo=T0.tzinfo),  # ten minutes before New York's go back
)


@dataclass
class Hand:
    """What one person's page knows."""

    user: User
    person: Person
    claim: Claim | None = None
    page: UUID | None = None


@dataclass
class Staff:
    """Who is there: made once, before anything happens."""

    users: list[User]
    people: list[Person]
    lead: UUID
    officer: UUID
    queue: Queue
    team: str


def hire() -> Staff:
    """Two who have long done this work, and a new starter who has done the walk; each in another zone."""
    team = cast.a_team()
    users = [
        cast.a_user("alice", "moderator", team=team, zone=BERLIN),
        cast.a_user("amina", "moderator", team=team, zone=NEW_YORK),
        cast.a_user("bela", "moderator", team=team, zone=KATHMANDU, began_on=None),
    ]
    Introduction.objects.create(subject=subject_of(users[2]), begun_at=T0, done_at=T0)
    people = [
        Person(subject_of(user), ZoneInfo(zone), str(team.pk), is_starter=user.began_on is None)
        for user, zone in zip(users, (BERLIN, NEW_YORK, KATHMANDU), strict=True)
    ]
    lead = subject_of(cast.a_user("dana", "lead", team=team))
    officer = subject_of(cast.a_user("wim", "wellbeing_officer"))
    return Staff(users, people, lead, officer, cast.a_queue(team=team), str(team.pk))


class Floor:
    """The floor at one moment: ``at`` is the wall clock, which jumps; ``true`` the time that really passed."""

    def __init__(self, staff: Staff, *, at: datetime) -> None:
        self.staff = staff
        self.at = self.true = self.before = self.begun_at = at
        self.hands = [Hand(user, one) for user, one in zip(staff.users, staff.people, strict=True)]
        self.began_resting: dict[UUID, datetime] = {}
        self.clock = second_clock.told_by(self._machine)
        self.clock.__enter__()
        for number in range(12):
            self.enqueue(number % len(CONTENT))
        self.sweep()
        for hand in self.hands:
            self.do(hand, desk.open_desk, beating=True)

    def _machine(self, _database_ms: int, _at: datetime) -> Second:
        """Return what the machine's own clock says, which nobody can jump."""
        return Second("one boot", (self.true - self.begun_at + HOUR) // timedelta(milliseconds=1))

    @property
    def was_long_away(self) -> bool:
        """Say whether so much time may have passed without a sign that a day at the desk ended by itself."""
        return self.at - self.begun_at >= 8 * HOUR

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def pass_time(self, duration: timedelta) -> None:
        self.at += duration
        self.true += duration

    def jump(self, by: timedelta) -> None:
        self.at += by

    def sweep(self) -> None:
        for _ in range(30):
            if not sweep.sweep_next(self.at):
                break
        for _ in range(len(self.hands)):
            if not breaks.tick_next(at=self.at):
                break

    # ── acts ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def do(self, hand: Hand, act: Callable[..., Any], /, **arguments: Any) -> Any:
        """Let a person do something; a refusal is an answer like any other."""
        return self.try_to(act, subject=hand.person.subject, at=self.at, **arguments)

    def try_to(self, act: Callable[..., Any], /, **arguments: Any) -> Any:
        try:
            return act(**arguments)
        except Refused:
            return None

    def case_comes_in(self, content: int) -> None:
        self.enqueue(content)
        self.sweep()

    def enqueue(self, content: int) -> None:
        category, severity, medium, sound, expected = CONTENT[content]
        with transaction.atomic():
            jobs.enqueue(
                case_ref=uuid4(),
                queue=self.staff.queue,
                language="",
                category=category,
                severity=severity,
                medium=medium,
                expected_seconds=expected,
                sound=sound,
                at=self.at,
            )

    def ask(self, hand: Hand) -> None:
        self.do(hand, desk.next_case, beating=True)
        self.reread(hand)

    def reread(self, hand: Hand) -> Claim | None:
        """Return the case in hand, as the page would after a change number."""
        live = Claim.objects.filter(subject=hand.person.subject, state="live")
        hand.claim = live.select_related("job__lane").first()
        return hand.claim

    def show(self, hand: Hand, level: str, *, beating: bool, sound: bool) -> None:
        claim = self.reread(hand)
        if claim is None:
            return
        if claim.job.medium == "text":
            level = "text"
        shown = self.do(
            hand,
            desk.show,
            claim_id=claim.id,
            fence=claim.fence,
            level=level,
            beating=beating,
            sound=sound and claim.job.sound,
        )
        hand.page = shown.id if shown else None

    def beat(self, hand: Hand, *, holding: bool) -> None:
        claim = self.reread(hand)
        answer = self.do(
            hand,
            desk.beat,
            claim_id=claim.id if claim else None,
            exposure_id=hand.page,
            holding=holding,
        )
        hand.page = answer.exposure_id if answer else None

    def decide(self, hand: Hand) -> None:
        claim = self.reread(hand)
        if claim is None:
            return

        def finish(*, subject: UUID, at: datetime) -> None:
            with desk.locked_desk(subject=subject, at=at) as seat:
                claims.finish(locked=seat.locked, claim_id=claim.id, fence=claim.fence, known=seat.claim)

        self.do(hand, finish)

    def let_go(self, hand: Hand, act: Callable[..., Any]) -> None:
        """Skip, hand back or escalate what is in hand."""
        claim = self.reread(hand)
        if claim is not None:
            self.do(hand, act, claim_id=claim.id, fence=claim.fence)

    def rest(self, hand: Hand, ticks: int) -> None:
        """Let the sweep tick every ten seconds."""
        for _ in range(ticks):
            self.pass_time(10 * SECOND)
            settle(hand.person.subject, self.at)

    def come_back(self, hand: Hand) -> None:
        self.do(hand, desk.return_from_break, beating=True)

    # ── limits, choices, shifts, measures ────────────────────────────────────────────────────────────────────────

    def set_team_limit(self, name: str, value: int) -> None:
        self.try_to(
            setting.set_limit,
            scope="team",
            scope_ref=self.staff.team,
            name=name,
            value=value,
            set_by=str(self.staff.lead),
            reason="as agreed",
            at=self.at,
        )

    def set_own_limit(self, hand: Hand, name: str, value: int) -> None:
        subject = str(hand.person.subject)
        self.try_to(
            setting.set_limit,
            scope="own",
            scope_ref=subject,
            name=name,
            value=value,
            set_by=subject,
            reason="",
            at=self.at,
        )

    def opt_out(self, hand: Hand, kind: str, value: str, until: timedelta | None) -> None:
        self.do(hand, choices.opt_out, kind=kind, value=value, until=self.at + until if until else None)

    def opt_back_in(self, hand: Hand) -> None:
        found = OptOut.objects.filter(subject=hand.person.subject, ended_at__isnull=True).first()
        if found is not None:
            self.do(hand, choices.opt_back_in, opt_out_id=found.pk)

    def agree(self, hand: Hand, *, agrees: bool) -> None:
        self.do(hand, choices.agree_to_severe if agrees else choices.revoke_agreement)

    def plan_shift(self, hand: Hand, *, quarters: int, hours: int) -> None:
        starts_at = self.at.replace(minute=0, second=0, microsecond=0) + HOUR + quarters * 15 * MINUTE
        subject = hand.person.subject
        shift = Planned(starts_at, starts_at + hours * HOUR)
        self.do(hand, shifts.plan, planned=[shift], planned_by=str(subject))

    def order(self, hand: Hand, kind: str, *, ahead: int) -> None:
        on = self.today(hand) + timedelta(days=ahead)
        act = Act(kind, from_on=on, until_on=on, words="", follow_up_on=None)
        self.do(hand, measures.act_for_person, act=act, set_by=str(self.staff.officer))
        self.do(hand, care.after_measure)

    def today(self, hand: Hand) -> date:
        return self.at.astimezone(hand.person.zone).date()

    def midnight(self, hand: Hand) -> datetime:
        return datetime.combine(self.today(hand) + timedelta(days=1), time(0), tzinfo=hand.person.zone)


def settle(subject: UUID, at: datetime) -> None:
    """Settle one person, as any act would."""
    with transaction.atomic():
        locking.hold(subject=subject, at=at)
