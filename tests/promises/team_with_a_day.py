"""A team of six and one of four after a full day: rich records with numbers that nothing else on a page has.

Every number of a person, every name and every subject is a needle; ``needles`` says which is whose.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from moderation.models import Answer, Case, Decision, DecisionState, Draft
from moderation.rules import public_ids
from people.encryption import seal_number
from people.models import Platform, Reset, Team, User
from queues.models import Claim, ClaimState, Job, Queue, Skip, Ticket
from tests import cast
from tests.cast import subject_of, where_it_is_noon
from tests.web.desk.scene import a_case_waits, a_policy, works_today
from wellbeing.core.rules.days import quarter_start
from wellbeing.models import (
    Break,
    BreakCause,
    BreakState,
    CaseSeen,
    DaySum,
    Exposure,
    ExposureSum,
    FlagCode,
    FlagLevel,
    Level,
    LimitRow,
    LoadFlag,
    Measure,
    MeasureKind,
    OptOut,
    Presence,
    PresenceKind,
    RecordReading,
    SevereAgreement,
)

SIX = ("Zyxwvut", "Qabbalo", "Vlkodlak", "Xanthippe", "Ouroboros", "Jmelisto")
FOUR = ("Wroclawa", "Brzezina", "Kvetoslav", "Ylipuoli")
BEGAN = timedelta(hours=5, minutes=17)
"""How long ago the day of everybody began: a clock time that no page has another reason to show."""

OWN_SECONDS = 4_711
SHOWN_MS = 2_907_613
LOOK_MS = 48_271
CASES = 1_847
DAY_SECONDS, DAY_CASES = 5_437, 2_113
SKIPS = 37
KEPT_AWAY = 6_133


@dataclass
class Day:
    """Who is there, what they did, and how each of it would be read on a page.

    ``cared``: what an officer reads beside the person, and nobody else: sums of a day, load flags, measures.
    """

    at: datetime
    teams: list[Team]
    queues: list[Queue]
    people: list[User]
    platform: Platform
    needles: dict[str, str] = field(default_factory=dict)
    cared: dict[str, str] = field(default_factory=dict)
    ids: dict[str, list[object]] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """Return the names of those who judge."""
        return {str(user): "a name" for user in self.people} | {
            f">{user.username}<": "a name to sign in with" for user in self.people
        }


def a_full_day(at: datetime) -> Day:
    """Make the two teams with everything that a day leaves behind."""
    north, small = cast.a_team("North"), cast.a_team("Small")
    lumen, umbra = cast.a_platform("Lumen"), cast.a_platform("Umbra")
    photos = cast.a_queue(platform=lumen, team=north)
    theirs = cast.a_queue(platform=umbra, team=small, name="Theirs")
    day = Day(at, [north, small], [photos, theirs], [], lumen)
    for team, queue, names in ((north, photos, SIX), (small, theirs, FOUR)):
        for place, name in enumerate(names):
            user = works_today(cast.a_user(name.lower(), "moderator", team=team))
            day.people.append(user)
            _works(day, user, queue, place)
    _somebody_else_set_a_sign_in_anew(day)
    _knows_ids(day)
    return day


def _somebody_else_set_a_sign_in_anew(day: Day) -> None:
    """The third person waits for a confirmation."""
    User.objects.filter(pk=day.people[2].pk).update(password="known to another")
    day.ids["reset_id"] = [Reset.objects.get().pk, 987654]


def _works(day: Day, user: User, queue: Queue, place: int) -> None:
    subject = subject_of(user)
    day.needles |= {str(subject): f"the subject of {user}", subject.hex: f"the subject of {user}"}
    _was_shown(day, user, subject, place)
    _rested(day, user, subject, place)
    _set_for_themselves(day, user, subject, place)
    _judged(day, user, subject, queue, place)
    _cared_for(day, user, subject, place)


def _was_shown(day: Day, user: User, subject: UUID, place: int) -> None:
    began, look, shown = day.at - BEGAN, LOOK_MS + place, SHOWN_MS + 1_000 * place
    Exposure.objects.create(
        subject=subject,
        case_ref=uuid.uuid4(),
        claim_ref=uuid.uuid4(),
        quarter_at=quarter_start(began),
        category="GORE",
        severity=4,
        level=Level.COLOUR,
        medium="picture",
        opened_at=began,
        last_beat_at=began,
        shown_ms=look,
        closed_at=began + timedelta(seconds=48),
        closed_reason="covered",
        load_model_version=1,
    )
    ExposureSum.objects.create(
        subject=subject, quarter_at=quarter_start(began), severity=3, shown_ms=shown, cases=CASES + place
    )
    CaseSeen.objects.create(
        subject=subject,
        case_ref=uuid.uuid4(),
        local_date=began.date(),
        quarter_at=quarter_start(began),
        severity=3,
    )
    _needle(day, user, "milliseconds of one look", str(look), f"{look:,}")
    _needle(day, user, "seconds that were shown", *_durations(shown // 1000))
    _needle(day, user, "cases that were shown", str(CASES + place), f"{CASES + place:,}")


def _rested(day: Day, user: User, subject: UUID, place: int) -> None:
    began = day.at - BEGAN
    Presence.objects.create(
        subject=subject, kind=PresenceKind.WAITING, opened_at=began, last_beat_at=began, closed_at=began
    )
    Break.objects.create(
        subject=subject,
        cause=BreakCause.TOO_MUCH,
        state=BreakState.OVER,
        length_ms=973_000 + place,
        served_ms=973_000 + place,
        due_at=began,
        started_at=began,
        over_at=began,
    )
    RecordReading.objects.create(subject=subject, reader="system", what="question", at=began)
    _needle(day, user, "milliseconds of a break", str(973_000 + place))
    there = began.astimezone(ZoneInfo(where_it_is_noon(timezone.now())))
    _needle(day, user, "when the day began", f"{there:%H:%M}", f"{began:%H:%M}", began.isoformat())


def _set_for_themselves(day: Day, user: User, subject: UUID, place: int) -> None:
    value = OWN_SECONDS + place
    LimitRow.objects.create(
        scope="own",
        scope_ref=str(subject),
        name="seconds_1",
        value=value,
        set_at=day.at - timedelta(days=2),
        set_by=str(subject),
    )
    _needle(day, user, "own limit", *_durations(value))
    chosen = OptOut.objects.create(
        subject=subject, kind="category", value=f"OWN_{KEPT_AWAY + place}", set_at=day.at - timedelta(days=2)
    )
    SevereAgreement.objects.filter(subject=subject).update(given_at=day.at - BEGAN)
    _needle(day, user, "opt-out", chosen.value, str(chosen.pk))
    day.ids.setdefault("opt_out_id", []).append(chosen.pk)


def _judged(day: Day, user: User, subject: UUID, queue: Queue, place: int) -> None:
    began = day.at - BEGAN
    Skip.objects.bulk_create(Skip(subject=subject, case_ref=uuid.uuid4(), at=began) for _ in range(SKIPS))
    submitted = a_case_waits(queue, text=f"Case of {place}", severity=2, category="HATE")
    claim = Claim.objects.create(
        job=submitted.job,
        subject=subject,
        fence=1,
        state=ClaimState.CLOSED,
        claimed_at=began,
        lease_until=began,
        closed_at=began + timedelta(milliseconds=LOOK_MS),
        closed_reason="decided",
    )
    Job.objects.filter(pk=submitted.job.pk).update(state="done")
    decision = _decided(submitted.case, submitted.job, subject, queue, day.at)
    Answer.objects.create(
        platform_id=queue.platform_id,
        revision=submitted.revision,
        decision=decision,
        decided_by="person",
        feed_position=place + 1,
        appealable_until=day.at + timedelta(days=180),
        answered_at=day.at,
    )
    submitted.revision.status = "decided"
    submitted.revision.save(update_fields=["status"])
    Draft.objects.create(subject=subject, case=submitted.case, rationale=f"draft of {user}", saved_at=day.at)
    Ticket.objects.create(subject=subject, since=began, last_beat_at=began)
    day.needles |= {str(claim.pk): f"a claim of {user}", f"draft of {user}": "a draft"}
    day.ids.setdefault("item_id", []).append(public_ids.tell("itm", submitted.revision.item_id))
    day.ids.setdefault("decision_id", []).append(
        public_ids.tell("dec", Answer.objects.get(decision=decision).pk)
    )


def _decided(case: Case, job: Job, subject: UUID, queue: Queue, at: datetime) -> Decision:
    return Decision.objects.create(
        id=uuid.uuid4(),
        case=case,
        job_ref=job.pk,
        subject=subject,
        state=DecisionState.FINAL,
        action="remove",
        policy_version=a_policy(queue),
        severity=2,
        decided_at=at,
        effective_at=at,
    )


def _cared_for(day: Day, user: User, subject: UUID, place: int) -> None:
    """Yesterday's sum, a red flag and a lighter queue of next week."""
    yesterday, seconds, cases = day.at.date() - timedelta(days=1), DAY_SECONDS + place, DAY_CASES + place
    DaySum.objects.create(
        subject=subject, local_date=yesterday, severity=2, shown_ms=seconds * 1000, cases=cases, load_units=1
    )
    figures = {"week": f"{7301 + place}.5", "percent": 200, "mean": "1.0", "least": 240}
    flag = LoadFlag.objects.create(
        subject=subject,
        code=FlagCode.RAPID_RISE,
        level=FlagLevel.AMBER,
        local_date=yesterday,
        figures=figures,
        raised_at=day.at,
    )
    measure = Measure.objects.create(
        subject=subject,
        flag=flag,
        kind=MeasureKind.LIGHTER_QUEUE,
        from_on=yesterday + timedelta(days=8),
        until_on=yesterday + timedelta(days=9),
        words=f"A quieter week for {user}",
        set_by="system",
        set_at=day.at,
    )
    day.cared |= dict.fromkeys(_durations(seconds), f"seconds of a day, {user}")
    day.cared |= dict.fromkeys((str(cases), f"{cases:,}"), f"cases of a day, {user}")
    day.cared |= {measure.words: f"a measure, {user}", str(figures["week"]): f"a load flag, {user}"}
    day.ids.setdefault("flag_id", []).append(flag.pk)
    day.ids.setdefault("measure_id", []).append(measure.pk)


