"""P8. Refusing costs nothing. Skip, step away, opt out and break need no reason, change no later allocation beyond
what they ask, and appear in no view of a lead or a platform.

Seen red with: a ticket that moves back when somebody opts out, a released case that loses its place, an opt-out that takes
its whole queue away, and ``OptOut`` named in the board's module.
"""

import inspect
import random
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from audit.models import AuditRow
from people.models import User
from queues.models import Job, Queue, Ticket
from queues.services import choices, desk
from tests.cast import T0, a_platform, a_queue, subject_of
from tests.queues.work import MINUTE, SECOND, a_case_comes_in, act, asks, finishes, gets, settles
from wellbeing.core.services import breaks

ROOT = Path(__file__).resolve().parents[2]


def the_same_work_comes_in(*queues: Queue, count: int, seed: int, hour: int = 0) -> None:
    """The same cases for each queue, in the same order, told apart by ``expected_seconds``."""
    chance = random.Random(seed)
    for number in range(count):
        facts: dict[str, Any] = {
            "severity": chance.choice([0, 1, 2]),
            "priority": chance.randrange(100),
            "category": chance.choice(["HATE", "SPAM_FRAUD", "DISGUST"]),
            "expected_seconds": 1000 * hour + number + 1,
        }
        for queue in queues:
            a_case_comes_in(
                queue, at=T0, case_ref=UUID(int=queue.pk * 10**9 + number + 10**6 * hour), **facts
            )


def works_through(user: User, *, skips: set[int] = frozenset(), at=T0) -> list[int]:  # type: ignore[assignment]
    """The person takes all there is, skipping what has these numbers; returns the numbers in the order they came."""
    came: list[int] = []
    while (claim := asks(user, at)) is not None:
        number = claim.job.expected_seconds
        came.append(number)
        if number in skips:
            desk.skip(**act(claim, at))
            settles(at)
        else:
            finishes(claim, at=at)
    return came


@pytest.fixture
def control(charlie: User) -> Queue:
    """A queue of charlie's team, where nobody ever skips."""
    return a_queue(platform=a_platform("Umbra"), team=charlie.memberships.get().team)


def opts_out(user: User, kind: str, value: str = "", *, at: datetime = T0) -> UUID:
    return choices.opt_out(subject=subject_of(user), kind=kind, value=value, until=None, at=at)


@pytest.mark.django_db
def test_after_fifty_skips_and_opt_outs_of_other_things_work_comes_as_to_who_never_refused(
    alice: User, charlie: User, photos: Queue, control: Queue
) -> None:
    elsewhere = a_queue(platform=a_platform("Third"), team=alice.memberships.get().team, name="Elsewhere")
    the_same_work_comes_in(photos, control, count=60, seed=2)
    for kind, value in (
        ("category", "ANIMAL"),
        ("medium", "audio"),
        ("sound", ""),
        ("language", "fr"),
        ("queue", str(elsewhere.pk)),
    ):
        opts_out(alice, kind, value)
    skips = set(random.Random(2).sample(range(1, 61), 50))
    assert works_through(alice, skips=skips) == works_through(charlie)
    left = set(
        Job.objects.filter(lane__queue=photos, state="waiting").values_list("expected_seconds", flat=True)
    )
    assert left == skips
    the_same_work_comes_in(photos, control, count=20, seed=12, hour=1)
    assert works_through(alice, at=T0 + SECOND) == works_through(charlie, at=T0 + SECOND)


@pytest.mark.django_db
def test_who_skipped_keeps_the_same_place_in_the_line(alice: User, amina: User, photos: Queue) -> None:
    the_same_work_comes_in(photos, count=10, seed=3)
    assert len(works_through(alice, skips=set(range(1, 11)))) == 10
    assert asks(alice, T0 + SECOND) is None
    Job.objects.update(state="ended")
    asks(amina, T0 + 2 * SECOND)
    offered = a_case_comes_in(photos, at=T0 + 3 * SECOND)
    assert offered.claims.get().subject == subject_of(alice)


