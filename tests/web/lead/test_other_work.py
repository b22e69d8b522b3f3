"""A lead says of each kind of other paid work whether content is shown in it; the team reads who said so, and why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditRow
from people.models import Team, User
from tests.web.lead.office import Office, signs_in
from tests.wellbeing.steps import no_content_is_shown
from wellbeing.models import OtherWorkSaying

pytestmark = pytest.mark.django_db

HERE = "/lead/other-work/"


def says(lead: Office, *kinds: str, reason: str = "", seen: int = 0) -> Office:
    return lead.posts(HERE, without_content=list(kinds), reason=reason, seen=seen)


def said() -> list[tuple[str, bool]]:
    return list(OtherWorkSaying.objects.order_by("id").values_list("activity", "is_without_content"))


def test_nobody_has_said_it_of_any_kind_at_first(lead: Office) -> None:
    text = lead.opens(HERE).text
    assert "No content is shown in" in text
    assert "checked" not in lead.last.content.decode()
    assert "Nothing for now" not in text.split("No content is shown in")[1].split("Not even")[0]


def test_what_is_said_is_kept_with_a_reason_and_stands_in_the_history(lead: Office) -> None:
    assert says(lead, "training").status == 422
    assert says(lead, "training", reason="\u200f\u200b").status == 422
    assert "Say why, please." in lead.text
    assert said() == []
    says(lead, "training", reason="Slides without examples")
    assert "Saved." in lead.follows().text
    assert "checked" in lead.last.content.decode()
    assert said() == [("training", True)]
    assert (
        "Training: no content is shown in it looser Slides without examples"
        in lead.opens("/lead/history/").text
    )
    row = AuditRow.objects.get()
    assert (row.action, row.reason) == ("other_work.said", "Slides without examples")


def test_that_content_may_be_shown_needs_no_reason_and_the_same_again_changes_nothing(lead: Office) -> None:
    says(lead, "training", "peer_talk", reason="Talks alone")
    says(lead, "peer_talk", seen=2)
    assert said() == [("training", True), ("peer_talk", True), ("training", False)]
    assert "That is said already." in says(lead, "peer_talk", seen=3).follows().text
    assert len(said()) == 3


def test_the_second_of_two_leads_is_told(lead: Office, north: Team) -> None:
    no_content_is_shown(north, "peer_talk", at=timezone.now() - timedelta(days=1))
    says(lead, "training", reason="Slides", seen=0)
    assert lead.status == 409
    assert "while your page was open" in lead.text
    assert said() == [("peer_talk", True)]


@pytest.mark.parametrize("kind", ["nothing", "sleeping"])
def test_of_doing_nothing_and_of_what_there_is_not_nothing_is_said(lead: Office, kind: str) -> None:
    assert says(lead, kind, reason="So").status == 422
    assert said() == []


def test_nobody_but_a_lead_says_it(alice: User) -> None:
    moderator = Office(signs_in(alice), alice)
    assert moderator.opens(HERE).status == 403
    assert says(moderator, "training", reason="So").status == 403
    assert said() == []
