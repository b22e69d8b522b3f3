"""Workers and sweepers by an injected clock; and the whole process, which ends when it is told to."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from outbox.kinds import DEFAULT_GAPS, GiveUp, Handler, RetryAfter, Sweep, Work
from outbox.models import OutboxEntry, OutboxState
from outbox.selectors import version_of_database
from outbox.services import process as whole_process
from outbox.services import promise, running
from outbox.services.process import Ending, parts_of
from outbox.services.running import Part, Surroundings, Sweeper, Worker, run_due, survive
from tests.cast import T0
from tests.outbox.steps import Clock, Diary, at_once, fails, leased, no_jitter, promised, quiet

ROOT = Path(__file__).resolve().parents[2]
SECOND = timedelta(seconds=1)


def state_of(entry: OutboxEntry) -> str:
    entry.refresh_from_db()
    return entry.state


@pytest.mark.django_db
class TestWorker:
    def test_runs_what_is_due_and_says_when_there_is_nothing(self) -> None:
        diary, entry = Diary(), promised()
        worker = Worker(handlers={"note": Handler(run=diary.run)}, around=quiet())
        assert worker.step()
        assert not worker.step()
        assert diary.entry_ids == [entry.pk]
        assert state_of(entry) == OutboxState.DONE

    def test_runs_what_its_work_promised(self) -> None:
        diary = Diary()
        handlers = {"first": Handler(run=lambda _: void(promised("then"))), "then": Handler(run=diary.run)}
        promised("first")
        assert run_due(handlers=handlers, around=quiet()) == 2
        assert len(diary.works) == 1

    def test_keeps_the_schedule_by_the_clock(self) -> None:
        clock, diary = Clock(), Diary(then=fails)
        worker = Worker(handlers={"note": Handler(run=diary.run)}, around=quiet(clock))
        entry = promised()
        begun = []
        while state_of(entry) == OutboxState.PENDING:
            clock.at = max(clock.at, entry.run_after)
            begun.append(clock.at)
            worker.step()
        gaps = [later - earlier for earlier, later in pairwise(begun)]
        assert gaps == list(DEFAULT_GAPS)

    def test_logs_kind_and_id_and_never_the_arguments_or_the_message(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        entry = promised(text="what somebody wrote")
        worker = Worker(handlers={"note": Handler(run=fails, gaps=())}, around=quiet())
        with caplog.at_level(logging.DEBUG, logger="respite.outbox"):
            worker.step()
        assert f"note {entry.pk}" in caplog.text
        assert "ZeroDivisionError" in caplog.text
        assert "somebody" not in caplog.text
        assert "content" not in caplog.text

    @pytest.mark.parametrize("error", [RetryAfter(None, "status 500"), GiveUp("gone")])
    def test_an_expected_failure_is_no_error_in_the_log(
        self, error: Exception, caplog: pytest.LogCaptureFixture
    ) -> None:
        def refuse(work: Work) -> None:
            raise error

        promised()
        with caplog.at_level(logging.INFO, logger="respite.outbox"):
            Worker(handlers={"note": Handler(run=refuse)}, around=quiet()).step()
        assert [r.levelname for r in caplog.records if "attempt 1 failed" in r.message] == ["INFO"]

    def test_holds_on_to_long_work_and_lets_short_work_be(self) -> None:
        clock, entry = Clock(), promised()

        def long(work: Work) -> None:
            before = lease_until(entry)
            worker.keep()
            assert lease_until(entry) == before
            clock.move(timedelta(seconds=20))
            worker.keep()
            assert lease_until(entry) == clock.at + timedelta(seconds=30)

        worker = Worker(handlers={"note": Handler(run=long, lease=timedelta(minutes=5))}, around=quiet(clock))
        worker.step()
        assert state_of(entry) == OutboxState.DONE

    def test_gives_back_what_the_process_cannot_finish(self) -> None:
        entry, clock = promised(), Clock()

        def interrupted(work: Work) -> None:
            worker.give_back()

        worker = Worker(handlers={"note": Handler(run=interrupted)}, around=quiet(clock))
        worker.step()
        assert state_of(entry) == OutboxState.PENDING
        diary = Diary()
        assert Worker(handlers={"note": Handler(run=diary.run)}, around=quiet(clock)).step()
        assert [work.attempt for work in diary.works] == [1]


def lease_until(entry: OutboxEntry) -> datetime | None:
    entry.refresh_from_db()
    return entry.lease_until


def void(_: object) -> None:
    return None


class Steps:
    """A sweep's step that finds as much as it was told, and counts how often it was asked."""

    def __init__(self, found: int = 0, error: Exception | None = None) -> None:
        self.found, self.error, self.asked = found, error, 0

    def __call__(self, at: datetime) -> bool:
        self.asked += 1
        if self.error:
            raise self.error
        self.found -= 1
        return self.found >= 0


