"""Arrange steps of the tests of queues: named verbs over real rows."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from people.models import User
from queues.models import Claim, Job, JobState, Lane, Queue, QueueCount
from queues.services import claims, counts, desk, jobs, offers
from tests.cast import T0, subject_of
from wellbeing.core.selectors.stage import OnStage
from wellbeing.core.services import locking
from wellbeing.models import ExposureSum, PersonState

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def a_case_comes_in(queue: Queue, *, at: datetime = T0, severity: int = 2, **facts: Any) -> Job:
    """Enqueue one job and let the waiting desks be asked, as after a commit. Returns it as it then is."""
    known: dict[str, Any] = {
        "case_ref": uuid4(),
        "language": "",
        "category": "GORE",
        "medium": "image",
        "expected_seconds": 30,
    }
    with transaction.atomic():
        job = jobs.enqueue(queue=queue, severity=severity, at=at, **(known | facts))
    offers.offer_by_id(job_id=job.pk, at=at)
    return Job.objects.select_related("lane").get(pk=job.pk)


def asks(user: User, at: datetime = T0) -> Claim | None:
    """The person asks for the next case at a desk that beats."""
    return claims.claim_next(subject=subject_of(user), at=at, beating=True)


def gets(user: User, at: datetime = T0) -> Claim:
    """The person asks for the next case and gets one."""
    claim = asks(user, at)
    assert claim is not None
    return claim


def settles(at: datetime = T0) -> None:
    """Whatever is on offer is offered, as after a commit or by the sweep."""
    while offers.offer_next(at=at):
        pass


def counts_all(at: datetime = T0) -> None:
    """The sweep counts every queue whose turn it is."""
    while counts.count_next(at=at):
        pass


def counts_anew(at: datetime = T0) -> None:
    """Every queue is counted as for the first time, so that it is told as it is."""
    QueueCount.objects.all().delete()
    counts_all(at)


def state_of(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def waiting_in(lane: Lane, *, count: int, at: datetime = T0, **facts: Any) -> list[Job]:
    """Lay rows into a lane directly, first in line first: for tests of the pick alone."""
    known: dict[str, Any] = {
        "state": JobState.WAITING,
        "medium": "image",
        "expected_seconds": 30,
        "created_at": at,
    }
    rows = [
        Job(lane=lane, case_ref=uuid4(), **(known | {"sort_key": number} | facts)) for number in range(count)
    ]
    return Job.objects.bulk_create(rows)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run acts in threads of their own connections, all released by one barrier; return results or exceptions in order."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(number: int) -> None:
        try:
            barrier.wait(10)
            results[number] = acts[number]()
        except Exception as error:  # noqa: BLE001 - the test looks at what happened
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def broken(results: list[Any], *expected: type[Exception]) -> list[Any]:
    """Return the exceptions that nobody expected: a deadlock would be one."""
    return [found for found in results if isinstance(found, Exception) and not isinstance(found, expected)]


class Interleaved:
    """Lets another connection act, to the end, just before the first statement that matches."""

    def __init__(self, words: str, *, on: str, act: Callable[[], object]) -> None:
        self.words, self.on, self.act = words, on, act
        self.done = False

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if not self.done and self.words in sql and self.on in sql:
            self.done = True
            assert broken(at_once(self.act)) == []
        return execute(sql, params, many, context)


def subjects(*users: User) -> list[UUID]:
    return [subject_of(user) for user in users]


def has_worked(user: User, minutes: float, *, at: datetime = T0) -> None:
    """The person's queue work since the last break is *minutes* long (a break is due after 50)."""
    worked = int(minutes * 60_000)
    state, _ = PersonState.objects.get_or_create(
        subject=subject_of(user), defaults={"clock_at": at, "wall_at": at}
    )
    state.work_ms = state.since_rest_ms = worked
    state.save()


def has_looked(user: User, seconds: int, *, severity: int, at: datetime = T0) -> None:
    """The person was shown *seconds* of a severity in the quarter of an hour before *at*."""
    ExposureSum.objects.create(
        subject=subject_of(user),
        quarter_at=at - timedelta(minutes=15),
        severity=severity,
        shown_ms=seconds * 1000,
        cases=1,
    )


def shows(claim: Claim, *, level: str = "shielded", at: datetime = T0, **how: Any) -> OnStage:
    """The person puts the case in hand on the stage."""
    return desk.show(
        subject=claim.subject,
        claim_id=claim.id,
        fence=claim.fence,
        level=level,
        at=at,
        **({"beating": True} | how),
    )


def beats(
    user: User, at: datetime, claim: Claim | None = None, shown: OnStage | None = None
) -> desk.BeatAnswer:
    """The person's page says that it is alive, and what it shows."""
    return desk.beat(
        subject=subject_of(user),
        claim_id=claim.id if claim else None,
        exposure_id=shown.id if shown else None,
        holding=False,
        at=at,
    )


def beats_until(user: User, start: datetime, end: datetime, claim: Claim | None = None) -> None:
    """The person's page beats every five seconds, covered."""
    at = start
    while at <= end:
        beats(user, at, claim)
        at += 5 * SECOND


def act(claim: Claim, at: datetime) -> dict[str, Any]:
    """Return the arguments of a command on *claim*."""
    return {"subject": claim.subject, "claim_id": claim.id, "fence": claim.fence, "at": at}


def finishes(claim: Claim, *, at: datetime = T0) -> Claim:
    """The person decides the case: what ``moderation`` does around it is left out."""
    with transaction.atomic():
        locked = locking.hold(subject=claim.subject, at=at)
        return claims.finish(locked=locked, claim_id=claim.id, fence=claim.fence)
