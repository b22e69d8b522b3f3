import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from moderation.media.store import BlobMissing, BlobStore

pytestmark = pytest.mark.any_database

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[3]


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "media")


def stored_at(store: BlobStore, data: bytes, at: datetime) -> str:
    sha256 = store.put([data]).sha256
    os.utime(store.path(sha256), (at.timestamp(), at.timestamp()))
    return sha256


def files(store: BlobStore) -> set[str]:
    return {path.relative_to(store.root).as_posix() for path in store.root.rglob("*") if path.is_file()} - {
        ".lock"
    }


def test_bytes_are_found_under_their_hash(store: BlobStore) -> None:
    blob = store.put([b"one ", b"", b"two"])
    assert blob.sha256 == hashlib.sha256(b"one two").hexdigest()
    assert blob.size == 7
    assert store.path(blob.sha256) == store.root / blob.sha256[:2] / blob.sha256[2:4] / blob.sha256
    with store.open(blob.sha256) as file:
        assert file.read() == b"one two"


def test_the_same_bytes_are_stored_once(store: BlobStore) -> None:
    assert store.put([b"again"]) == store.put([b"ag", b"ain"])
    assert len(files(store)) == 1


def test_a_stream_that_breaks_leaves_nothing(store: BlobStore) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.put(broken())
    assert files(store) == set()


def test_a_writer_killed_at_any_moment_leaves_only_temporary_files(store: BlobStore) -> None:
    program = (
        "import sys; from pathlib import Path; from moderation.media.store import BlobStore\n"
        "def forever():\n"
        "    while True:\n"
        "        yield b'x' * 65536\n"
        "        print(flush=True)\n"
        f"BlobStore(Path({str(store.root)!r})).put(forever())"
    )
    writer = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    assert writer.stdout is not None
    for _ in range(3):
        writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    assert all(name.startswith(".tmp-") for name in files(store))
    assert files(store)
    assert list(store.iter_older_than(datetime.now(UTC) + timedelta(days=1))) == []
    assert store.sweep_temporaries(older_than=datetime.now(UTC) + timedelta(days=1)) == 1
    assert files(store) == set()


def test_temporary_files_of_living_writers_are_left_alone(store: BlobStore) -> None:
    (store.root / ".tmp-living").write_bytes(b"half")
    assert store.sweep_temporaries(older_than=T0) == 0


def test_renditions_lie_apart_and_the_newest_wins(store: BlobStore) -> None:
    sha256 = store.put([b"original"]).sha256
    store.put_rendition(sha256, "shielded", b"first")
    store.put_rendition(sha256, "shielded", b"second")
    assert store.rendition_path(sha256, "shielded").read_bytes() == b"second"
    with store.open_rendition(sha256, "shielded") as file:
        assert file.read() == b"second"
    assert list(store.iter_older_than(datetime.now(UTC) + timedelta(days=1))) == [sha256]


def test_what_is_not_there_is_said_to_be_missing(store: BlobStore) -> None:
    absent = "0" * 64
    assert not store.exists(absent)
    assert store.delete(absent) is False
    with pytest.raises(BlobMissing):
        store.open(absent)
    with pytest.raises(BlobMissing):
        store.open_rendition(absent, "grey")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "/" * 64])
def test_only_a_hash_is_a_name(store: BlobStore, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.path(name)


def test_only_a_level_is_a_rendition(store: BlobStore) -> None:
    with pytest.raises(ValueError, match="level"):
        store.rendition_path("0" * 64, "../colour")  # type: ignore[arg-type]


def test_deleting_takes_the_renditions_along(store: BlobStore) -> None:
    sha256 = store.put([b"original"]).sha256
    store.put_rendition(sha256, "grey", b"grey")
    assert store.delete(sha256) is True
    assert files(store) == set()


def test_orphans_are_those_stored_before_a_moment(store: BlobStore) -> None:
    before = stored_at(store, b"before", T0 - timedelta(seconds=1))
    stored_at(store, b"at", T0)
    assert list(store.iter_older_than(T0)) == [before]
    assert store.delete_if_older_than(before, T0) is True
    assert not store.exists(before)


def test_bytes_sent_again_are_young_again(store: BlobStore) -> None:
    sha256 = stored_at(store, b"known", T0 - timedelta(days=2))
    listed = list(store.iter_older_than(T0))
    store.put([b"known"])
    assert listed == [sha256]
    assert store.delete_if_older_than(sha256, T0) is False
    assert store.exists(sha256)


def test_a_collector_never_takes_what_a_writer_has_just_been_told_is_stored(store: BlobStore) -> None:
    """Two threads on the same bytes: whenever `put` has returned, they are there and stay."""
    started, stop = threading.Event(), threading.Event()

    def collect() -> None:
        while not stop.is_set():
            store.delete_if_older_than(sha256, datetime.now(UTC) - timedelta(hours=1))
            started.set()

    sha256 = hashlib.sha256(b"contested").hexdigest()
    collector = threading.Thread(target=collect)
    collector.start()
    started.wait()
    try:
        for _ in range(100):
            stored_at(store, b"contested", T0)
            store.put([b"contested"])
            assert store.exists(sha256)
    finally:
        stop.set()
        collector.join()
