"""A platform that can begin, and the command that makes one."""

import json

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditRow
from moderation.exceptions import EndpointInvalid, NoPolicyInForce
from moderation.selectors.taxonomy import categories_in_force, policy_in_force
from moderation.services.setup import set_up_platform
from people.models import ApiKey, Platform
from queues.models import Queue
from tests.cast import T0
from tests.moderation.api.caller import Caller, an_item
from tests.taxonomy import SHIPPED, ensure_taxonomy

pytestmark = pytest.mark.django_db


def printed(capsys, *arguments: str) -> dict[str, str]:
    call_command("create_platform", *arguments)
    told: dict[str, str] = json.loads(capsys.readouterr().out)
    return told


def test_the_command_prints_what_a_platform_needs(capsys, north) -> None:
    told = printed(capsys, "Lumen", "--webhook-url", "https://lumen.example/hook")
    assert told["platform"] == "Lumen"
    assert told["api_key"].startswith("rsp_live_")
    assert told["webhook_secret"].startswith("whsec_")


def test_what_it_prints_works_at_once(capsys, north, tmp_path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    ensure_taxonomy()
    response = Caller(printed(capsys, "Lumen")["api_key"]).post("/items", an_item())
    assert response.status_code == 201, response.content


def test_without_an_address_there_is_no_secret(capsys) -> None:
    assert printed(capsys, "Lumen")["webhook_secret"] is None


def test_its_queue_is_open_to_every_team_and_says_what_it_is_for() -> None:
    made = set_up_platform(name="Lumen", actor="system", at=T0)
    assert made.queue.hands_out
    assert made.queue.takes_in
    assert made.queue.is_default
    assert made.queue.purpose
    assert made.queue.decision_use
    assert not made.queue.trains_model
    assert made.queue.every_team
    assert policy_in_force(queue=made.queue, at=T0).version == 1
    assert AuditRow.objects.filter(action="queue.opened").count() == 1


def test_only_a_hash_of_the_key_is_stored() -> None:
    made = set_up_platform(name="Lumen", actor="system", at=T0)
    stored = ApiKey.objects.get()
    assert made.api_key not in {stored.prefix, stored.digest}
    assert made.api_key.startswith(stored.prefix)


def test_a_bad_address_makes_nothing() -> None:
    with pytest.raises(EndpointInvalid):
        set_up_platform(name="Lumen", webhook_url="ftp://lumen.example", actor="system", at=T0)
    assert not Platform.objects.exists()
    assert not Queue.objects.exists()


@pytest.mark.parametrize(
    "arguments", [("Lumen",), ("LUMEN",), ("",), ("Umbra", "--webhook-url", "not an address")]
)
def test_the_command_refuses_in_one_sentence(arguments, capsys) -> None:
    set_up_platform(name="Lumen", actor="system", at=T0)
    with pytest.raises(CommandError) as refused:
        call_command("create_platform", *arguments)
    assert len(str(refused.value).splitlines()) == 1
    assert Platform.objects.count() == 1


# ── the taxonomy and policies that it stands on ──────────────────────────────────────────────────────────────────


def test_no_policy_is_in_force_before_its_time(photos) -> None:
    with pytest.raises(NoPolicyInForce):
        policy_in_force(queue=photos, at=T0)


def test_the_default_taxonomy_is_whole(lumen) -> None:
    found = categories_in_force(at=T0)
    assert len(found) == len(SHIPPED.TAXONOMY) == 26
    assert [code for code, category in found.items() if not category.is_enabled] == ["CSAM"]
    by_severity = dict.fromkeys(range(5), 0)
    for category in found.values():
        by_severity[category.severity] += 1
        assert set(category.flags) <= set("VGSCAT")
        assert category.dsa_category.startswith("STATEMENT_CATEGORY_")
        assert category.label
    assert by_severity == {4: 5, 3: 9, 2: 8, 1: 3, 0: 1}
