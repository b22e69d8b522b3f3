"""GET /queues: what a platform's queues are for and how they are judged. Seen red without the tenant filter."""

from datetime import timedelta

import pytest

from moderation.models import PolicyVersion
from people.models import Platform
from queues.models import Queue
from tests import cast
from tests.cast import T0
from tests.moderation.api.caller import Caller, a_secret

LONG_AGO = T0 - timedelta(days=365)


@pytest.fixture
def calls(lumen: Platform, photos: Queue) -> Caller:
    return Caller(a_secret(lumen))


def guidelines(queue: Queue, version: int, **fields: object) -> PolicyVersion:
    known = {"code": "default", "title": "House rules", "guidance": "Be kind.", "in_force_from": LONG_AGO}
    return PolicyVersion.objects.create(queue=queue, version=version, **(known | fields))


def test_a_queue_says_what_it_is_for_and_how_it_is_judged(calls: Caller, photos: Queue) -> None:
    guidelines(photos, 1)
    guidelines(photos, 2, guidance="Soyez gentils.", language="fr")
    guidelines(photos, 3, in_force_from=T0 + timedelta(days=36500))
    (found,) = calls.get("/queues").json()["data"]
    assert found["name"] == "Community photos"
    assert (found["is_default"], found["accepts_items"], found["trains_model"]) == (True, True, False)
    assert all(found[field] for field in ("purpose", "decision_use", "client_name"))
    assert found["actions"] == ["none", "remove", "restrict", "label", "refer"]
    assert [(one["version"], one["language"], one["text"]) for one in found["guidelines"]] == [
        (2, "fr", "Soyez gentils.")
    ]


def test_another_platforms_queues_and_drafts_are_not_there(calls: Caller, lumen: Platform) -> None:
    cast.a_queue(platform=cast.a_platform("Umbra"), name="Secret")
    Queue.objects.create(platform=lumen, name="Draft", state="draft", created_at=T0)
    Queue.objects.create(platform=lumen, name="Closed", state="closed", created_at=T0)
    told = {one["name"]: one["accepts_items"] for one in calls.get("/queues").json()["data"]}
    assert told == {"Closed": False, "Community photos": True}


def test_it_needs_a_key_with_the_scope_and_takes_no_parameters(lumen: Platform, calls: Caller) -> None:
    assert Caller(None).get("/queues").status_code == 401
    assert Caller(a_secret(lumen, scopes=("decisions:read",))).get("/queues").status_code == 403
    assert calls.get("/queues", limit="5").status_code == 422
    assert calls.post("/queues").status_code == 405


def test_nobody_is_named_in_it(calls: Caller, photos: Queue) -> None:
    (found,) = calls.get("/queues").json()["data"]
    assert not {"teams", "team_ids", "every_team", "state", "version", "id"} & set(found)
