"""P7. Exposure is private and whole. A person's exposure is read by that person and, as daily sums without levels, by the
officer; every such read is logged and shown to the person; groups under 5 are suppressed. No productivity view joins it.

Here: what leads, guardians, auditors, operators, colleagues and platforms are answered, at every address there is.
That reads are logged and shown: ``tests/web/safeguard/test_questions.py``, ``tests/web/officer/test_flags.py``.

Seen red without the exclusion of own limits in ``wellbeing.limits.selectors.in_scope.holds_for_person`` and without the size of
the group in ``queues.rules.outlook``; with names and subjects of members on the board; with an address that is not classed;
with 'My day' open to who is not confirmed, and with ``_themselves`` that asks for the second factor alone.
"""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from people.models import User
from people.services.invitations import accept_invitation, new_link
from tests import cast
from tests.cast import subject_of
from tests.moderation.api.caller import a_secret
from tests.promises.team_with_a_day import FOUR, SIX, Day
from tests.promises.walking import CLASSED, NOBODY, Walk, routes, walks
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office, signs_in
from wellbeing.limits.services.setting import set_limit
from wellbeing.officer.services import questions

pytestmark = pytest.mark.django_db

ROLES = ["lead", "wellbeing_officer", "representative", "auditor", "operator", "moderator"]
OPENS = {
    "lead": {
        "lead/",
        "lead/limits/",
        "lead/people/",
        "lead/people/<int:person_id>/",
        "lead/shifts/",
        "lead/presets/",
        "lead/presets/<str:preset>/",
        "lead/history/",
        "safeguard/",
    },
    "wellbeing_officer": {
        "questions/",
        "questions/<uuid:question_id>/",
        "safeguard/",
        "officer/",
        "officer/flags/",
        "officer/flags/<uuid:flag_id>/",
        "officer/people/",
        "officer/people/<int:person_id>/",
        "reviews/",
        "safeguard/sign-ins/",
        "safeguard/sign-ins/<int:reset_id>/",
    },
    "representative": {"safeguard/", "reviews/", "safeguard/sign-ins/", "safeguard/sign-ins/<int:reset_id>/"},
    "auditor": {"safeguard/"},
    "operator": {"people/", "people/<int:person_id>/", "people/<int:person_id>/factor/", "safeguard/"},
    "moderator": {"my-day/", "my-shifts/", "desk/", "safeguard/"},
}
"""Pages that each role must have been shown, or the walk has seen nothing."""
NAMING = ("people/", "lead/people/", "lead/shifts/", "questions/", "officer/", "safeguard/sign-ins/")
"""Where a name is needed: accounts, a lead's people and when they work, whom an officer answers and looks after, and who
waits for a confirmation."""


@pytest.fixture
def day(whole_day: Day) -> Day:
    return whole_day


def somebody(role: str, day: Day) -> User:
    return works_today(cast.a_user("norma", role, team=day.teams[0]))


def a_question_is_asked(day: Day, by: User) -> None:
    """The first of the six asks the officer about a value that a lead set."""
    who = day.people[0]
    row = set_limit(
        scope="person",
        scope_ref=str(subject_of(who)),
        name="seconds_3",
        value=1800,
        set_by=str(subject_of(by)),
        reason="a hard week",
        at=day.at,
    )
    asked = questions.ask(
        subject=subject_of(who), about="limit", about_ref=str(row.pk), words="Why?", at=day.at
    )
    day.ids["question_id"].append(asked.pk)


def named(walk: Walk, day: Day, role: str) -> set[str]:
    """Return the routes on which somebody who judges is named to *role*, but for those where that may be."""
    return {
        answer.route
        for answer in walk.answers
        if role not in CLASSED[answer.route] and any(name.casefold() in answer.text for name in day.names)
    }


def test_every_address_is_walked_and_no_other_is_listed() -> None:
    """A new address fails here until it is listed in ``walking.CLASSED``, with who may read names there."""
    assert set(routes()) == set(CLASSED)


@pytest.fixture(scope="module")
def walked() -> dict[str, Walk]:
    """Who has walked, by role: they only read, and nobody needs to do it twice."""
    return {}


def walk_of(role: str, day: Day, walked: dict[str, Walk]) -> Walk:
    """Return all answers to somebody of *role*; one of the six has asked about what their lead did."""
    if role not in walked:
        a_question_is_asked(day, by=works_today(cast.a_user("dana", "lead", team=day.teams[0])))
        walked[role] = walks(signs_in(somebody(role, day)), day.ids)
    return walked[role]


@pytest.mark.parametrize("role", ROLES)
def test_no_address_tells_anybody_a_figure_a_subject_or_a_name_of_another(
    day: Day, walked: dict[str, Walk], role: str
) -> None:
    walk = walk_of(role, day, walked)
    assert walk.of(200) >= OPENS[role]
    assert walk.found(day.needles) == []
    assert (walk.found(day.cared) == []) is (role != "wellbeing_officer")
    assert named(walk, day, role) == set()
    assert {answer.address for answer in walk.answers if answer.status >= 500} == set()


