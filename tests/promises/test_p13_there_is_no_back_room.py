"""P13. Whoever is shown a case, in any role, on any page, is shown it under a claim and under P3 to P5. There is no back room.

Somebody of every role opens every address there is, with the ids of everything there is: the words of an item, of its reports
and of its context are needles, and so are the first bytes of every rendition. They come to the holder of a live claim, at the
desk, after a reveal, and to nobody else, nowhere else, at no other time. What a platform is answered about its own items is
its own: no role has its keys.

Seen red with the words sent before their reveal. A lease that is over is kept away twice, by ``returns.catch_up`` and in
``queues.selectors.desk``, so that either alone is not seen here.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from moderation.models import Decision, Draft
from people.models import User
from queues.models import Claim, Skip
from tests import cast
from tests.cast import subject_of
from tests.moderation.api.caller import a_secret
from tests.promises.team_with_a_day import Day
from tests.promises.walking import CLASSED, Walk, walks
from tests.web.desk.scene import Page, Submitted, a_case_waits, works_today
from tests.web.lead.office import signs_in
from wellbeing.models import Exposure

pytestmark = pytest.mark.django_db

TEXT = "quokkabrandt lies here"
CONTEXT = "zebulonquist said before"
REPORT = "vexillarian told us so"
RATIONALE = "plumbaginous reasons"
NEEDLES: Mapping[str, str] = {
    TEXT: "the text of an item",
    CONTEXT: "its context",
    REPORT: "a report",
    RATIONALE: "why it was decided, or a draft",
}
ROLES = ["lead", "wellbeing_officer", "representative", "auditor", "operator", "moderator"]
DESK = {"desk/"}
API = tuple(route for route in CLASSED if route.startswith("api/"))


@pytest.fixture
def severe(day: Day) -> Submitted:
    """A case of severity 3 with text and a picture waits; another one like it has been decided."""
    Skip.objects.all().delete()
    submitted = a_case_waits(
        day.queues[0],
        "rocket.jpg",
        text=TEXT,
        reports=(REPORT,),
        context={"parent": {"text": CONTEXT}, "thread": [CONTEXT]},
    )
    Decision.objects.update(rationale=RATIONALE)
    Draft.objects.update(rationale=RATIONALE)
    day.ids["medium_id"] = [submitted.media[0].pk]
    day.ids["level"] = ["shielded", "grey", "colour"]
    return submitted


def takes_it(day: Day) -> Page:
    """Somebody of the team sits down; the case is in their hands, and nothing of it is shown but its label."""
    user = works_today(cast.a_user("nadia", "moderator", team=day.teams[0]))
    page = Page(signs_in(user), user).get().press("open")
    assert Claim.objects.filter(subject=subject_of(user), state="live").exists()
    return page


def walk_of(client: Client, day: Day) -> Walk:
    day.ids["exposure_id"] = list(Exposure.objects.order_by("-opened_at").values_list("pk", flat=True)[:2])
    return walks(client, day.ids, among=[route for route in CLASSED if route not in API])


def content_in(walk: Walk) -> dict[str, set[str]]:
    """Return route → which needles, and whether a picture, came back there."""
    found: dict[str, set[str]] = {}
    for answer in walk.answers:
        told = {what for needle, what in NEEDLES.items() if needle in answer.text}
        if answer.status == 200 and answer.route.startswith("desk/media/"):
            told.add("a picture")
        if told:
            found.setdefault(answer.route, set()).update(told)
    return found


def unfolds(page: Page) -> Page:
    return page.press("show", level="grey", words="unfold")


@pytest.mark.parametrize("role", ROLES)
def test_who_holds_no_claim_is_shown_nothing_of_any_case(day: Day, severe: Submitted, role: str) -> None:
    holder = unfolds(takes_it(day))
    assert TEXT in holder.html
    other = works_today(cast.a_user("norma", role, team=day.teams[0]))
    assert content_in(walk_of(signs_in(other), day)) == {}


def test_nor_does_a_stranger_or_a_key_in_a_browser(day: Day, severe: Submitted) -> None:
    unfolds(takes_it(day))
    assert content_in(walk_of(Client(), day)) == {}
    bearer: dict[str, Any] = {"headers": {"Authorization": f"Bearer {a_secret(day.platform)}"}}
    walk = walks(Client(), day.ids, among=[route for route in CLASSED if route not in API], **bearer)
    assert content_in(walk) == {}


def test_the_holder_is_shown_it_at_the_desk_alone_and_nothing_before_a_reveal(
    day: Day, severe: Submitted
) -> None:
    page = takes_it(day)
    before = content_in(walk_of(page.client, day))
    assert set(before) <= DESK | {"desk/media/<uuid:exposure_id>/<uuid:medium_id>/<str:level>"}
    assert TEXT not in page.get().html
    unfolds(page)
    after = content_in(walk_of(page.client, day))
    assert set(after) <= DESK | {"desk/media/<uuid:exposure_id>/<uuid:medium_id>/<str:level>"}
    assert "the text of an item" in after["desk/"]


def _steps_away(page: Page) -> None:
    page.press("step-away")


def _skips(page: Page) -> None:
    page.press("skip")


def _hands_back(page: Page) -> None:
    page.press("hand-back")


def _loses_the_lease(page: Page) -> None:
    Claim.objects.filter(subject=subject_of(page.user)).update(lease_until=timezone.now())


def _goes_home(page: Page) -> None:
    page.press("close")


@pytest.mark.parametrize("leaves", [_steps_away, _skips, _hands_back, _loses_the_lease, _goes_home])
def test_who_has_let_go_of_it_is_shown_it_no_more(day: Day, severe: Submitted, leaves: Any) -> None:
    page = unfolds(takes_it(day))
    leaves(page)
    assert content_in(walk_of(page.client, day)) == {}


@pytest.mark.parametrize("role", ["lead", "wellbeing_officer", "representative", "auditor", "operator"])
def test_whoever_judges_and_has_another_role_sees_it_at_the_desk_alone(
    day: Day, severe: Submitted, role: str
) -> None:
    user: User = works_today(cast.a_user("nadia", "moderator", role, team=day.teams[0]))
    page = unfolds(Page(signs_in(user), user).get().press("open"))
    found = content_in(walk_of(page.client, day))
    assert set(found) <= DESK | {"desk/media/<uuid:exposure_id>/<uuid:medium_id>/<str:level>"}
    assert "the text of an item" in found["desk/"]
