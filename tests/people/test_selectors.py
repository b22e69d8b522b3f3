"""What other apps may ask about people."""

from datetime import timedelta
from uuid import uuid4

import pytest

from people.models import Organisation, Subject, TeamMembership, TimeZonePeriod, User
from people.selectors import (
    members_of,
    organisation,
    roles_of,
    subject_of,
    team_of,
    user_of,
    wellbeing_officers,
    worker_of,
    zones_of,
)
from tests import cast
from tests.cast import T0

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_subject_and_user_lead_to_each_other(alice: User):
    assert user_of(subject_of(alice)) == alice


def test_a_subject_whose_link_was_cut_leads_to_nobody(alice: User):
    subject = subject_of(alice)
    Subject.objects.update(user=None)
    assert user_of(subject) is None
    assert not worker_of(subject, at=T0).is_active
    assert zones_of(subject) == []


def test_an_unknown_subject_is_not_an_active_worker(db: None):
    assert not worker_of(uuid4(), at=T0).is_active


def test_roles_are_those_that_are_not_revoked(alice: User):
    alice.role_grants.create(role="representative", granted_at=T0, revoked_at=T0)
    assert roles_of(alice) == {"moderator"}


def test_who_is_not_active_holds_no_role(alice: User):
    alice.is_active = False
    assert roles_of(alice) == set()


def test_a_team_is_that_of_the_instant(alice: User):
    subject, south = subject_of(alice), cast.a_team("South")
    north = team_of(subject, at=T0)
    TeamMembership.objects.filter(user=alice).update(effective_until=T0 + timedelta(days=1))
    TeamMembership.objects.create(user=alice, team=south, effective_from=T0 + timedelta(days=1))
    assert team_of(subject, at=T0 - SECOND) is None
    assert team_of(subject, at=T0 + timedelta(days=1) - SECOND) == north
    assert team_of(subject, at=T0 + timedelta(days=1)) == south.pk


def test_members_come_in_the_order_of_locks(alice: User, amina: User, charlie: User):
    team = alice.memberships.get().team_id
    assert members_of(team, at=T0) == sorted([subject_of(alice), subject_of(amina)])


def test_a_worker_is_told_with_skills_and_languages_apart(north):
    user = cast.a_user("ana", "moderator", team=north, skills=("senior", "lang:fr", "lang:pt-BR"))
    worker = worker_of(subject_of(user), at=T0)
    assert worker.skills == {"senior"}
    assert worker.languages == {"fr", "pt-BR"}
    assert (worker.is_active, worker.team_id) == (True, north.pk)


def test_zones_come_earliest_first(alice: User):
    TimeZonePeriod.objects.create(user=alice, zone="Asia/Tokyo", effective_from=T0)
    assert [period.zone for period in zones_of(subject_of(alice))] == ["UTC", "Asia/Tokyo"]


def test_the_officers_are_those_who_are_active(wim: User, rosa: User):
    cast.a_user("ines", "wellbeing_officer")
    User.objects.filter(username="ines").update(is_active=False)
    assert wellbeing_officers() == [wim]


def test_no_organisation_is_said_and_the_first_one_is_found(db: None):
    with pytest.raises(Organisation.DoesNotExist):
        organisation()
    assert organisation_made() == organisation()


def organisation_made() -> Organisation:
    return cast.an_organisation()