def _durations(seconds: int) -> tuple[str, ...]:
    """Return how a page might write a number of seconds."""
    minutes, rest = divmod(seconds, 60)
    return (
        str(seconds),
        f"{seconds:,}",
        f"{minutes}:{rest:02}",
        f"{minutes} min {rest}",
        f"{minutes // 60} h {minutes % 60:02} min {rest}",
        f"{seconds / 60:.2f}",
    )


def _needle(day: Day, user: User, what: str, *texts: str) -> None:
    day.needles |= dict.fromkeys(texts, f"{what}, {user}")


def _knows_ids(day: Day) -> None:
    """Every id that an address may ask for: own, another team's, another platform's, and what does not exist."""
    nothing = UUID("00000000-0000-4000-8000-000000000000")
    subjects: list[object] = [subject_of(user) for user in (day.people[0], day.people[-1])]
    day.ids |= {
        "mark": [seal_number(1, about="session"), seal_number(987654, about="session"), "1"],
        "person_id": [day.people[0].pk, day.people[-1].pk, 987654],
        "queue_id": [*(queue.pk for queue in day.queues), 987654],
        "platform_id": [day.platform.pk, nothing, *subjects],
        "key_id": [1, 987654],
        "announcement_id": [1, 987654],
        "token": ["nothing", str(subjects[0])],
        "exposure_id": [Exposure.objects.order_by("opened_at", "id")[0].pk, *subjects],
        "medium_id": [nothing],
        "level": ["colour"],
        "row": [1, 987654],
        "request_id": [nothing, *subjects],
        "flag_id": [nothing, *subjects, *day.ids["flag_id"][:1]],
        "measure_id": [nothing, *subjects, *day.ids["measure_id"][:1]],
        "contact_id": [nothing, *subjects],
        "contract_id": [nothing, *subjects],
        "question_id": [nothing, *subjects],
        "buddy_id": [nothing, *subjects],
        "opt_out_id": [nothing, *subjects, *day.ids["opt_out_id"][:1]],
        "walk_step": ["desk", "ladder", "breaks", "contacts", str(subjects[0])],
        "shift_id": [nothing, *subjects],
        "preset": ["default", "specialist", "volunteer", "starter", str(subjects[0])],
        "proposal_id": [nothing, *subjects],
        "kind": ["ceiling", "category", "weight", "shield"],
        "target": ["seconds_3", "GORE", "severity_3", "start_samples", str(subjects[0])],
        "item_id": [*day.ids["item_id"][:2], *day.ids["item_id"][-1:], "itm_" + subject_hex(subjects[0])],
        "decision_id": [*day.ids["decision_id"][:2], *day.ids["decision_id"][-1:]],
    }


def subject_hex(subject: object) -> str:
    return UUID(str(subject)).hex
