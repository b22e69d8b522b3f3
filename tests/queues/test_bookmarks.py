"""Bookmarks change what a pick costs, and nothing of what it picks."""

import random
import re
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from people.models import User
from queues.models import Bookmark, EarlierJob, Job, JobState, Lane, Queue, Skip
from queues.rules.lanes import OpenLane
from queues.services import bookmarks, desk, picking
from queues.services.bookmarks import MANY, move, tidy_next
from queues.services.picking import pick, pick_shortest
from tests.cast import T0, subject_of
from tests.queues.work import MINUTE, SECOND, a_case_comes_in, asks, at_once, broken, gets, waiting_in
from wellbeing.core.rules.opt_outs import NOTHING
from wellbeing.core.rules.turns import DUE_SOON

ME: Final = UUID(int=1)
YOU: Final = UUID(int=2)


@pytest.fixture
def gore(photos: Queue) -> Lane:
    return Lane.objects.create(queue=photos, category="GORE", severity=3)


@pytest.fixture
def spam(photos: Queue) -> Lane:
    return Lane.objects.create(queue=photos, category="SPAM_FRAUD", severity=0)


by_bookmarks: Final = partial(pick, by_bookmarks=True)


def skips(*jobs: Job, who: UUID = ME) -> None:
    Skip.objects.bulk_create([Skip(subject=who, case_ref=job.case_ref, at=T0) for job in jobs])


def takes(*lanes: Lane, who: UUID = ME) -> int | None:
    with transaction.atomic():
        job = by_bookmarks(lanes=[OpenLane(lane.pk, 600, False) for lane in lanes], subject=who, at=T0)
    return None if job is None else job.pk


def waits_at(lane: Lane, key: int, **facts: Any) -> Job:
    return waiting_in(lane, count=1, sort_key=key, **facts)[0]


# ── what a bookmark is ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_it_stands_after_the_last_job_before_the_first_that_was_not_skipped(gore: Lane) -> None:
    one, two, three, four = waiting_in(gore, count=4)
    skips(one, two, four)
    assert move(subject=ME, lane_id=gore.pk)
    assert Bookmark.objects.values_list("subject", "lane", "sort_key", "job_id").get() == (
        ME,
        gore.pk,
        1,
        two.pk,
    )
    assert not move(subject=ME, lane_id=gore.pk)
    assert takes(gore) == three.pk
    assert takes(gore, who=YOU) == one.pk


@pytest.mark.django_db
def test_it_goes_on_from_where_it_stands(gore: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookmarks, "AT_ONCE", 2)
    jobs = waiting_in(gore, count=5, sort_key=7)
    skips(*jobs)
    assert [move(subject=ME, lane_id=gore.pk) for _ in range(4)] == [True, True, True, False]
    assert Bookmark.objects.get().job_id == jobs[-1].pk


@pytest.mark.django_db
def test_where_nothing_was_skipped_there_is_none(gore: Lane) -> None:
    waiting_in(gore, count=2)
    assert not move(subject=ME, lane_id=gore.pk)
    assert not Bookmark.objects.exists()


@pytest.mark.django_db
def test_whoever_takes_a_skip_back_has_none_any_more(gore: Lane) -> None:
    first, second = waiting_in(gore, count=2)
    skips(first, second)
    skips(first, who=YOU)
    assert move(subject=ME, lane_id=gore.pk)
    assert move(subject=YOU, lane_id=gore.pk)
    Skip.objects.filter(subject=ME, case_ref=first.case_ref).delete()
    assert Bookmark.objects.get().subject == YOU
    assert takes(gore) == first.pk


# ── what comes to wait before it ─────────────────────────────────────────────────────────────────────────────────


def comes_in(lane: Lane, elsewhere: Lane) -> Job:
    return waits_at(lane, 0)


def is_handed_back(lane: Lane, elsewhere: Lane) -> Job:
    job = waits_at(lane, 0, state=JobState.CLAIMED)
    for state in (JobState.OFFERING, JobState.WAITING):
        Job.objects.filter(pk=job.pk).update(state=state)
    return job


def is_relabelled(lane: Lane, elsewhere: Lane) -> Job:
    job = waits_at(elsewhere, 0)
    Job.objects.filter(pk=job.pk).update(lane=lane)
    return job


def is_hurried(lane: Lane, elsewhere: Lane) -> Job:
    job = waits_at(lane, 99)
    Job.objects.filter(pk=job.pk).update(sort_key=0)
    return job


