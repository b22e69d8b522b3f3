"""How a process that sleeps until told is told: by a pipe, by PostgreSQL's notices, by one ring for many nudges."""

import logging
import os
import queue
import stat
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from config.waking import bell as bells
from config.waking import notices, pipe
from config.waking.bell import Bell
from config.waking.notices import Line
from tests.outbox.steps import promised

PATIENCE_SECONDS = 30


class Ear:
    """Takes what is rung, to be asked for it."""

    def __init__(self) -> None:
        self.heard: queue.Queue[Collection[str]] = queue.Queue()

    def __call__(self, names: Collection[str]) -> None:
        self.heard.put(set(names))

    def next(self) -> Collection[str]:
        return self.heard.get(timeout=PATIENCE_SECONDS)

    def wait_for(self, name: str) -> None:
        while name not in self.next():
            pass


@pytest.mark.any_database
class TestPipe:
    @pytest.fixture
    def folder(self, tmp_path: Path, settings) -> Path:
        settings.DATA_DIR = tmp_path
        return tmp_path

    def test_a_nudge_wakes_who_listens(self, folder: Path) -> None:
        ear = Ear()
        pipe.listen(ear, {"note"})
        pipe.nudge(kind="note", is_due=True)
        assert ear.next() == {"note"}
        pipe.nudge(kind="another.kind", is_due=False)
        assert ear.next() == {"another.kind"}

    def test_where_nobody_listens_nothing_is_made_and_nobody_waits(self, folder: Path) -> None:
        pipe.nudge(kind="note", is_due=True)
        assert list(folder.iterdir()) == []
        os.close(pipe.open_pipe())
        pipe.nudge(kind="note", is_due=True)

    def test_the_pipe_is_its_owners_alone(self, folder: Path) -> None:
        os.close(pipe.open_pipe())
        assert stat.S_IMODE((folder / pipe.NAME).stat().st_mode) == 0o600

    def test_a_full_pipe_keeps_nobody_waiting(self, folder: Path) -> None:
        reader = pipe.open_pipe()
        for _ in range(10_000):
            pipe.nudge(kind="decision.finalise", is_due=True)
        os.close(reader)

    def test_what_was_rung_while_it_was_away_is_no_more_than_a_wake(self, folder: Path) -> None:
        reader = pipe.open_pipe()
        for _ in range(100):
            pipe.nudge(kind="note", is_due=True)
        ear = Ear()
        pipe.listen(ear, {"note"})
        assert ear.next() == {"note"}
        os.close(reader)
        pipe.nudge(kind="last", is_due=True)
        assert ear.next() == {"last"}

    def test_something_else_of_that_name_is_left_alone_and_said(
        self, folder: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        file = folder / pipe.NAME
        file.write_text("mine")
        pipe.nudge(kind="note", is_due=True)
        with caplog.at_level(logging.WARNING, logger="respite.waking"):
            pipe.listen(Ear(), {"note"})
        assert file.read_text() == "mine"
        assert "up to 5 s later" in caplog.text


Draw = Callable[..., Line]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestNotices:
    @pytest.fixture
    def draw(self) -> Iterator[Draw]:
        """Draw a line as each process has one; all end before the database goes."""
        drawn: list[Line] = []

        def line(ear: Ear | None = None, *names: str) -> Line:
            drawn.append(Line(notices.connect, ear or Ear(), names))
            return drawn[-1]

        yield line
        for each in drawn:
            each.end()

    def test_what_one_process_rings_another_hears(self, draw: Draw) -> None:
        ear = Ear()
        draw(ear, "note", "other")
        assert ear.next() == {"note", "other"}  # it looks when it begins
        draw().ring("note")
        assert ear.next() == {"note"}

    def test_it_hears_itself(self, draw: Draw) -> None:
        ear = Ear()
        line = draw(ear, "note")
        ear.next()
        line.ring("note")
        assert ear.next() == {"note"}

    def test_what_nobody_listens_for_disturbs_nobody(self, draw: Draw) -> None:
        ear = Ear()
        draw(ear, "note")
        ear.next()
        other = draw()
        other.ring("another.kind")
        other.ring("note")
        assert ear.next() == {"note"}

    def test_a_line_that_was_cut_listens_again_and_looks(
        self, draw: Draw, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Seen red with a LISTEN on the first connection only."""
        monkeypatch.setattr(notices, "TRY_AGAIN_SECONDS", 0.05)
        ear = Ear()
        draw(ear, "note")
        ear.next()
        cut_all_others()
        assert ear.next() == {"note"}, "it looks: while the line was down nobody told it anything"
        draw().ring("note")
        assert ear.next() == {"note"}

    def test_what_is_rung_while_the_line_is_down_is_rung_later(
        self, draw: Draw, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(notices, "TRY_AGAIN_SECONDS", 0.05)
        ear, up = Ear(), threading.Event()
        draw(ear, "note")
        ear.next()

        def connect() -> "psycopg.Connection":
            if not up.is_set():
                up.set()
                raise psycopg.OperationalError
            return notices.connect()

        line = Line(connect)
        line.ring("note")
        assert ear.next() == {"note"}
        line.end()

    def test_many_rings_of_one_moment_are_one(self, draw: Draw) -> None:
        ear, up = Ear(), threading.Event()
        draw(ear, "note", "last")
        ear.next()

        def connect() -> "psycopg.Connection":
            up.wait(PATIENCE_SECONDS)
            return notices.connect()

        line = Line(connect)
        for _ in range(100):
            line.ring("note")
        up.set()
        assert ear.next() == {"note"}
        line.ring("last")
        assert ear.next() == {"last"}
        line.end()

    def test_the_end_rings_what_is_to_be_rung(self, draw: Draw) -> None:
        ear = Ear()
        draw(ear, "note")
        ear.next()
        line = draw()
        line.ring("note")
        line.end()
        assert ear.next() == {"note"}

    def test_an_act_that_promises_sends_no_notice_in_its_transaction(
        self, draw: Draw, settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Seen red with a NOTIFY by the act's own connection."""
        ear, line = Ear(), draw()
        draw(ear, "note", "last")
        ear.next()
        monkeypatch.setitem(notices._lines, os.getpid(), line)
        settings.OUTBOX_NUDGE = "config.waking.notices.nudge"
        with CaptureQueriesContext(connection) as asked, transaction.atomic():
            promised()
            line.ring("last")
            assert ear.next() == {"last"}, "what is uncommitted is told to nobody"
        assert ear.next() == {"note"}
        assert [query["sql"] for query in asked if "notify" in query["sql"].lower()] == []


def cut_all_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.any_database
class TestBell:
    def test_it_rings_at_once_and_then_for_all_together(self) -> None:
        rung: queue.Queue[Mapping[str, int]] = queue.Queue()
        may_go_on = threading.Event()

        def ring(asked: Mapping[str, int]) -> Collection[str]:
            rung.put(dict(asked))
            may_go_on.wait(PATIENCE_SECONDS)
            return ()

        bell = Bell(ring)
        bell.ask("main")
        assert rung.get(timeout=PATIENCE_SECONDS) == {"main": 1}
        for name in ("main",) * 40 + ("media",) * 2:
            bell.ask(name)
        may_go_on.set()
        assert rung.get(timeout=PATIENCE_SECONDS) == {"main": 40, "media": 2}
        bell.drain()
        assert rung.empty()

    def test_it_waits_at_the_end_for_what_was_asked(self) -> None:
        ear = Rung()
        bell = Bell(ear)
        bell.ask("main")
        bell.drain(PATIENCE_SECONDS)
        assert ear.next() == {"main": 1}

    def test_what_may_gather_is_rung_once_its_time_apart_is_over_and_at_the_end(self) -> None:
        """Seen red without the time apart (a ring for each)."""
        ear = Rung()
        bell = Bell(ear)
        bell.ask("main", apart=1000.0)
        assert ear.next() == {"main": 1}, "the first waits for nothing"
        for _ in range(3):
            bell.ask("main", apart=1000.0)
        bell.ask("media")
        assert ear.next() == {"media": 1}
        bell.drain(PATIENCE_SECONDS)
        assert ear.next() == {"main": 3}

    def test_what_is_urgent_takes_along_what_gathers_under_its_name(self) -> None:
        ear = Rung()
        bell = Bell(ear)
        bell.ask("main", apart=1000.0)
        ear.next()
        bell.ask("main", apart=1000.0)
        bell.ask("main")
        assert sum(ear.until(2)) == 2

    def test_what_gathers_is_rung_by_itself(self) -> None:
        ear = Rung()
        bell = Bell(ear)
        for _ in range(2):
            bell.ask("main", apart=0.01)
            assert ear.next() == {"main": 1}

    def test_what_nobody_took_is_rung_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Seen red without: a nudge that Redis was too slow for was lost until the sweeper's next look."""
        monkeypatch.setattr(bells, "TRY_AGAIN_SECONDS", 0.01)
        ear = Rung(deaf=2)
        Bell(ear).ask("main")
        assert [ear.next() for _ in range(3)] == [{"main": 1}] * 3

    def test_at_the_end_nobody_waits_for_whoever_does_not_answer(self) -> None:
        ear = Rung(deaf=1000)
        bell = Bell(ear)
        bell.ask("main")
        ear.next()
        bell.drain(PATIENCE_SECONDS)
        assert ear.heard.qsize() <= 1


class Rung:
    """Is rung, and can be asked for what came. *deaf*: so many rings nobody takes."""

    def __init__(self, *, deaf: int = 0) -> None:
        self.heard: queue.Queue[Mapping[str, int]] = queue.Queue()
        self.deaf = deaf

    def __call__(self, asked: Mapping[str, int]) -> Collection[str]:
        self.heard.put(dict(asked))
        self.deaf -= 1
        return tuple(asked) if self.deaf >= 0 else ()

    def next(self) -> Mapping[str, int]:
        return self.heard.get(timeout=PATIENCE_SECONDS)

    def until(self, count: int) -> Iterator[int]:
        """Yield how often main was rung each time, until it was so often."""
        while count > 0:
            rung = self.next()["main"]
            count -= rung
            yield rung