def test_whoever_set_a_persons_sign_in_anew_reads_nothing_of_theirs(day: Day) -> None:
    """The same needles that the person finds below; and officers' and representatives' pages are closed as well."""
    for who in (day.people[0], day.people[-1]):
        walk = walks(the_operator_becomes(who), day.ids)
        assert walk.of(200) >= {"my-day/", "desk/", "people/sign-in/"}
        assert walk.found({**day.needles, **day.cared}) == []


@pytest.mark.parametrize("role", ["wellbeing_officer", "representative"])
def test_whoever_set_an_officers_sign_in_anew_reads_nobodys_records(day: Day, role: str) -> None:
    walk = walks(the_operator_becomes(somebody(role, day)), day.ids)
    assert walk.found({**day.needles, **day.names, **day.cared}) == []
    assert not walk.of(200) & (OPENS[role] - {"safeguard/"})


def the_operator_becomes(who: User) -> Client:
    """A link is made, opened by whoever made it, and signed in with."""
    fresh = new_link(user=who, actor="somebody", at=timezone.now())
    return signs_in(
        accept_invitation(token=fresh.token, password="known to whoever made it", at=timezone.now())
    )


def test_a_stranger_is_told_nothing(day: Day) -> None:
    walk = walks(Client(), day.ids)
    assert walk.found({**day.needles, **day.names}) == []


def test_a_lead_reads_names_on_the_pages_of_their_team_alone(day: Day, walked: dict[str, Walk]) -> None:
    walk = walk_of("lead", day, walked)
    pages = {
        route: [a for a in walk.answers if a.route == route]
        for route in ("lead/people/", "lead/people/<int:person_id>/")
    }
    for name in SIX:
        assert name.casefold() in pages["lead/people/"][0].text
    for name in FOUR:
        assert all(name.casefold() not in answer.text for answer in walk.answers)


def test_a_platform_learns_neither_who_nor_when_it_was_begun_nor_how_long(day: Day) -> None:
    bearer = {"headers": {"Authorization": f"Bearer {a_secret(day.platform)}"}}
    walk = walks(Client(), day.ids, **bearer)
    assert walk.of(200) >= {
        "api/v1/items",
        "api/v1/items/<item_id>",
        "api/v1/decisions",
        "api/v1/decisions/<decision_id>",
    }
    assert walk.found({**day.needles, **day.names}) == []
    words = re.compile(
        r'"(claimed_at|opened_at|started_at|seconds|duration|moderator|decided_by_name|subject)"'
    )
    assert [
        a.address
        for a in walk.answers
        if a.route.startswith("api/v1/")
        and "docs" not in a.route
        and "openapi" not in a.route
        and words.search(a.text)
    ] == []


@pytest.mark.parametrize(("team", "told"), [(0, True), (1, False)])
def test_what_a_limit_would_cost_is_told_of_five_and_more_alone(day: Day, team: int, told: bool) -> None:
    lead = works_today(cast.a_user("norma", "lead", team=day.teams[team]))
    office = Office(signs_in(lead), lead).opens("/lead/limits/").changes(seconds_3="1")
    assert ("due time" in office.text) is told
    assert ("not told for a team of fewer than 5" in office.text) is not told
    found = Walk([])
    assert found.found(day.needles) == []
    assert not [needle for needle in day.needles if needle.casefold() in office.text.casefold()]


@pytest.mark.parametrize(
    "address",
    ["/lead/people/{}/tighten/", "/lead/people/{}/ask/"],
)
def test_what_a_lead_is_answered_when_they_guess_tells_no_own_limit(day: Day, address: str) -> None:
    """Own limits are 78 min at severity 1 and up: values around it are all answered alike."""
    lead = somebody("lead", day)
    office = Office(signs_in(lead), lead)
    fields: dict[str, Any] = {"name": "seconds_1", "reason": "a guess"}
    for value in ("241", "240", "79", "78"):
        office.posts(address.format(day.people[0].pk), value=value, **fields)
        assert not [needle for needle in day.needles if needle.casefold() in office.text.casefold()]
        if "tighten" in address:
            assert office.status == (302 if int(value) < 240 else 422)


def test_a_needle_in_the_hay_would_be_found(day: Day) -> None:
    """The person themselves reads their own numbers, so the needles are spelled as pages spell them."""
    own = walks(signs_in(day.people[0]), {name: values[:1] for name, values in day.ids.items()})
    kinds = {
        what.partition(",")[0]
        for needle, what in day.needles.items()
        if any(needle.casefold() in a.text for a in own.answers)
    }
    assert kinds >= {"when the day began", "seconds that were shown"}


def test_names_of_who_judges_are_classed_nowhere_without_need() -> None:
    assert {
        route for route, roles in CLASSED.items() if roles != NOBODY and not route.startswith(NAMING)
    } == set()