def is_about_another_case(lane: Lane, elsewhere: Lane) -> Job:
    job = Job.objects.filter(lane=lane).order_by("sort_key", "id")[0]
    Job.objects.filter(pk=job.pk).update(case_ref=uuid4())
    return job


COMES: Final = (comes_in, is_handed_back, is_relabelled, is_hurried, is_about_another_case)


@pytest.mark.django_db
@pytest.mark.parametrize("comes", COMES)
def test_what_comes_to_wait_before_a_bookmark_is_picked(
    gore: Lane, spam: Lane, comes: Callable[[Lane, Lane], Job]
) -> None:
    """Each seen red without its clause of the trigger."""
    skips(*waiting_in(gore, count=3, sort_key=5))
    assert move(subject=ME, lane_id=gore.pk)
    job = comes(gore, spam)
    assert takes(gore) == job.pk
    assert takes(gore) is None


@pytest.mark.django_db
def test_what_comes_to_wait_after_all_bookmarks_is_not_listed(gore: Lane, spam: Lane) -> None:
    skips(*waiting_in(gore, count=3, sort_key=5))
    assert move(subject=ME, lane_id=gore.pk)
    late = waits_at(gore, 6)
    Job.objects.filter(pk=late.pk).update(sort_key=7)
    waits_at(spam, 0)
    assert not EarlierJob.objects.exists()
    assert takes(gore) == late.pk


# ── the same picks ───────────────────────────────────────────────────────────────────────────────────────────────


class Shift:
    """Random work in two lanes, by writers of every kind; whoever picks is compared with a look at every row."""

    def __init__(self, lanes: list[Lane], seed: int) -> None:
        self.lanes, self.random = lanes, random.Random(seed)
        self.people = [UUID(int=number) for number in range(1, 4)]

    def some_job(self, *states: str) -> Job | None:
        jobs = list(Job.objects.filter(state__in=states).order_by("pk"))
        return self.random.choice(jobs) if jobs else None

    def change(self, *states: str, **changes: object) -> None:
        job = self.some_job(*states)
        if job is not None:
            Job.objects.filter(pk=job.pk).update(**changes)

    def comes_in(self) -> None:
        due_at = self.random.choice([None, T0, T0 + DUE_SOON * 2])
        facts: dict[str, Any] = {"expected_seconds": self.random.choice([10, 30, 90]), "due_at": due_at}
        state = self.random.choice([JobState.WAITING, JobState.OFFERING])
        waits_at(self.random.choice(self.lanes), self.random.randrange(20), state=state, **facts)

    def is_offered(self) -> None:
        self.change(JobState.OFFERING, state=JobState.WAITING)

    def is_handed_back(self) -> None:
        self.change(JobState.CLAIMED, state=JobState.OFFERING)

    def is_released(self) -> None:
        self.change(JobState.CLAIMED, state=JobState.WAITING)

    def is_relabelled(self) -> None:
        self.change(JobState.WAITING, JobState.OFFERING, lane=self.random.choice(self.lanes))

    def moves_in_its_line(self) -> None:
        self.change(JobState.WAITING, sort_key=self.random.randrange(20))

    def ends(self) -> None:
        self.change(JobState.WAITING, JobState.CLAIMED, state=JobState.ENDED)

    def is_skipped(self) -> None:
        job = self.some_job(JobState.WAITING, JobState.CLAIMED)
        if job is not None:
            Skip.objects.get_or_create(
                subject=self.random.choice(self.people), case_ref=job.case_ref, defaults={"at": T0}
            )

    def skips_the_first(self) -> None:
        lane = self.random.choice(self.lanes)
        for job in Job.objects.filter(lane=lane).waiting().order_by("sort_key", "id")[:8]:
            Skip.objects.get_or_create(subject=self.people[0], case_ref=job.case_ref, defaults={"at": T0})

    def is_taken_back(self) -> None:
        taken_back = list(Skip.objects.order_by("pk"))
        if taken_back:
            self.random.choice(taken_back).delete()

    def a_bookmark_moves(self) -> None:
        for lane in self.lanes:
            move(subject=self.people[0], lane_id=lane.pk)
            move(subject=self.random.choice(self.people), lane_id=lane.pk)

    def is_tidied(self) -> None:
        tidy_next(T0)

    def is_picked(self) -> None:
        terms = self.terms()
        with transaction.atomic():
            by_bookmarks(lanes=terms, subject=self.random.choice(self.people), at=T0)

    def terms(self) -> list[OpenLane]:
        return [
            OpenLane(
                lane.pk,
                self.random.choice([20, 600]),
                False,
                self.random.randrange(2),
                self.random.randrange(2),
            )
            for lane in self.lanes
        ]

    def step(self) -> None:
        acts = [self.comes_in, self.skips_the_first, self.a_bookmark_moves] * 4
        acts += [self.is_relabelled, self.moves_in_its_line, self.is_offered] * 3
        acts += [self.is_skipped, self.is_handed_back, self.is_released, self.ends]
        acts += [self.is_taken_back, self.is_tidied, self.is_picked]
        self.random.choice(acts)()

    def compare(self) -> None:
        for subject in self.people:
            terms = self.terms()
            first, shortest = by_looking_at_every_row(terms, subject)
            assert tried(by_bookmarks, terms, subject) == first
            if subject == self.people[-1]:
                assert tried(pick_shortest, terms, subject) == shortest
            if connection.vendor == "postgresql":
                parameters = picking._parameters(terms, subject, T0, NOTHING)
                assert picking._any_left(picking.BY_BOOKMARKS, parameters) == (first is not None)


