"""POST /items and what may be read afterwards."""

from django.core.files.uploadedfile import SimpleUploadedFile

from moderation.models import Case, Item, ItemRevision, Report
from outbox.models import OutboxEntry
from queues.models import Job
from tests.moderation.api.caller import an_item, in_base64, picture


def test_a_text_item_is_taken_in_and_waits(lumen_calls) -> None:
    response = lumen_calls.post("/items", an_item(metadata={"b": 1, "a": [True, None, "x"]}))
    assert response.status_code == 201, response.content
    body = response.json()
    assert body["id"].startswith("itm_")
    assert body["case_id"].startswith("cas_")
    assert body["status"] == "waiting"
    assert body["severity"] == 0
    assert body["metadata"] == {"b": 1, "a": [True, None, "x"]}
    assert set(body["estimate"]) == {"human_seconds", "load"}
    assert body["created_at"].endswith("Z")
    assert Job.objects.count() == 1


def test_a_picture_in_base64_is_stored_and_promised_to_be_prepared(lumen_calls) -> None:
    response = lumen_calls.post("/items", an_item(media=[in_base64(picture())]))
    assert response.status_code == 201, response.content
    assert response.json()["status"] == "received"
    assert OutboxEntry.objects.filter(kind="media.prepare").count() == 1
    assert Job.objects.count() == 0


def test_a_picture_as_a_part_is_the_same_content_as_in_base64(lumen_calls) -> None:
    file = SimpleUploadedFile("x.jpg", picture(), content_type="text/plain")
    first = lumen_calls.parts(an_item("a"), file)
    second = lumen_calls.post("/items", an_item("b", media=[in_base64(picture())]))
    assert (first.status_code, second.status_code) == (201, 201), (first.content, second.content)
    assert first.json()["case_id"] == second.json()["case_id"]
    assert OutboxEntry.objects.filter(kind="media.prepare").count() == 1


def test_an_item_can_be_read_and_found(lumen_calls) -> None:
    made = lumen_calls.post("/items", an_item("post-1")).json()
    assert lumen_calls.get(f"/items/{made['id']}").json() == made
    assert lumen_calls.get("/items", external_id="post-1").json()["data"] == [made]
    assert lumen_calls.get("/items", status="waiting").json()["data"] == [made]
    assert lumen_calls.get("/items", status="decided").json() == {"data": [], "next_cursor": None}


def test_the_same_again_is_known_and_adds_its_reports(lumen_calls) -> None:
    first = lumen_calls.post("/items", an_item(reports=[{"source": "user", "reason": "spam"}]))
    again = lumen_calls.post("/items", an_item(reports=[{"source": "authority"}], priority=70))
    assert again.status_code == 200
    assert again.json() == first.json() | {"priority": 70}
    assert Report.objects.count() == 2
    assert Item.objects.count() == 1


def test_other_content_under_the_same_id_is_a_conflict(lumen_calls) -> None:
    lumen_calls.post("/items", an_item())
    response = lumen_calls.post(
        "/items", an_item(text="Something else.", context={"url": "https://x.example"})
    )
    assert response.status_code == 409
    assert response.json()["code"] == "external_id_conflict"
    assert [fault["pointer"] for fault in response.json()["errors"]] == ["/text", "/context"]


def test_other_files_under_the_same_id_are_a_conflict(lumen_calls) -> None:
    lumen_calls.post("/items", an_item(media=[in_base64(picture("rocket.jpg"))]))
    response = lumen_calls.post("/items", an_item(media=[in_base64(picture("china.jpg"))]))
    assert [fault["pointer"] for fault in response.json()["errors"]] == ["/media"]


def test_the_attack_a_worse_label_sent_again_counts(lumen_calls) -> None:
    lumen_calls.post("/items", an_item())
    attack = {"category": "VIO_KILL", "hints": {"live": True}, "scores": {"VIO_KILL": 0.99}}
    for again in (attack, attack | {"revision": 2}):
        response = lumen_calls.post("/items", an_item(**again))
        assert (response.status_code, response.json()["severity"]) == (200, 4)
    assert Case.objects.get().severity == Job.objects.get().lane.severity == 4


def test_other_content_with_a_higher_revision_replaces_the_first(lumen_calls) -> None:
    first = lumen_calls.post("/items", an_item()).json()
    response = lumen_calls.post("/items", an_item(text="Something else.", revision=2))
    assert response.status_code == 201, response.content
    assert response.json()["id"] == first["id"]
    assert response.json()["revision"] == 2
    assert response.json()["case_id"] != first["case_id"]
    old = ItemRevision.objects.get(number=1)
    assert (old.status, old.case.state) == ("withdrawn", "withdrawn")


def test_equal_content_joins_the_open_case_and_nobody_looks_twice(lumen_calls) -> None:
    first = lumen_calls.post("/items", an_item("a")).json()
    second = lumen_calls.post("/items", an_item("b")).json()
    assert first["case_id"] == second["case_id"]
    assert Job.objects.count() == 1


def test_another_context_is_another_case(lumen_calls) -> None:
    first = lumen_calls.post("/items", an_item("a")).json()
    second = lumen_calls.post("/items", an_item("b", context={"url": "https://lumen.example/1"})).json()
    assert first["case_id"] != second["case_id"]


def test_a_joining_item_raises_the_case_and_its_waiting_job(lumen_calls) -> None:
    lumen_calls.post("/items", an_item("a"))
    second = lumen_calls.post("/items", an_item("b", category="HATE")).json()
    assert second["severity"] == 2
    case = Case.objects.get()
    assert (case.category, case.severity, case.labelled_severity) == ("HATE", 2, 2)
    lane = Job.objects.get().lane
    assert (lane.category, lane.severity) == ("HATE", 2)


def test_an_item_of_another_platform_never_joins(lumen_calls, other_calls) -> None:
    first = lumen_calls.post("/items", an_item()).json()
    second = other_calls.post("/items", an_item()).json()
    assert first["case_id"] != second["case_id"]