class TestSweeper:
    def test_walks_a_sweep_until_it_finds_nothing_more(self) -> None:
        steps = Steps(found=3)
        Sweeper(sweeps=[Sweep("s", SECOND, steps)], around=quiet()).step()
        assert steps.asked == 4

    def test_walks_again_only_when_the_interval_has_passed(self) -> None:
        clock, steps = Clock(), Steps()
        sweeper = Sweeper(sweeps=[Sweep("s", SECOND, steps)], around=quiet(clock))
        sweeper.step()
        clock.move(timedelta(milliseconds=999))
        sweeper.step()
        assert steps.asked == 1
        clock.move(timedelta(milliseconds=1))
        sweeper.step()
        assert steps.asked == 2

    def test_a_clock_that_goes_back_does_not_stop_it(self) -> None:
        clock, steps = Clock(), Steps()
        sweeper = Sweeper(sweeps=[Sweep("s", SECOND, steps)], around=quiet(clock))
        sweeper.step()
        clock.move(-timedelta(hours=2))
        sweeper.step()
        assert steps.asked == 2

    def test_a_sweep_that_fails_leaves_the_others_be(self, caplog: pytest.LogCaptureFixture) -> None:
        broken, sound = Steps(error=ZeroDivisionError("content")), Steps()
        sweeps = [Sweep("broken", SECOND, broken), Sweep("sound", SECOND, sound)]
        Sweeper(sweeps=sweeps, around=quiet()).step()
        assert sound.asked == 1
        assert "sweep broken failed: ZeroDivisionError" in caplog.text
        assert "content" not in caplog.text


class TestSweepingWhatCannotHaveChanged:
    version = 1

    def sweeper(self, steps: Steps, clock: Clock, every: timedelta = SECOND) -> Sweeper:
        return Sweeper(sweeps=[Sweep("s", every, steps)], around=quiet(clock), version=lambda: self.version)

    def test_what_found_nothing_is_not_walked_again_while_nobody_commits(self) -> None:
        clock, steps = Clock(), Steps()
        sweeper = self.sweeper(steps, clock)
        for _second in range(4):
            sweeper.step()
            clock.move(SECOND)
        assert steps.asked == 1

    def test_what_only_time_brings_is_found_by_the_net(self) -> None:
        clock, steps = Clock(), Steps()
        sweeper = self.sweeper(steps, clock)
        for _second in range(21):
            sweeper.step()
            clock.move(SECOND)
        assert steps.asked == 3, "every ten seconds"

    def test_what_somebody_committed_is_found_at_the_next_interval(self) -> None:
        clock, steps = Clock(), Steps()
        sweeper = self.sweeper(steps, clock)
        sweeper.step()
        self.version += 1
        clock.move(SECOND)
        sweeper.step()
        assert steps.asked == 2

    def test_what_is_committed_while_it_walks_is_looked_at_again(self) -> None:
        clock, steps = Clock(), Steps()

        def commits_meanwhile(at: datetime) -> bool:
            self.version += 1
            return steps(at)

        sweeper = Sweeper(
            sweeps=[Sweep("s", SECOND, commits_meanwhile)], around=quiet(clock), version=lambda: self.version
        )
        for _second in range(3):
            sweeper.step()
            clock.move(SECOND)
        assert steps.asked == 3

    @pytest.mark.parametrize("steps", [Steps(found=1), Steps(error=ZeroDivisionError())])
    def test_what_found_something_or_failed_is_walked_again(self, steps: Steps) -> None:
        clock = Clock()
        sweeper = self.sweeper(steps, clock)
        sweeper.step()
        before = steps.asked
        clock.move(SECOND)
        sweeper.step()
        assert steps.asked == before + 1


@pytest.mark.django_db(transaction=True)
def test_the_version_moves_with_what_others_commit_and_with_nothing_else() -> None:
    before = version_of_database()
    assert version_of_database() == before
    at_once(promised)
    assert version_of_database() != before


