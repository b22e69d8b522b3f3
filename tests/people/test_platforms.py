"""Platforms, keys and teams."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from audit.models import AuditRow
from people.exceptions import (
    AlreadyRevoked,
    PlatformNameMissing,
    PlatformNameTaken,
    TeamNameMissing,
    TeamNameTaken,
    TooManyKeys,
)
from people.models import ApiKey, Organisation, Platform
from people.rules.keys import SCOPES
from people.selectors import organisation
from people.services.platforms import IssuedKey, create_platform, issue_key, revoke_key
from people.services.teams import create_team
from tests import cast
from tests.cast import T0

pytestmark = pytest.mark.django_db


def issue(
    platform: Platform, *, live: bool = True, expires_at: datetime | None = None, at: datetime = T0
) -> IssuedKey:
    return issue_key(platform=platform, scopes=SCOPES, live=live, expires_at=expires_at, actor="op", at=at)


def test_a_platform_is_made_and_the_organisation_with_the_first(db: None):
    platform = create_platform(name=" Lumen ", actor="op", at=T0)
    assert platform.name == "Lumen"
    assert Organisation.objects.count() == 1
    assert organisation().created_at == T0
    assert AuditRow.objects.get().target_id == str(platform.pk)


@pytest.mark.parametrize("name", ["Lumen", "LUMEN", " lumen "])
def test_a_platform_is_made_once_in_any_capitals(lumen: Platform, name: str):
    with pytest.raises(PlatformNameTaken):
        create_platform(name=name, actor="op", at=T0)


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_a_platform_needs_a_name(name: str):
    with pytest.raises(PlatformNameMissing):
        create_platform(name=name, actor="op", at=T0)


@pytest.mark.parametrize(("live", "beginning"), [(True, "rsp_live_"), (False, "rsp_test_")])
def test_a_key_tells_its_kind_and_only_its_digest_is_stored(lumen: Platform, live: bool, beginning: str):
    issued = issue(lumen, live=live)
    assert issued.secret.startswith(beginning)
    assert issued.secret.startswith(issued.key.prefix)
    assert len(issued.secret) - len(issued.key.prefix) == 32
    stored = str(ApiKey.objects.values().get()) + str(list(AuditRow.objects.values()))
    assert issued.secret not in stored
    assert issued.secret[19:] not in stored


def test_a_third_key_waits_until_one_of_two_is_revoked(lumen: Platform):
    first, _ = issue(lumen), issue(lumen)
    with pytest.raises(TooManyKeys):
        issue(lumen)
    revoke_key(key=first.key, actor="op", at=T0)
    issue(lumen)
    assert ApiKey.objects.filter(platform=lumen, revoked_at__isnull=True).count() == 2


def test_an_expired_key_does_not_count(lumen: Platform):
    for _ in range(2):
        issue(lumen, expires_at=T0 + timedelta(days=1))
    issue(lumen, at=T0 + timedelta(days=1))
    assert ApiKey.objects.filter(platform=lumen, revoked_at__isnull=True).count() == 3


def test_test_keys_and_other_platforms_are_counted_apart(lumen: Platform):
    other = cast.a_platform("Other")
    for platform in [lumen, lumen, other, other]:
        issue(platform)
    issue(lumen, live=False)
    assert ApiKey.objects.filter(platform=lumen, revoked_at__isnull=True).count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_operators_at_once_do_not_issue_a_third_key():
    platform = create_platform(name="Lumen", actor="op", at=T0)
    issue(platform)
    barrier, outcomes = Barrier(2), []

    def ask() -> None:
        barrier.wait()
        try:
            issue(platform)
            outcomes.append("issued")
        except TooManyKeys:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["issued", "refused"]


def test_a_key_is_revoked_once_and_it_is_audited(lumen: Platform):
    key = issue(lumen).key
    revoke_key(key=key, actor="op", at=T0)
    assert key.revoked_at == T0
    assert AuditRow.objects.get(action="key.revoked").detail["key"] == key.prefix
    with pytest.raises(AlreadyRevoked):
        revoke_key(key=key, actor="op", at=T0)


def test_a_team_is_made_once_in_any_capitals(db: None):
    create_team(name=" North ", actor="op", at=T0)
    assert AuditRow.objects.get().action == "team.created"
    with pytest.raises(TeamNameTaken):
        create_team(name="NORTH", actor="op", at=T0)


@pytest.mark.parametrize("name", ["", " ", "x" * 121])
def test_a_team_needs_a_name(name: str):
    with pytest.raises(TeamNameMissing):
        create_team(name=name, actor="op", at=T0)
