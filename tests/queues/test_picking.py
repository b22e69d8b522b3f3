"""The one statement that takes a job, alone."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from queues.models import Job, JobState, Lane, Queue, Skip
from queues.rules.lanes import OpenLane
from queues.services import picking
from queues.services.picking import pick
from tests.cast import T0
from tests.queues.work import at_once, waiting_in
from wellbeing.core.rules.opt_outs import NOTHING, OptedOut

ME = UUID(int=1)


@pytest.fixture
def gore(photos: Queue) -> Lane:
    return Lane.objects.create(queue=photos, category="GORE", severity=3)


@pytest.fixture
def spam(photos: Queue) -> Lane:
    return Lane.objects.create(queue=photos, category="SPAM_FRAUD", severity=0)


def take(
    *lanes: Lane,
    seconds: int = 600,
    mild_only: bool = False,
    subject: UUID = ME,
    opted_out: OptedOut = NOTHING,
    later: tuple[Lane, ...] = (),
    due_rank: int = 1,
) -> Job | None:
    terms = [OpenLane(lane.pk, seconds, mild_only) for lane in lanes]
    terms += [OpenLane(lane.pk, seconds, mild_only, rank=1, due_rank=due_rank) for lane in later]
    with transaction.atomic():
        return pick(lanes=terms, subject=subject, at=T0, opted_out=opted_out)


def test_it_takes_the_first_in_line_and_fences_it(gore: Lane) -> None:
    first, _ = waiting_in(gore, count=2)
    taken = take(gore)
    assert taken is not None
    assert (taken.pk, taken.state, taken.fence) == (first.pk, JobState.CLAIMED, 1)
    assert taken.case_ref == first.case_ref
    stored = Job.objects.get(pk=first.pk)
    assert (stored.state, stored.fence) == (JobState.CLAIMED, 1)


def test_the_line_goes_over_all_lanes(gore: Lane, spam: Lane) -> None:
    waiting_in(gore, count=1, sort_key=7)
    earlier = waiting_in(spam, count=1, sort_key=5)[0]
    taken = take(gore, spam)
    assert taken is not None
    assert taken.pk == earlier.pk


def test_ties_go_by_id(gore: Lane, spam: Lane) -> None:
    first = waiting_in(spam, count=1, sort_key=5)[0]
    waiting_in(gore, count=1, sort_key=5)
    taken = take(gore, spam)
    assert taken is not None
    assert taken.pk == first.pk


def test_no_lane_no_job(gore: Lane) -> None:
    waiting_in(gore, count=1)
    assert take() is None


@pytest.mark.parametrize("state", [JobState.OFFERING, JobState.CLAIMED, JobState.DONE, JobState.ENDED])
def test_only_what_waits_is_taken(gore: Lane, state: str) -> None:
    waiting_in(gore, count=1, state=state)
    assert take(gore) is None


def test_what_does_not_fit_is_left_for_others(gore: Lane) -> None:
    waiting_in(gore, count=1, sort_key=1, expected_seconds=31)
    fits = waiting_in(gore, count=1, sort_key=2, expected_seconds=30)[0]
    taken = take(gore, seconds=30)
    assert taken is not None
    assert taken.pk == fits.pk


def test_mild_only_means_text_or_confirmed(spam: Lane) -> None:
    waiting_in(spam, count=1, sort_key=1)
    confirmed = waiting_in(spam, count=1, sort_key=2, mild_confirmed=True)[0]
    text = waiting_in(spam, count=1, sort_key=3, medium="text")[0]
    taken = [take(spam, mild_only=True) for _ in range(3)]
    assert [job and job.pk for job in taken] == [confirmed.pk, text.pk, None]


def test_a_medium_that_i_opted_out_of_is_left_for_others(gore: Lane) -> None:
    waiting_in(gore, count=1, sort_key=1, medium="video")
    waiting_in(gore, count=1, sort_key=2, medium="audio")
    picture = waiting_in(gore, count=1, sort_key=3)[0]
    moving = OptedOut(media=frozenset({"video", "audio"}))
    taken = [take(gore, opted_out=moving) for _ in range(2)]
    assert [job and job.pk for job in taken] == [picture.pk, None]
    assert take(gore) is not None


def test_whatever_has_sound_is_left_for_others_and_silent_video_is_not(gore: Lane) -> None:
    waiting_in(gore, count=1, sort_key=1, medium="video", sound=True)
    silent = waiting_in(gore, count=1, sort_key=2, medium="video")[0]
    taken = [take(gore, opted_out=OptedOut(sound=True)) for _ in range(2)]
    assert [job and job.pk for job in taken] == [silent.pk, None]


def test_a_lane_for_later_is_taken_from_when_the_others_have_nothing(gore: Lane, spam: Lane) -> None:
    earlier = waiting_in(gore, count=1, sort_key=1)[0]
    mild = waiting_in(spam, count=1, sort_key=9)[0]
    taken = [take(spam, later=(gore,)) for _ in range(2)]
    assert [job and job.pk for job in taken] == [mild.pk, earlier.pk]


def test_among_lanes_for_later_the_line_goes_on(gore: Lane, spam: Lane) -> None:
    waiting_in(gore, count=1, sort_key=7)
    earlier = waiting_in(spam, count=1, sort_key=5)[0]
    taken = take(later=(gore, spam))
    assert taken is not None
    assert taken.pk == earlier.pk


@pytest.mark.parametrize(
    ("due_in", "due_rank", "comes_first"),
    [(120, 0, True), (-30, 0, True), (121, 0, False), (60, 1, False), (None, 0, False)],
)
def test_what_is_due_within_two_hours_has_a_rank_of_its_own(
    gore: Lane, spam: Lane, due_in: int | None, due_rank: int, comes_first: bool
) -> None:
    """Seen red with ``lane.rank`` for both, on each database."""
    due_at = None if due_in is None else T0 + timedelta(minutes=due_in)
    severe = waiting_in(gore, count=1, sort_key=1, due_at=due_at)[0]
    mild = waiting_in(spam, count=1, sort_key=9)[0]
    taken = take(spam, later=(gore,), due_rank=due_rank)
    assert taken is not None
    assert taken.pk == (severe.pk if comes_first else mild.pk)


def test_what_i_skipped_is_left_for_others(gore: Lane) -> None:
    job = waiting_in(gore, count=1)[0]
    Skip.objects.create(subject=ME, case_ref=job.case_ref, at=T0)
    assert take(gore) is None
    assert take(gore, subject=uuid4()) is not None


def test_more_skips_than_the_look_is_wide_hide_nothing(gore: Lane) -> None:
    *skipped, last = waiting_in(gore, count=80)
    Skip.objects.bulk_create([Skip(subject=ME, case_ref=job.case_ref, at=T0) for job in skipped])
    taken = take(gore)
    assert taken is not None
    assert taken.pk == last.pk


def test_it_returns_every_field_of_a_job_as_the_table_has_it(gore: Lane) -> None:
    waiting_in(gore, count=1, due_at=T0, sound=True, mild_confirmed=True, medium="video")
    taken = take(gore)
    assert taken is not None
    stored = Job.objects.get(pk=taken.pk)
    names = [field.attname for field in Job._meta.concrete_fields]
    assert [getattr(taken, name) for name in names] == [getattr(stored, name) for name in names]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_take_eight_different_jobs(gore: Lane) -> None:
    waiting_in(gore, count=8)
    taken = at_once(*[lambda: take(gore)] * 8)
    assert sorted(job.pk for job in taken) == sorted(Job.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_nothing_is_said_only_when_nothing_is_there(gore: Lane) -> None:
    """A narrow lane under contention: as many people as jobs, far more than the first look is wide."""
    waiting_in(gore, count=24)

    def take_three() -> list[Job | None]:
        return [take(gore) for _ in range(3)]

    taken = [job for jobs in at_once(*[take_three] * 8) for job in jobs]
    assert None not in taken
    assert len({job.pk for job in taken}) == 24


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", [picking.PLAIN, picking.BY_BOOKMARKS], ids=["plain", "by bookmarks"])
def test_the_pick_reads_a_few_rows_of_each_lanes_index(gore: Lane, spam: Lane, look: picking.Look) -> None:
    waiting_in(gore, count=3000)
    waiting_in(spam, count=3000)
    lanes = [OpenLane(lane.pk, 600, False)._asdict() for lane in (gore, spam)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE queues_job")
        cursor.execute(
            "EXPLAIN " + look.first[0].text,
            {
                "lanes": json.dumps(lanes),
                "subject": ME,
                "soon": T0,
                "without_media": '["video"]',
                "without_sound": True,
            },
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "job_pick" in plan
    assert "Seq Scan on queues_job" not in plan