@pytest.mark.django_db
class TestRest:
    """Whoever sleeps until told wakes by themselves when something is due, and every five seconds."""

    def rest(self, clock: Clock) -> float:
        return Worker(handlers={"note": Handler(run=Diary().run)}, around=quiet(clock)).rest()

    def test_with_nothing_promised_it_is_the_net(self) -> None:
        promised("another kind")
        assert self.rest(Clock()) == 5.0

    @pytest.mark.parametrize(("due_in", "seconds"), [(0.0, 0.0), (-60.0, 0.0), (2.5, 2.5), (60.0, 5.0)])
    def test_it_ends_when_the_next_entry_is_due(self, due_in: float, seconds: float) -> None:
        promise(kind="note", arguments={}, at=T0, run_after=T0 + timedelta(seconds=due_in))
        assert self.rest(Clock()) == seconds

    def test_what_another_has_in_hand_does_not_end_it(self) -> None:
        promised()
        leased({"note": Handler(run=Diary().run)})
        assert self.rest(Clock()) == 5.0
        assert self.rest(Clock(T0 + timedelta(seconds=31))) == 0.0

    def test_a_sweeper_rests_until_its_next_interval(self) -> None:
        clock = Clock()
        sweeper = Sweeper(sweeps=[Sweep("s", 3 * SECOND, Steps())], around=quiet(clock))
        assert sweeper.rest() == 0.0
        sweeper.step()
        clock.move(SECOND)
        assert sweeper.rest() == 2.0


class Flaky:
    """A part whose database is away for a while."""

    def __init__(self, around: Surroundings, outages: int) -> None:
        self.around, self.outages, self.steps = around, outages, 0
        self.names: tuple[str, ...] = ()

    def rest(self) -> float:
        return 0.0

    def keep(self) -> None:
        """It has nothing in hand."""

    def give_back(self) -> None:
        """As `keep`."""

    def step(self) -> bool:
        if self.outages:
            self.outages -= 1
            raise OperationalError("password=…")
        self.steps += 1
        self.around.end()
        return True


@pytest.mark.django_db
def test_an_outage_of_the_database_is_outlived_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    around = quiet()
    part = Flaky(around, outages=2)
    thread = threading.Thread(target=survive, args=(part,))
    with caplog.at_level(logging.INFO, logger="respite.outbox"):
        thread.start()
        thread.join(timeout=30)
    assert part.steps == 1
    said = [record.message for record in caplog.records]
    assert said == [
        "the outbox cannot go on (OperationalError); trying again",
        "the outbox goes on after 2 failed tries",
    ]


def test_each_pool_has_threads_of_its_own() -> None:
    handlers = {
        "a": Handler(run=fails),
        "b": Handler(run=fails, pool="media"),
        "c": Handler(run=fails, pool="webhooks"),
    }
    sweeps = [Sweep("s", SECOND, Steps()), Sweep("t", SECOND, Steps(), pool="housekeeping")]
    parts = parts_of(handlers, sweeps, quiet())
    kinds = [sorted(part.handlers) for part in parts if isinstance(part, Worker)]
    assert kinds == [["a"], ["b"], ["c"], ["c"], ["c"]]
    assert [[s.name for s in part.sweeps] for part in parts if isinstance(part, Sweeper)] == [["t"], ["s"]]


def rings(event: threading.Event, work: Work) -> None:
    event.set()


class Process:
    """The runner in a thread of the test, with its own ending."""

    def __init__(self, handlers: dict[str, Handler], clock: Callable[[], datetime] = lambda: T0) -> None:
        self.ending = Ending()
        self.around = Surroundings(clock=clock, jitter=no_jitter)
        parts = parts_of(handlers, [], self.around)
        self.thread = threading.Thread(target=self._run, args=(parts, self.around))
        self.thread.start()

    def _run(self, parts: list[Part], around: Surroundings) -> None:
        whole_process.run(parts, around, self.ending)
        connection.close()

    def end(self) -> None:
        self.ending.asked = True
        self.thread.join(timeout=60)
        assert not self.thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_slow_work_of_one_pool_does_not_delay_another() -> None:
    release, done = threading.Event(), threading.Event()
    handlers = {
        "slow": Handler(run=lambda _: void(release.wait(30)), pool="media"),
        "quick": Handler(run=lambda _: done.set()),
    }
    slow = promised("slow")
    process = Process(handlers)
    quick = promised("quick")
    try:
        assert done.wait(20)
        assert state_of(slow) == OutboxState.PENDING
    finally:
        release.set()
        process.end()
    assert (state_of(slow), state_of(quick)) == (OutboxState.DONE, OutboxState.DONE)


