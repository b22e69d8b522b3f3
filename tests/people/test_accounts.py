"""Accounts: made, changed, ended; each change audited in subjects and never in names."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from audit.models import AuditRow
from people.exceptions import (
    AlreadyDeactivated,
    AlreadyInTeam,
    BeganInFuture,
    LastOperator,
    NoSuchAnnouncement,
    PasswordRefused,
    ReasonMissing,
    RolesConflict,
    UnknownCountry,
    UnknownRole,
    UnknownSkill,
    UnknownZone,
    UsernameRefused,
    UsernameTaken,
)
from people.models import Announcement, RoleGrant, User
from people.rules.beginnings import check_began_on
from people.selectors import announcements_for, roles_of, subject_of, team_of, worker_of, zones_of
from people.services.accounts import create_user, deactivate, grant_roles, set_roles, set_team, set_time_zone
from people.services.announcements import put_away
from tests import cast
from tests.cast import LONG_AGO, PASSWORD, T0

pytestmark = pytest.mark.django_db
LATER = T0 + timedelta(hours=1)


def make(username: str = "zoe", *roles: str, **facts) -> User:
    return create_user(
        username=username,
        roles=roles or ["moderator"],
        actor="system",
        at=T0,
        **({"password": PASSWORD} | facts),
    )


def audited(action: str) -> AuditRow:
    return AuditRow.objects.get(action=action)


def test_a_new_person_has_a_subject_a_zone_roles_skills_and_a_team(north):
    user = make(team=north, skills=["senior", "lang:fr"], zone="Europe/Brussels")
    worker = worker_of(subject_of(user), at=T0)
    assert worker.team_id == north.pk
    assert (set(worker.skills), set(worker.languages)) == ({"senior"}, {"fr"})
    assert roles_of(user) == {"moderator"}
    assert [zone.zone for zone in zones_of(subject_of(user))] == ["Europe/Brussels"]
    assert zones_of(subject_of(user))[0].effective_from < T0 - timedelta(days=365)
    assert user.check_password(PASSWORD)


def test_a_new_starter_is_whoever_is_told_no_day():
    assert make().began_on is None
    assert audited("person.created").detail["began_on"] is None


def test_since_when_somebody_does_this_work_is_kept_and_audited_because_it_shortens_a_ramp():
    user = make(began_on=LONG_AGO, country=" be ")
    assert (user.began_on, user.country) == (LONG_AGO, "BE")
    assert audited("person.created").detail["began_on"] == "2025-11-03"


@pytest.mark.parametrize(
    ("zone", "may_be_tomorrow"),
    [
        # At 11:00 UTC it is tomorrow already on Kiritimati, 14 hours ahead;
        ("Pacific/Kiritimati", True),
        # in Brussels it is not.
        ("Europe/Brussels", False),
    ],
)
def test_today_is_the_date_where_the_person_is(zone: str, may_be_tomorrow: bool):
    tomorrow = T0.date() + timedelta(days=1)
    if may_be_tomorrow:
        assert check_began_on(tomorrow, zone=zone, at=T0 + timedelta(hours=2)) == tomorrow
    else:
        with pytest.raises(BeganInFuture) as refused:
            check_began_on(tomorrow, zone=zone, at=T0 + timedelta(hours=2))
        assert refused.value.today == T0.date()


def test_the_audit_tells_it_in_subjects_and_never_in_names(north):
    user = make("zoe.zuckerman", team=north, display_name="Zoe Zuckerman")
    rows = AuditRow.objects.filter(target_kind="person")
    assert {row.target_id for row in rows} == {str(subject_of(user))}
    assert rows.count() == 3
    assert not any("zuckerman" in f"{row.detail}{row.reason}{row.actor}".lower() for row in rows)


@pytest.mark.parametrize("username", ["", "  ", "a b", "x" * 151, "semi;colon", "<b>"])
def test_a_name_that_cannot_be_is_refused(username: str):
    with pytest.raises(UsernameRefused):
        make(username)


@pytest.mark.parametrize("username", ["alice", "ALICE", " Alice "])
def test_a_name_that_somebody_has_is_refused_in_any_capitals(alice: User, username: str):
    with pytest.raises(UsernameTaken):
        make(username)


@pytest.mark.parametrize("password", ["short", "q1w2e3r4t5y6", "1q2w3e4r5t6y"])
def test_an_easy_password_is_refused_with_why(password: str):
    with pytest.raises(PasswordRefused) as refused:
        make(password=password)
    assert refused.value.sentences


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"skills": ["juggling"]}, UnknownSkill),
        ({"zone": "Mars/Olympus"}, UnknownZone),
        ({"country": "Belgium"}, UnknownCountry),
        ({"began_on": T0.date() + timedelta(days=1)}, BeganInFuture),
        ({"roles": ["admin"]}, UnknownRole),
        ({"roles": ["lead", "auditor"]}, RolesConflict),
    ],
)
def test_a_refused_person_leaves_nothing_behind(facts: dict, refusal: type[Exception]):
    with pytest.raises(refusal), transaction.atomic():
        create_user(
            **({"username": "zoe", "password": PASSWORD, "roles": [], "actor": "system", "at": T0} | facts)
        )
    assert not User.objects.exists()
    assert not AuditRow.objects.exists()


def test_roles_are_set_exactly_and_the_change_is_audited(alice: User):
    assert set_roles(user=alice, roles=["lead"], actor="op", at=LATER) == {"lead"}
    assert roles_of(alice) == {"lead"}
    row = audited("person.roles_changed")
    assert row.detail == {"granted": ["lead"], "revoked": ["moderator"]}
    assert row.actor == "op"
    assert RoleGrant.objects.get(role="moderator").revoked_at == LATER


def test_setting_the_same_roles_writes_nothing(alice: User):
    set_roles(user=alice, roles=["moderator"], actor="op", at=LATER)
    assert not AuditRow.objects.exists()


def test_a_role_that_conflicts_with_one_held_is_refused(dana: User):
    with pytest.raises(RolesConflict):
        grant_roles(user=dana, roles=["representative"], actor="op", at=LATER)
    assert roles_of(dana) == {"lead"}


def test_a_role_can_be_given_again_after_it_was_taken(alice: User):
    set_roles(user=alice, roles=[], actor="op", at=LATER)
    set_roles(user=alice, roles=["moderator"], actor="op", at=LATER + timedelta(days=1))
    assert RoleGrant.objects.filter(user=alice).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_operators_at_once_cannot_make_a_lead_an_officer():
    user = cast.a_user("eve", "moderator")
    barrier, outcomes = Barrier(2), []

    def grant(role: str) -> None:
        barrier.wait()
        try:
            grant_roles(user=user, roles=[role], actor=role, at=LATER)
            outcomes.append("granted")
        except RolesConflict:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=grant, args=[role]) for role in ("lead", "wellbeing_officer")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["granted", "refused"]
    assert len(roles_of(user)) == 2


def test_naming_a_representative_is_announced(alice: User, amina: User):
    set_roles(user=amina, roles=["representative", "moderator"], actor="op", at=LATER)
    [told] = announcements_for(subject_of(alice), at=LATER)
    assert (told.name, told.role) == ("Amina", "Representative")


@pytest.mark.parametrize("role", ["wellbeing_officer", "auditor"])
def test_naming_an_officer_or_an_auditor_is_announced(alice: User, rosa: User, role: str):
    set_roles(user=rosa, roles=["representative", role], actor="op", at=LATER)
    [told] = announcements_for(subject_of(alice), at=LATER)
    assert told.name == "Rosa"
    assert told.role in {"Wellbeing officer", "Auditor"}


def test_other_roles_are_not_announced(alice: User):
    set_roles(user=alice, roles=["lead", "moderator"], actor="op", at=LATER)
    assert not Announcement.objects.exists()


def test_an_announcement_put_away_is_gone_for_one_person_only(alice: User, amina: User, rosa: User):
    grant_roles(user=rosa, roles=["auditor"], actor="op", at=LATER)
    [told] = announcements_for(subject_of(alice), at=LATER)
    put_away(user=alice, announcement_id=told.id, at=LATER)
    put_away(user=alice, announcement_id=told.id, at=LATER)
    assert announcements_for(subject_of(alice), at=LATER) == []
    assert len(announcements_for(subject_of(amina), at=LATER)) == 1


def test_an_announcement_stands_for_four_weeks(alice: User, rosa: User):
    grant_roles(user=rosa, roles=["auditor"], actor="op", at=T0)
    assert announcements_for(subject_of(alice), at=T0 + timedelta(weeks=4) - timedelta(seconds=1))
    assert not announcements_for(subject_of(alice), at=T0 + timedelta(weeks=4))


def test_putting_away_what_was_never_announced_is_refused(alice: User):
    with pytest.raises(NoSuchAnnouncement):
        put_away(user=alice, announcement_id=1, at=T0)


def test_a_move_holds_from_its_instant_and_the_old_team_stays_on_record(alice: User):
    north, south = team_of(subject_of(alice), at=T0), cast.a_team("South")
    set_team(user=alice, team=south, actor="op", at=LATER)
    assert team_of(subject_of(alice), at=LATER - timedelta(seconds=1)) == north
    assert team_of(subject_of(alice), at=LATER) == south.pk
    assert audited("person.team_changed").detail == {"from": north, "to": south.pk}


def test_a_person_can_be_taken_out_of_their_team(alice: User):
    set_team(user=alice, team=None, actor="op", at=LATER)
    assert team_of(subject_of(alice), at=LATER) is None


def test_moving_to_the_team_one_is_in_is_said(alice: User, north):
    with pytest.raises(AlreadyInTeam):
        set_team(user=alice, team=north, actor="op", at=LATER)


def test_a_new_zone_holds_24_hours_later(alice: User):
    assert set_time_zone(user=alice, zone="Asia/Tokyo", actor="op", at=LATER) == LATER + timedelta(hours=24)
    assert [(p.zone, p.effective_from) for p in zones_of(subject_of(alice))][1:] == [
        ("Asia/Tokyo", LATER + timedelta(hours=24))
    ]


def test_a_second_change_replaces_the_first_that_does_not_hold_yet(alice: User):
    set_time_zone(user=alice, zone="Asia/Tokyo", actor="op", at=LATER)
    set_time_zone(user=alice, zone="Europe/Brussels", actor="op", at=LATER + timedelta(minutes=1))
    assert [period.zone for period in zones_of(subject_of(alice))] == ["UTC", "Europe/Brussels"]


def test_an_unknown_zone_changes_nothing(alice: User):
    with pytest.raises(UnknownZone):
        set_time_zone(user=alice, zone="Mars/Olympus", actor="op", at=LATER)
    assert len(zones_of(subject_of(alice))) == 1


def test_an_ended_account_signs_in_no_more_and_its_grants_stay(alice: User):
    deactivate(user=alice, reason="Left us", actor="op", at=LATER)
    assert not alice.is_active
    assert not alice.has_usable_password()
    assert RoleGrant.objects.filter(user=alice, revoked_at__isnull=True).exists()
    assert team_of(subject_of(alice), at=LATER) is None
    row = audited("person.deactivated")
    assert (row.reason, row.target_id) == ("Left us", str(subject_of(alice)))


@pytest.mark.parametrize("reason", ["", "  \n", "\u200f\u202e"])
def test_an_account_is_not_ended_without_a_reason(alice: User, reason: str):
    with pytest.raises(ReasonMissing):
        deactivate(user=alice, reason=reason, actor="op", at=LATER)
    alice.refresh_from_db()
    assert alice.is_active


def test_an_account_is_ended_once(alice: User):
    deactivate(user=alice, reason="Left us", actor="op", at=LATER)
    with pytest.raises(AlreadyDeactivated):
        deactivate(user=alice, reason="Left us", actor="op", at=LATER)


def test_the_last_operator_stays(olga: User):
    with pytest.raises(LastOperator):
        deactivate(user=olga, reason="Left us", actor="op", at=LATER)
    with pytest.raises(LastOperator):
        set_roles(user=olga, roles=["auditor"], actor="op", at=LATER)


def test_an_operator_may_go_when_there_is_another(olga: User):
    cast.a_user("otto", "operator")
    deactivate(user=olga, reason="Left us", actor="op", at=LATER)
    assert not olga.is_active
