"""The officer puts the organisation's contract with a counsellor on record and ends it; everybody reads it; nobody else does it.

Seen red without ``record_reader_for`` in ``contract_views``.
"""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from audit.models import AuditRow
from people.models import Organisation, RoleGrant, Team
from tests.web.lead.office import Office
from wellbeing.models import CounsellorContract, TeamPreset

pytestmark = pytest.mark.django_db

HERE = "/officer/contracts/"
NONE = "No contract with an independent counsellor is on record today"


def ahead(days: int) -> date:
    return timezone.now().date() + timedelta(days=days)


def records(
    office: Office, *, who: object = "A quiet practice", first: object = None, last: object = None
) -> Office:
    return office.posts(HERE, counsellor=who, from_on=first or ahead(-1), until_on=last or ahead(90))


def test_a_contract_is_put_on_record_and_everybody_reads_it(officer: Office, lead: Office) -> None:
    assert "None. Specialist cannot be chosen" in officer.opens(HERE).text
    records(officer)
    text = officer.follows().text
    assert "A quiet practice" in text
    assert "On record since: Wim, " in text
    assert "A quiet practice, " in lead.opens("/safeguard/").text
    assert list(AuditRow.objects.values_list("action", "target_kind")) == [("contract.recorded", "contract")]


def test_its_end_is_kept_with_who_ended_it(officer: Office, second_officer: Office, lead: Office) -> None:
    records(officer)
    row = CounsellorContract.objects.get()
    second_officer.posts(f"{HERE}{row.pk}/end/")
    text = second_officer.follows().text
    assert "the specialists have the default’s limits now" in text
    assert "Ended before its last day: Willa, " in text
    assert "None is on record." in lead.opens("/safeguard/").text
    officer.posts(f"{HERE}{row.pk}/end/")
    assert "Somebody ended this contract before." in officer.follows().text
    assert officer.posts(f"{HERE}{uuid4()}/end/").status == 404


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"who": " "}, "This field is required."),
        ({"who": "\u200f"}, "Write with whom the contract is."),
        ({"who": "x" * 121}, "at most 120 characters"),
        ({"last": ahead(-2)}, "Choose a day from "),
        ({"last": ahead(400)}, "Choose a day from "),
        ({"first": ahead(9), "last": ahead(8)}, "The last day lies before the first."),
        ({"last": "never"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_is_told(officer: Office, parts: dict[str, object], says: str) -> None:
    records(officer, **parts)
    assert officer.status == 422
    assert says in officer.text
    assert not CounsellorContract.objects.exists()


def test_nobody_but_an_officer_records_or_ends_one(
    officer: Office, lead: Office, representative: Office, moderator: Office
) -> None:
    records(officer)
    row = CounsellorContract.objects.get()
    for other in (lead, representative, moderator):
        assert other.opens(HERE).status == 403
        assert records(other).status == 403
        assert other.posts(f"{HERE}{row.pk}/end/").status == 403
    row.refresh_from_db()
    assert row.ended_at is None
    assert CounsellorContract.objects.count() == 1
    assert officer.client.get(f"{HERE}{row.pk}/end/").status_code == 405


def test_an_officer_who_was_just_named_loosens_nothing_and_may_tighten(officer: Office) -> None:
    records(officer)
    RoleGrant.objects.filter(user=officer.user).update(granted_at=timezone.now())
    Organisation.objects.update(created_at=timezone.now() - timedelta(days=30))
    assert "Your role as wellbeing officer is new." in records(officer).follows().text
    assert CounsellorContract.objects.count() == 1
    assert officer.posts(f"{HERE}{CounsellorContract.objects.get().pk}/end/").status == 302


def test_its_end_is_said_ahead_and_only_where_a_team_works_by_it(officer: Office, north: Team) -> None:
    assert NONE not in officer.opens("/officer/").text
    TeamPreset.objects.create(team_id=north.pk, preset="specialist", set_at=timezone.now(), set_by="dana")
    assert NONE in officer.opens("/officer/").text
    records(officer, last=ahead(20))
    assert "The contract with an independent counsellor ends " in officer.opens("/officer/").text
    records(officer, first=ahead(21), last=ahead(200))
    text = officer.opens("/officer/").text
    assert "The contract with an independent counsellor ends " not in text
    assert NONE not in text
    TeamPreset.objects.create(team_id=north.pk, preset="volunteer", set_at=timezone.now(), set_by="dana")
    CounsellorContract.objects.update(ended_at=timezone.now(), ended_by="wim")
    assert NONE not in officer.opens("/officer/").text