class Sleeper:
    """A worker in a thread of its own, and what it was given; ``asleep`` is set when it has looked and found nothing."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done, self.asleep = threading.Event(), threading.Event()
        self.around = Surroundings(clock=lambda: datetime.now(UTC), jitter=no_jitter)
        self.worker = Worker(handlers={"note": Handler(run=lambda _: self.done.set())}, around=self.around)
        look = self.worker.rest

        def rest() -> float:
            seconds = look()
            self.asleep.set()
            return seconds

        monkeypatch.setattr(self.worker, "rest", rest)
        self.thread = threading.Thread(target=survive, args=(self.worker,))
        self.thread.start()
        assert self.asleep.wait(30)

    def end(self) -> None:
        self.around.end()
        self.thread.join(timeout=30)
        assert not self.thread.is_alive()


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sleeper]:
    sleeper = Sleeper(monkeypatch)
    yield sleeper
    sleeper.end()


@pytest.mark.django_db(transaction=True)
class TestWaking:
    def test_who_sleeps_is_woken_by_the_name_of_its_kind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(running, "NET", timedelta(hours=1))
        sleeper = Sleeper(monkeypatch)
        try:
            promised(at=datetime.now(UTC))
            sleeper.around.rouse({"note"})
            assert sleeper.done.wait(30)
        finally:
            sleeper.end()

    def test_a_wake_that_was_lost_is_made_good_by_the_net(self, asleep: Sleeper) -> None:
        promised(at=datetime.now(UTC))
        assert asleep.done.wait(30)

    def test_what_is_rung_between_look_and_nap_is_not_slept_through(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(running, "NET", timedelta(hours=1))
        around = quiet()
        heard = around.heard({"note"})
        around.rouse({"note"})
        napped = threading.Thread(
            target=around.nap, args=(3600.0,), kwargs={"names": {"note"}, "heard": heard}, daemon=True
        )
        napped.start()
        napped.join(30)
        assert not napped.is_alive()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_connections_that_are_cut_are_made_again(caplog: pytest.LogCaptureFixture) -> None:
    first, second = threading.Event(), threading.Event()
    events = {"first": first, "second": second}
    process = Process(
        {name: Handler(run=Diary(then=partial(rings, event)).run) for name, event in events.items()}
    )
    try:
        promised("first")
        assert first.wait(20)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        promised("second")
        assert second.wait(30)
    finally:
        process.end()
    assert "password" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_end_waits_for_what_is_in_hand() -> None:
    begun, release = threading.Event(), threading.Event()

    def work(_: Work) -> None:
        begun.set()
        release.wait(30)

    entry = promised()
    process = Process({"note": Handler(run=work)})
    assert begun.wait(20)
    process.ending.asked = True
    release.set()
    process.end()
    assert state_of(entry) == OutboxState.DONE


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_finished_in_time_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, release = threading.Event(), threading.Event()

    def work(_: Work) -> None:
        begun.set()
        release.wait(30)

    monkeypatch.setattr(whole_process, "SECONDS_TO_FINISH", 0.1)
    entry, others = promised(), set(threading.enumerate())
    process = Process({"note": Handler(run=work)})
    assert begun.wait(20)
    process.end()
    entry.refresh_from_db()
    assert (entry.state, entry.lease_until, entry.attempts) == (OutboxState.PENDING, None, 0)
    release.set()
    for thread in set(threading.enumerate()) - others:
        thread.join(timeout=30)
    assert state_of(entry) == OutboxState.PENDING


@pytest.mark.any_database
def test_the_real_process_starts_with_the_real_map_and_ends_on_sigterm(
    tmp_path: Path, moved_in: Callable[[Path], Path]
) -> None:
    environment = {
        **os.environ,
        "DATA_DIR": str(moved_in(tmp_path)),
        "SECRET_KEY": "x" * 50,
        "DATABASE_URL": "",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "migrate", "-v0"], env=environment, check=True, capture_output=True)
    process = subprocess.Popen([*manage, "runoutbox"], env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    first = process.stderr.readline()
    asked_at = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, rest = process.communicate(timeout=30)
    assert "the outbox runs" in first, first + rest
    assert process.returncode == 0
    assert "the outbox has ended" in rest
    assert time.monotonic() - asked_at < 15
