"""The same POST twice counts once."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from moderation.models import IdempotencyKey, Item, Report
from moderation.services.idempotency import forget_next
from tests.moderation.api.caller import an_item, in_base64, picture


def test_the_first_answer_is_said_again(lumen_calls) -> None:
    first = lumen_calls.post("/items", an_item(reports=[{"source": "user"}]), key="k-1")
    again = lumen_calls.post("/items", an_item(reports=[{"source": "user"}]), key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Report.objects.count() == 1


def test_it_is_said_again_even_when_things_have_changed(lumen_calls) -> None:
    first = lumen_calls.post("/items", an_item(), key="k-1")
    lumen_calls.post(f"/items/{first.json()['id']}/withdraw")
    assert lumen_calls.post("/items", an_item(), key="k-1").json()["status"] == "waiting"


def test_another_body_under_the_same_key_is_refused(lumen_calls) -> None:
    lumen_calls.post("/items", an_item(), key="k-1")
    response = lumen_calls.post("/items", an_item("post-2"), key="k-1")
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert Item.objects.count() == 1


def test_another_operation_under_the_same_key_is_refused(lumen_calls) -> None:
    made = lumen_calls.post("/items", an_item(), key="k-1").json()
    response = lumen_calls.post(f"/items/{made['id']}/withdraw", key="k-1")
    assert response.json()["code"] == "idempotency_key_reused"


def test_the_same_act_on_another_item_under_the_same_key_is_refused(lumen_calls) -> None:
    """Two withdrawals have the same body: seen red without the operation in ``_said_before``."""
    first, second = (lumen_calls.post("/items", an_item(name)).json()["id"] for name in ("a", "b"))
    assert lumen_calls.post(f"/items/{first}/withdraw", key="k-1").status_code == 200
    response = lumen_calls.post(f"/items/{second}/withdraw", key="k-1")
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert lumen_calls.get(f"/items/{second}").json()["status"] == "waiting"


def test_bodies_are_compared_by_what_they_say(lumen_calls) -> None:
    lumen_calls.post("/items", '{"external_id": "a", "category": "HATE", "text": "x"}', key="k-1")
    again = lumen_calls.post("/items", '{ "text":"x","category":"HATE", "external_id":"\\u0061"}', key="k-1")
    assert again["Idempotent-Replayed"] == "true"


def test_multipart_bodies_are_compared_by_their_files_and_not_their_boundaries(lumen_calls) -> None:
    def send(name: str):
        return lumen_calls.parts(an_item(), SimpleUploadedFile("a.jpg", picture(name)), key="k-1")

    assert send("rocket.jpg").status_code == 201
    assert send("rocket.jpg")["Idempotent-Replayed"] == "true"
    assert send("china.jpg").json()["code"] == "idempotency_key_reused"


def test_a_refused_request_leaves_its_key_free(lumen_calls) -> None:
    assert lumen_calls.post("/items", an_item(category="NO_SUCH"), key="k-1").status_code == 422
    assert lumen_calls.post("/items", an_item(), key="k-1").status_code == 201


def test_withdrawing_and_reporting_are_said_again_too(lumen_calls) -> None:
    made = lumen_calls.post("/items", an_item()).json()
    reports = {"reports": [{"source": "user"}]}
    for path, body in (("withdraw", {}), ("reports", reports)):
        first = lumen_calls.post(f"/items/{made['id']}/{path}", body, key=path)
        again = lumen_calls.post(f"/items/{made['id']}/{path}", body, key=path)
        assert (first.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert Report.objects.count() == 1


def test_a_bad_key_is_refused(lumen_calls) -> None:
    for key in ("", "x" * 201, "caf\u00e9", "tab\there"):
        response = lumen_calls.post("/items", an_item(), key=key)
        assert (response.status_code, response.json()["code"]) == (422, "invalid"), key
    assert not Item.objects.exists()


def test_the_content_of_an_item_is_not_kept_with_its_key(lumen_calls) -> None:
    lumen_calls.post("/items", an_item(text="the text of it", media=[in_base64(picture())]), key="k-1")
    row = IdempotencyKey.objects.get()
    assert "the text of it" not in str(row.body)


def test_keys_are_forgotten_after_seven_days(lumen_calls) -> None:
    lumen_calls.post("/items", an_item(), key="k-1")
    made_at = IdempotencyKey.objects.get().created_at
    assert not forget_next(made_at + timedelta(days=7))
    assert forget_next(made_at + timedelta(days=7, seconds=1))
    assert not IdempotencyKey.objects.exists()
    assert not forget_next(made_at + timedelta(days=8))