def tried(how: Callable[..., Job | None], terms: list[OpenLane], subject: UUID) -> int | None:
    """Pick, and undo it."""
    with transaction.atomic():
        job = how(lanes=terms, subject=subject, at=T0)
        transaction.set_rollback(True)
    return None if job is None else job.pk


def by_looking_at_every_row(terms: list[OpenLane], subject: UUID) -> tuple[int | None, int | None]:
    """What ``pick`` and ``pick_shortest`` should take, by a look at each row."""
    skipped = set(Skip.objects.filter(subject=subject).values_list("case_ref", flat=True))
    first, all_that_waits = [], []
    width = picking.WIDTHS[0] if connection.vendor == "postgresql" else 1
    for lane in terms:
        waiting = Job.objects.filter(lane_id=lane.id, state=JobState.WAITING)
        line = sorted(waiting, key=lambda job: (job.sort_key, job.pk))
        fits = [job for job in line if job.expected_seconds <= lane.seconds and job.case_ref not in skipped]
        first += [(rank_of(job, lane), job.sort_key, job.pk) for job in fits[:width]]
        all_that_waits += [(job.expected_seconds, job.sort_key, job.pk) for job in fits]
    return min(first, default=(None,))[-1], min(all_that_waits, default=(None,))[-1]


def rank_of(job: Job, lane: OpenLane) -> int:
    return lane.due_rank if job.due_at is not None and job.due_at <= T0 + DUE_SOON else lane.rank


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_with_bookmarks_everybody_picks_what_they_would_without(
    gore: Lane, spam: Lane, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bookmarks, "MOST_EARLIER", 3)
    monkeypatch.setattr(bookmarks, "AT_ONCE", 4)
    shift = Shift([gore, spam], seed)
    for _ in range(40):
        shift.step()
        shift.compare()


# ── at the desk ──────────────────────────────────────────────────────────────────────────────────────────────────