def too_much_and_keep(*, subject: UUID, at: datetime) -> None:
    """Say that it was too much, and keep the case."""
    handed_back = desk.too_much(subject=subject, at=at)
    assert handed_back is not None
    desk.keep_for_me(subject=subject, claim_id=handed_back, at=at)


@pytest.mark.django_db
def test_after_what_was_too_much_everything_else_comes_as_to_who_never_said_so(
    alice: User, charlie: User, photos: Queue, control: Queue
) -> None:
    """Said thrice: these three are gone, and nothing else is different from who skipped none of it."""
    the_same_work_comes_in(photos, control, count=12, seed=4)
    at, gone = T0, set()
    for _ in range(3):
        claim = gets(alice, at)
        gone.add(claim.job.expected_seconds)
        desk.too_much(subject=claim.subject, at=at)
        settles(at)
        for _tick in range(6 * 15):
            at += 10 * SECOND
            breaks.tick_next(at=at)
        desk.return_from_break(subject=subject_of(alice), at=at, beating=True)
    others = [seconds for seconds in works_through(charlie, at=at) if seconds not in gone]
    assert works_through(alice, at=at) == others


@pytest.mark.django_db
@pytest.mark.parametrize(("refuses", "minutes"), [(desk.step_away, 8), (too_much_and_keep, 15)])
def test_who_stepped_away_gets_the_same_work_as_who_did_not(
    alice: User, charlie: User, photos: Queue, control: Queue, refuses, minutes: int
) -> None:
    the_same_work_comes_in(photos, control, count=12, seed=4)
    at = T0
    for _ in range(3):
        refuses(subject=gets(alice, at).subject, at=at)
        for _tick in range(6 * minutes):
            at += 10 * SECOND
            breaks.tick_next(at=at)
        desk.return_from_break(subject=subject_of(alice), at=at, beating=True)
    assert works_through(alice, at=at) == works_through(charlie, at=at)


@pytest.mark.django_db
@pytest.mark.parametrize("category", ["HATE", "SPAM_FRAUD", "DISGUST"])
def test_an_opt_out_takes_away_what_it_names_and_the_rest_comes_in_the_same_order(
    alice: User, charlie: User, photos: Queue, control: Queue, category: str
) -> None:
    the_same_work_comes_in(photos, control, count=18, seed=6)
    named = set(
        Job.objects.filter(lane__queue=photos, lane__category=category).values_list(
            "expected_seconds", flat=True
        )
    )
    opts_out(alice, "category", category)
    assert works_through(alice) == [number for number in works_through(charlie) if number not in named]


@pytest.mark.django_db
def test_who_opts_back_in_gets_what_who_never_opted_out_gets(
    alice: User, charlie: User, photos: Queue, control: Queue
) -> None:
    the_same_work_comes_in(photos, control, count=12, seed=7)
    for value in ("HATE", "DISGUST"):
        asks(alice)
        made = opts_out(alice, "category", value)
        settles()
        choices.opt_back_in(subject=subject_of(alice), opt_out_id=made, at=T0)
    claim = asks(alice)
    if claim is not None:
        desk.hand_back(**act(claim, T0))
        settles()
    assert works_through(alice, at=T0) == works_through(charlie, at=T0)


@pytest.mark.django_db
def test_who_opts_out_keeps_their_place_in_the_line(alice: User, amina: User, photos: Queue) -> None:
    asks(alice)
    asks(amina, T0 + SECOND)
    opts_out(alice, "category", "GORE", at=T0 + 2 * SECOND)
    choices.revoke_agreement(subject=subject_of(alice), at=T0 + 2 * SECOND)
    offered = a_case_comes_in(photos, at=T0 + 3 * SECOND, category="HATE")
    assert offered.claims.get().subject == subject_of(alice)


