"""From a picture sent to a case that can be looked at."""

import struct
import uuid
import zlib
from datetime import timedelta

import pytest

from config.outbox import HANDLERS
from moderation.media.prepare import PrepareFailed
from moderation.models import Blob, Case, Decision, ItemRevision, MediumVerdict, PolicyVersion, WebhookEvent
from moderation.services import preparation
from moderation.services.blobs import blob_store
from moderation.services.endpoints import create_endpoint
from outbox.kinds import Work
from outbox.models import OutboxEntry
from outbox.services import fail, finish, lease_next
from queues.models import Job
from tests.cast import T0
from tests.moderation.api.caller import an_item, in_base64, picture

PREPARE = {preparation.PREPARE: HANDLERS[preparation.PREPARE]}


def work_of(entry: OutboxEntry, attempt: int = 1) -> Work:
    return Work(entry_id=entry.pk, arguments=entry.arguments, attempt=attempt, at=T0, fence=attempt)


def prepare_everything() -> None:
    for entry in OutboxEntry.objects.filter(kind=preparation.PREPARE):
        preparation.prepare_revision(work_of(entry))


def status_of(calls, made) -> str:
    return str(calls.get(f"/items/{made['id']}").json()["status"])


def test_a_prepared_picture_waits_with_a_job(lumen_calls) -> None:
    made = lumen_calls.post("/items", an_item(category="ANIMAL", media=[in_base64(picture())])).json()
    prepare_everything()
    assert status_of(lumen_calls, made) == "waiting"
    blob = Blob.objects.get()
    assert blob.state == "ready"
    assert blob.phash
    assert blob.dhash
    for level in ("shielded", "grey", "colour"):
        assert blob_store().rendition_path(blob.sha256, level).read_bytes().startswith(b"\xff\xd8")
    job = Job.objects.get()
    assert (job.medium, job.lane.severity, job.mild_confirmed) == ("picture", 3, False)


def test_preparing_twice_changes_nothing(lumen_calls) -> None:
    lumen_calls.post("/items", an_item(media=[in_base64(picture())]))
    prepare_everything()
    prepare_everything()
    assert Job.objects.count() == 1


def test_equal_bytes_in_another_case_wait_at_once(lumen_calls) -> None:
    lumen_calls.post("/items", an_item("a", media=[in_base64(picture())]))
    prepare_everything()
    made = lumen_calls.post("/items", an_item("b", text="Another sentence.", media=[in_base64(picture())]))
    assert made.json()["status"] == "waiting"
    assert OutboxEntry.objects.filter(kind=preparation.PREPARE).count() == 1
    assert Job.objects.count() == 2


def test_all_items_of_the_case_wait_together(lumen_calls) -> None:
    for external_id in ("a", "b"):
        lumen_calls.post("/items", an_item(external_id, media=[in_base64(picture())]))
    prepare_everything()
    assert set(ItemRevision.objects.values_list("status", flat=True)) == {"waiting"}
    assert Job.objects.count() == 1


def test_withdrawn_before_it_was_prepared_is_not_prepared(lumen_calls) -> None:
    made = lumen_calls.post("/items", an_item(media=[in_base64(picture())])).json()
    lumen_calls.post(f"/items/{made['id']}/withdraw")
    prepare_everything()
    assert Blob.objects.get().state == "stored"
    assert Job.objects.count() == 0


def undecodable() -> bytes:
    """A PNG whose headers are in order and whose picture data is noise."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"noise" * 20) + chunk(b"IEND", b"")


def test_what_cannot_be_decoded_is_quarantined_with_a_reason_and_told(lumen, lumen_calls, settings) -> None:
    settings.WEBHOOK_ALLOW_NETWORKS = ["127.0.0.0/8"]
    create_endpoint(platform=lumen, url="https://lumen.example/hook", actor="system", at=T0)
    made = lumen_calls.post("/items", an_item(media=[in_base64(undecodable())]))
    assert made.status_code == 201, made.content
    prepare_everything()
    now = lumen_calls.get(f"/items/{made.json()['id']}").json()
    assert now["status"] == "quarantined"
    assert now["status_reason"].startswith("Medium 1: ")
    assert Case.objects.get().state == "quarantined"
    assert WebhookEvent.objects.get().type == "item.quarantined"
    assert Job.objects.count() == 0


def test_what_was_undecodable_once_is_refused_at_the_door(lumen_calls) -> None:
    lumen_calls.post("/items", an_item(media=[in_base64(undecodable())]))
    prepare_everything()
    again = lumen_calls.post("/items", an_item("other", media=[in_base64(undecodable())]))
    assert (again.status_code, again.json()["code"]) == (422, "media_rejected")
    assert again.json()["errors"][0]["pointer"] == "/media/0"


def test_a_failure_of_ours_is_tried_again_and_in_the_end_quarantined(lumen_calls) -> None:
    made = lumen_calls.post("/items", an_item(media=[in_base64(picture())])).json()
    blob_store().delete(Blob.objects.get().sha256)
    entry = OutboxEntry.objects.get(kind=preparation.PREPARE)
    at = entry.run_after
    for _attempt in range(HANDLERS[preparation.PREPARE].attempts):
        at += timedelta(hours=2)
        (leased,) = lease_next(handlers=PREPARE, at=at)
        with pytest.raises(PrepareFailed) as failed:
            preparation.prepare_revision(leased.work)
        fail(leased=leased, handler=PREPARE[leased.kind], error=failed.value, jitter=0.5, at=at)
    assert not lease_next(handlers=PREPARE, at=at + timedelta(days=1))
    now = lumen_calls.get(f"/items/{made['id']}").json()
    assert now["status"] == "quarantined"
    assert "could not prepare" in now["status_reason"]


def test_the_runner_finishes_the_entry(lumen_calls) -> None:
    lumen_calls.post("/items", an_item(media=[in_base64(picture())]))
    at = OutboxEntry.objects.get(kind=preparation.PREPARE).run_after
    (leased,) = lease_next(handlers=PREPARE, at=at)
    preparation.prepare_revision(leased.work)
    assert finish(leased=leased, at=at)


@pytest.mark.parametrize(
    ("verdicts", "mild"),
    [
        ([], False),  # nobody has seen it
        ([0], True),
        ([1], False),  # unpleasant is not none
        ([0, 3], False),  # the worse verdict on the same bytes holds
        ([3, 0], False),
    ],
)
def test_only_what_people_confirmed_as_harmless_is_offered_as_such(lumen_calls, verdicts, mild) -> None:
    def send(context: str) -> None:
        item = an_item(context, context={"url": context}, media=[in_base64(picture())])
        assert lumen_calls.post("/items", item).status_code == 201

    send("first")
    prepare_everything()
    for number, severity in enumerate(verdicts):
        send(f"seen-{number}")
        verdict_of_a_person(Case.objects.get(revisions__item__external_id=f"seen-{number}"), severity)
    send("last")
    assert Job.objects.order_by("-id")[0].mild_confirmed == mild


def verdict_of_a_person(case: Case, severity: int) -> None:
    decision = Decision.objects.create(
        id=uuid.uuid4(),
        case=case,
        job_ref=1,
        subject=uuid.uuid4(),
        state="final",
        action="none",
        policy_version=PolicyVersion.objects.get(queue__platform__name="Lumen"),
        severity=severity,
        decided_at=T0,
        effective_at=T0,
    )
    MediumVerdict.objects.create(
        decision=decision, sha256=Blob.objects.get().sha256, verdict="none", severity=severity
    )