def skips_what_comes(user: User, at: datetime = T0) -> Job:
    claim = gets(user, at)
    desk.skip(subject=subject_of(user), claim_id=claim.id, fence=claim.fence, at=at)
    return claim.job


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("count", "moves"), [(MANY - 2, False), (MANY - 1, True)])
def test_a_skip_moves_it_after_its_commit_where_many_were_skipped_in_a_row(
    alice: User, photos: Queue, count: int, moves: bool
) -> None:
    first = a_case_comes_in(photos)
    skips(*waiting_in(first.lane, count=count, sort_key=0), who=subject_of(alice))
    last = skips_what_comes(alice)
    found = list(Bookmark.objects.values_list("subject", "job_id"))
    assert found == ([(subject_of(alice), last.pk)] if moves else [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("something_waits", [True, False])
def test_whoever_has_one_has_all_moved_by_asking(alice: User, photos: Queue, something_waits: bool) -> None:
    """Also in a lane that is not picked from; none that would move over a few."""
    lanes = [a_case_comes_in(photos, category=category).lane for category in ("GORE", "HATE", "HARASS")]
    Job.objects.all().delete()
    for lane, count in zip(lanes, (MANY, MANY, MANY - 1), strict=True):
        skips(*waiting_in(lane, count=count), who=subject_of(alice))
    if something_waits:
        waits_at(lanes[0], 10_000)
    Bookmark.objects.create(subject=subject_of(alice), lane=lanes[0], sort_key=bookmarks.BEFORE_ALL, job_id=0)
    assert (asks(alice) is not None) == something_waits
    assert set(Bookmark.objects.filter(sort_key__gte=0).values_list("lane", flat=True)) == {
        lanes[0].pk,
        lanes[1].pk,
    }


@pytest.mark.django_db(transaction=True)
def test_a_case_that_comes_back_is_handed_out_again(alice: User, amina: User, photos: Queue) -> None:
    first = a_case_comes_in(photos)
    theirs = gets(amina)
    skips(*waiting_in(first.lane, count=MANY, sort_key=first.sort_key), who=subject_of(alice))
    assert move(subject=subject_of(alice), lane_id=first.lane_id)
    assert asks(alice, T0 + SECOND) is None
    desk.skip(subject=subject_of(amina), claim_id=theirs.id, fence=theirs.fence, at=T0 + MINUTE)
    assert gets(alice, T0 + MINUTE).job_id == first.pk


@pytest.mark.django_db(transaction=True)
def test_who_keeps_a_case_after_too_much_gets_its_other_look_too(alice: User, photos: Queue) -> None:
    """A skip that is taken back holds for every job of the case."""
    first = a_case_comes_in(photos)
    claim = gets(alice)
    second = a_case_comes_in(photos, case_ref=first.case_ref, kind="second")
    Job.objects.filter(pk=second.pk).update(sort_key=0)
    handed_back = desk.too_much(subject=subject_of(alice), at=T0 + SECOND)
    assert handed_back == claim.id
    assert move(subject=subject_of(alice), lane_id=first.lane_id)
    desk.keep_for_me(subject=subject_of(alice), claim_id=claim.id, at=T0 + 2 * SECOND)
    assert not Bookmark.objects.exists()
    assert takes(first.lane, who=subject_of(alice)) == second.pk


# ── tidying ──────────────────────────────────────────────────────────────────────────────────────────────────────


def sweeps() -> None:
    while tidy_next(T0):
        pass


@pytest.mark.django_db
def test_what_waits_no_more_is_dropped_from_a_crowded_lane(
    gore: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bookmarks, "MOST_EARLIER", 2)
    skips(*waiting_in(gore, count=1, sort_key=9))
    assert move(subject=ME, lane_id=gore.pk)
    first, *others = waiting_in(gore, count=2)
    sweeps()
    assert EarlierJob.objects.count() == 2
    others += waiting_in(gore, count=1)
    Job.objects.filter(pk=first.pk).update(state=JobState.DONE)
    sweeps()
    assert list(EarlierJob.objects.values_list("job_id", flat=True)) == [job.pk for job in others]
    assert Bookmark.objects.exists()


@pytest.mark.django_db
def test_where_too_many_earlier_jobs_wait_bookmarks_begin_anew(
    gore: Lane, spam: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bookmarks, "MOST_EARLIER", 2)
    for lane in (gore, spam):
        skips(*waiting_in(lane, count=1, sort_key=9))
        assert move(subject=ME, lane_id=lane.pk)
    earlier = waiting_in(gore, count=3)
    sweeps()
    assert not EarlierJob.objects.exists()
    assert Bookmark.objects.get(sort_key=9).lane == spam
    assert Bookmark.objects.get(sort_key=bookmarks.BEFORE_ALL).lane == gore
    assert takes(gore) == earlier[0].pk


# ── two at once ──────────────────────────────────────────────────────────────────────────────────────────────────


def while_open(mine: Callable[[], object], theirs: Callable[[], object]) -> object:
    """Do *mine*, let another connection do *theirs* until it is through or waits, commit; return what theirs came to."""
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.extend(at_once(theirs)))
    with transaction.atomic():
        mine()
        thread.start()
        while thread.is_alive() and not somebody_waits():
            continue
    thread.join(60)
    return results[0]


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def waits_again(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)


def takes_a_skip_back(job: Job) -> None:
    Skip.objects.filter(subject=ME, case_ref=job.case_ref).delete()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """Neither sees the other before both are committed. The first four seen red without the locks of the triggers."""

    def test_a_bookmark_does_not_pass_a_job_that_is_coming_to_wait(self, gore: Lane) -> None:
        skips(*waiting_in(gore, count=3, sort_key=5))
        job = waits_at(gore, 0, state=JobState.CLAIMED)
        moved = while_open(lambda: waits_again(job), lambda: move(subject=ME, lane_id=gore.pk))
        assert moved is False
        assert takes(gore) == job.pk

    def test_a_job_that_comes_to_wait_sees_a_bookmark_that_is_moving(self, gore: Lane) -> None:
        skips(*waiting_in(gore, count=3, sort_key=5))
        job = waits_at(gore, 0, state=JobState.CLAIMED)
        came = while_open(lambda: move(subject=ME, lane_id=gore.pk), lambda: waits_again(job))
        assert came is None
        assert Bookmark.objects.exists()
        assert takes(gore) == job.pk

    def test_a_bookmark_does_not_pass_a_skip_that_is_being_taken_back(self, gore: Lane) -> None:
        first, *others = waiting_in(gore, count=3)
        skips(first, *others)
        moved = while_open(lambda: takes_a_skip_back(first), lambda: move(subject=ME, lane_id=gore.pk))
        assert moved is False
        assert takes(gore) == first.pk

    def test_a_skip_that_is_taken_back_sees_a_bookmark_that_is_moving(self, gore: Lane) -> None:
        first, *others = waiting_in(gore, count=3)
        skips(first, *others)
        came = while_open(lambda: move(subject=ME, lane_id=gore.pk), lambda: takes_a_skip_back(first))
        assert came is None
        assert takes(gore) == first.pk

    def test_people_in_other_lanes_and_other_people_do_not_keep_each_other(
        self, gore: Lane, spam: Lane
    ) -> None:
        for lane in (gore, spam):
            jobs = waiting_in(lane, count=2)
            skips(*jobs)
            skips(*jobs, who=YOU)
        moved = while_open(
            lambda: move(subject=ME, lane_id=gore.pk), lambda: move(subject=YOU, lane_id=spam.pk)
        )
        assert moved is True

    def test_a_bookmark_that_is_being_forgotten_by_its_skip_is_left_to_it(
        self, gore: Lane, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bookmarks, "MOST_EARLIER", 0)
        first, *others = waiting_in(gore, count=3, sort_key=5)
        skips(first, *others)
        assert move(subject=ME, lane_id=gore.pk)
        job = waits_at(gore, 0)
        assert while_open(lambda: takes_a_skip_back(first), lambda: tidy_next(T0)) is False
        assert takes(gore) == job.pk
        assert takes(gore) == first.pk


@pytest.mark.django_db(transaction=True)
def test_a_storm_leaves_nobody_without_a_job_that_waits(gore: Lane) -> None:
    jobs = waiting_in(gore, count=12)
    people = [UUID(int=number) for number in (1, 2)]
    for number, who in enumerate(people):
        skips(*jobs[: 6 + number], who=who)

    def moves(who: UUID) -> None:
        for _ in range(10):
            move(subject=who, lane_id=gore.pk)

    def comes_and_goes(job: Job, new_key: int) -> None:
        for key in (new_key, job.sort_key):
            Job.objects.filter(pk=job.pk).update(state=JobState.CLAIMED)
            Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, sort_key=key)

    results = at_once(
        *(lambda who=who: moves(who) for who in people),
        *(lambda job=job: comes_and_goes(job, 0) for job in jobs[6:9]),
        lambda: Skip.objects.filter(subject=ME, case_ref=jobs[0].case_ref).delete(),
    )
    assert broken(results) == []
    for who in people:
        assert (
            tried(by_bookmarks, [OpenLane(gore.pk, 600, False)], who)
            == by_looking_at_every_row([OpenLane(gore.pk, 600, False)], who)[0]
        )


# ── nobody else's ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.any_database
def test_bookmarks_are_known_to_nobody_but_the_services_that_hand_out_work() -> None:
    """They say what somebody has skipped (promise P8)."""
    knows = re.compile(r"\bBookmark\b|\bEarlierJob\b|queues_bookmark|queues_earlierjob")
    root = Path(__file__).parents[2]
    apps = ("audit", "config", "live", "moderation", "outbox", "people", "queues", "web", "wellbeing")
    readers = {
        str(path.relative_to(root))
        for app in apps
        for path in (root / app).rglob("*.py")
        if "migrations" not in path.parts and knows.search(path.read_text())
    }
    assert readers == {
        "queues/models.py",
        "queues/services/bookmarks.py",
        "queues/services/picking.py",
        "queues/services/queue_facts.py",
    }
