"""P1. Nothing accepted is lost. An item answered with 2xx ends in exactly one of: decided, withdrawn, quarantined,
sealed, erased (and shown as such).

A process of its own sends items and kills itself in the middle, or is killed at a moment of chance; what it has
written down as answered must be there, whole, once, and with somebody who will go on with it.
"""

import contextlib
import hashlib
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from moderation.models import Blob, Case, IdempotencyKey, Item, ItemRevision, ItemStatus
from moderation.services import preparation, withdrawal
from moderation.services.blobs import blob_store
from outbox.kinds import Work
from outbox.models import OutboxEntry, OutboxState
from queues.models import Job, JobState
from tests import cast
from tests.cast import T0
from tests.moderation.api.caller import a_policy
from tests.moderation.services.steps import once
from tests.promises import posting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
ROOT = Path(__file__).resolve().parents[2]
ITEMS = 8
SEED = 20261123


class Sending:
    """One process that sends, forked by the one that has Respite loaded."""

    def __init__(self, loaded: "subprocess.Popen[str]", words: list[str]) -> None:
        assert loaded.stdin
        assert loaded.stdout
        self.told = loaded.stdout
        loaded.stdin.write(json.dumps(words) + "\n")
        loaded.stdin.flush()
        self.pid = int(self.told.readline())
        self.code: int | None = None

    def poll(self, seconds: float = 0) -> int | None:
        """Return its exit code, or None if it has not ended within so many seconds."""
        if self.code is None and select.select([self.told], [], [], seconds)[0]:
            self.code = int(self.told.readline())
        return self.code

    def wait(self) -> int:
        code = self.poll(60)
        assert code is not None, "it sends for ever"
        return code

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
            os.kill(self.pid, signal.SIGKILL)


class Sender:
    """Starts the processes that send, and reads what they have seen answered."""

    def __init__(self, folder: Path, loaded: "subprocess.Popen[str]") -> None:
        self.media, self.history, self.loaded = folder / "media", folder / "history", loaded

    def start(self, first: int, last: int, *more: str) -> Sending:
        name = str(connection.settings_dict["NAME"])
        words = [name, str(self.media), str(self.history), str(first), str(last), *more]
        return Sending(self.loaded, words)

    def run(self, first: int, last: int, *more: str) -> int:
        return self.start(first, last, *more).wait()

    def answered(self) -> list[str]:
        return self.history.read_text().split() if self.history.exists() else []