@pytest.mark.django_db
def test_what_was_released_goes_to_others_in_its_old_place(alice: User, amina: User, photos: Queue) -> None:
    the_same_work_comes_in(photos, count=10, seed=8)
    expected = list(Job.objects.order_by("sort_key", "id").values_list("expected_seconds", flat=True))
    for category in ("HATE", "SPAM_FRAUD", "DISGUST"):
        asks(alice)
        opts_out(alice, "category", category)
        settles()
    assert asks(alice) is None
    assert works_through(amina, at=T0 + MINUTE) == expected


@pytest.mark.django_db
def test_others_get_what_was_skipped_in_its_old_place(alice: User, amina: User, photos: Queue) -> None:
    the_same_work_comes_in(photos, count=10, seed=5)
    expected = list(Job.objects.order_by("sort_key", "id").values_list("expected_seconds", flat=True))
    works_through(alice, skips=set(range(1, 11)))
    assert works_through(amina, at=T0 + MINUTE) == expected


@pytest.mark.any_database
@pytest.mark.parametrize(
    "command",
    [
        desk.skip,
        desk.hand_back,
        desk.step_away,
        desk.too_much,
        desk.keep_for_me,
        choices.opt_back_in,
        choices.revoke_agreement,
    ],
)
def test_no_reason_is_asked(command) -> None:
    asked = set(inspect.signature(command).parameters)
    assert asked <= {"subject", "claim_id", "fence", "opt_out_id", "at"}


@pytest.mark.any_database
def test_what_and_until_when_is_all_that_is_asked_of_who_opts_out() -> None:
    assert set(inspect.signature(choices.opt_out).parameters) == {"subject", "kind", "value", "until", "at"}


@pytest.mark.django_db
def test_refusing_is_written_into_no_record_that_others_read(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    desk.skip(**act(gets(alice), T0))
    desk.step_away(subject=subject_of(alice), at=T0 + SECOND)
    desk.too_much(subject=subject_of(alice), at=T0 + 2 * SECOND)
    opts_out(alice, "category", "GORE", at=T0 + 3 * SECOND)
    choices.revoke_agreement(subject=subject_of(alice), at=T0 + 4 * SECOND)
    assert not AuditRow.objects.exists()
    assert not Ticket.objects.exists()


@pytest.mark.any_database
def test_opt_outs_are_known_to_who_hands_out_work_to_the_person_alone() -> None:
    """Whoever says that nobody is available (``wellbeing.limits.selectors.available``) does not read them.

    ``selectors.spread`` takes whoever opted out out of a comparison, for the allocator.
    """
    knows = re.compile(r"\bOptOut\b|wellbeing_optout|SevereAgreement|wellbeing_severeagreement")
    readers = {
        str(path.relative_to(ROOT))
        for app in ("audit", "config", "live", "moderation", "outbox", "people", "queues", "web", "wellbeing")
        for path in (ROOT / app).rglob("*.py")
        if not {"migrations", "models"} & set(path.parts) and knows.search(path.read_text())
    }
    assert readers <= {
        "config/demo/people.py",
        "wellbeing/choices/selectors/chosen.py",
        "wellbeing/core/binding.py",
        "wellbeing/limits/selectors/spread.py",
        "wellbeing/choices/services/choosing.py",
    }


@pytest.mark.any_database
def test_skips_are_known_to_nobody_but_the_services_that_hand_out_work() -> None:
    knows = re.compile(r"\bSkip\b|queues_skip|skip_set")
    readers = {
        str(path.relative_to(ROOT))
        for app in ("audit", "config", "live", "moderation", "outbox", "people", "queues", "web", "wellbeing")
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and knows.search(path.read_text())
    }
    assert readers == {
        "queues/models.py",
        "queues/services/desk.py",
        "queues/services/endings.py",
        "queues/services/offers.py",
        "queues/services/picking.py",
        "queues/services/tickets.py",
    }