@pytest.fixture(scope="module")
def loaded() -> Iterator["subprocess.Popen[str]"]:
    """A process that has Respite loaded, and nothing open, from which those that send are forked."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.promises.posting"],
        cwd=ROOT,
        env=os.environ | {"SECRET_KEY": "of a process that sends"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.communicate()
    assert process.returncode == 0


@pytest.fixture
def sender(tmp_path, settings, loaded) -> Sender:
    sender = Sender(tmp_path, loaded)
    settings.MEDIA_ROOT = sender.media
    a_policy(cast.a_queue(platform=cast.a_platform()))
    connection.close()
    return sender


def lost(answered: list[str]) -> list[str]:
    """Name what was answered and is not there, or not whole, or with nobody who goes on with it."""
    return [external_id for external_id in answered if not is_kept(external_id)]


def is_kept(external_id: str) -> bool:
    revision = ItemRevision.objects.filter(item__external_id=external_id).select_related("case").first()
    return revision is not None and has_its_bytes(revision) and goes_on(revision)


def has_its_bytes(revision: ItemRevision) -> bool:
    hashes = revision.media.values_list("blob_id", flat=True)
    return all(
        hashlib.sha256(blob_store().path(sha256).read_bytes()).hexdigest() == sha256 for sha256 in hashes
    )


def goes_on(revision: ItemRevision) -> bool:
    """Whether it has ended, or something that will run leads to its end."""
    if revision.status == ItemStatus.WAITING:
        open_jobs = Job.objects.filter(case_ref=revision.case_id).exclude(
            state__in=[JobState.ENDED, JobState.DONE]
        )
        return revision.case.state == "open" and open_jobs.exists()
    if revision.status in {ItemStatus.RECEIVED, ItemStatus.PREPARING}:
        promised = ItemRevision.objects.filter(case_id=revision.case_id).values_list("pk", flat=True)
        entries = OutboxEntry.objects.filter(kind=preparation.PREPARE, state=OutboxState.PENDING)
        return any(entry.arguments["revision"] in set(promised) for entry in entries)
    return True


def nothing_is_half() -> bool:
    """Whether every row has what it stands on: no key without an answer, no case without an item, no item without a revision."""
    return not (
        IdempotencyKey.objects.filter(status=0).exists()
        or Case.objects.filter(revisions=None).exists()
        or Item.objects.filter(revisions=None).exists()
        or any(not blob_store().exists(blob.sha256) for blob in Blob.objects.all())
    )


@pytest.mark.parametrize("point", posting.POINTS)
def test_what_was_answered_survives_a_kill_at_every_point(sender, point) -> None:
    on = 3 if point in {"stored", "inserted"} else 6
    assert sender.run(0, ITEMS, "--die-at", point, "--on", str(on)) == -signal.SIGKILL
    answered = sender.answered()
    assert lost(answered) == []
    assert nothing_is_half()
    # The client sends again what it saw no answer for, under the same keys.
    assert sender.run(len(answered), ITEMS) == 0
    assert lost(sender.answered()) == []
    assert sorted(sender.answered()) == sorted(map(posting.external_id, range(ITEMS)))
    assert (Item.objects.count(), Case.objects.count()) == (ITEMS, ITEMS)
    assert ItemRevision.objects.count() == IdempotencyKey.objects.count() == ITEMS


def test_what_was_answered_survives_kills_at_moments_of_chance(sender) -> None:
    chance, last, kills = random.Random(SEED), 25, 0
    deadline = time.monotonic() + 60
    while len(sender.answered()) < last and time.monotonic() < deadline:
        process = sender.start(len(sender.answered()), last)
        begun = len(sender.answered())
        wait_for_more(sender, process, begun + chance.randrange(2, 8))
        time.sleep(chance.random() * 0.02)
        process.kill()
        kills += process.wait() == -signal.SIGKILL
        assert lost(sender.answered()) == []
        assert nothing_is_half()
    assert kills >= 3
    assert sender.run(len(sender.answered()), last) == 0
    assert (Item.objects.count(), Case.objects.count()) == (last, last)


def wait_for_more(sender: Sender, process: Sending, count: int) -> None:
    while process.poll() is None and len(sender.answered()) < count:
        time.sleep(0.002)


def test_the_check_fails_when_an_answer_leaves_before_the_commit(sender) -> None:
    """The guard removed: an answer inside the transaction is an item that may be lost, and `lost` finds it."""
    sender.run(0, ITEMS, "--die-at", "inserted", "--on", "2", "--acknowledge-early")
    assert lost(sender.answered()) == []
    sender.run(2, ITEMS, "--die-at", "before commit", "--on", "2", "--acknowledge-early")
    assert lost(sender.answered()) != []


def test_the_check_fails_when_the_bytes_are_gone(sender) -> None:
    assert sender.run(0, 2) == 0
    blob_store().delete(Blob.objects.get().sha256)
    with pytest.raises(FileNotFoundError):
        lost(sender.answered())


def test_the_check_fails_when_nobody_goes_on(sender) -> None:
    assert sender.run(0, 2) == 0
    OutboxEntry.objects.all().delete()
    assert lost(sender.answered()) == [posting.external_id(1)]


def test_every_item_ends_in_exactly_one_way_and_is_shown_so(sender) -> None:
    """Prepared, withdrawn and quarantined items of one platform: each has one status, and an end has its instant."""
    assert sender.run(0, 6) == 0
    for entry in OutboxEntry.objects.filter(kind=preparation.PREPARE):
        work = Work(entry_id=entry.pk, arguments=entry.arguments, attempt=1, at=T0, fence=1)
        if entry.arguments["revision"] % 3:
            preparation.prepare_revision(work)
        else:
            preparation.give_up(work)
    taken_back = Item.objects.get(external_id=posting.external_id(0))
    once(taken_back.platform, lambda: {"status": withdrawal.withdraw(item=taken_back, at=T0).status})
    open_or_ended = {
        ItemStatus.WAITING: False, ItemStatus.WITHDRAWN: True, ItemStatus.QUARANTINED: True,
    }  # fmt: skip
    for revision in ItemRevision.objects.all():
        assert (revision.ended_at is not None) == open_or_ended[ItemStatus(revision.status)]
    assert lost(sender.answered()) == []
