"""P10. No speed, no score, no rank of a person or of fewer than 5 people: no countdown, no items-per-hour, no leaderboard,
for any role, in any export, by any API.

Seen red with the seconds of a look on the board (the walk before and after is not the same), and with 'cases per hour'.
"""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from people.models import User
from queues.models import Claim, Skip
from tests import cast
from tests.cast import subject_of
from tests.moderation.api.caller import a_secret
from tests.promises.team_with_a_day import SIX, Day
from tests.promises.walking import Walk, walks
from tests.web.desk.scene import works_today
from tests.web.lead.office import signs_in
from wellbeing.models import Break, CaseSeen, Exposure, ExposureSum, LimitRow, Presence

pytestmark = pytest.mark.django_db

OTHERS = ["lead", "wellbeing_officer", "representative", "auditor", "operator", "moderator"]
WORDS = re.compile(
    r"\b(per (hour|minute|day shift)|(items|cases|decisions)/h|fastest|slowest|faster|slower|rank(s|ed|ing)?|leaderboard"
    r"|productivity|throughput|efficien\w+|on average|average|handling time|top \d+|countdown|quota|performance)\b"
)
ELEMENTS = re.compile(r"<(meter|progress)\b|http-equiv=\"refresh\"")
DESCRIPTIONS = {"api/v1/docs", "api/v1/openapi.json"}
"""They hold words about how fast a platform may send, and about classifiers' scores; nobody's work."""


def everything_was_done_twice_as_slowly(day: Day) -> None:
    """The same decisions, after looks, breaks and waits of another length, with other skips and own limits."""
    Exposure.objects.update(shown_ms=F("shown_ms") * 2, closed_at=day.at, severity=3)
    ExposureSum.objects.update(shown_ms=F("shown_ms") * 2, cases=F("cases") + 11)
    Claim.objects.update(claimed_at=day.at - timedelta(hours=3), closed_at=day.at)
    Break.objects.update(length_ms=F("length_ms") * 2, served_ms=F("served_ms") * 2)
    Presence.objects.update(opened_at=day.at - timedelta(hours=7))
    CaseSeen.objects.all().delete()
    Skip.objects.filter(subject=subject_of(day.people[0])).delete()
    LimitRow.objects.create(
        scope="own",
        scope_ref=str(subject_of(day.people[1])),
        name="seconds_1",
        value=1_234,
        set_at=day.at,
        set_by=str(subject_of(day.people[1])),
    )


def without_clock(walk: Walk) -> dict[str, str]:
    """Return what was read at each address, without clock times, random ids and what is left of a platform's rate."""
    plain = re.compile(
        r"(?m)^(x-)?ratelimit.*$|\b\d\d:\d\d(:\d\d)?\b|\b[0-9a-f]{16,}\b|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    )
    return {answer.address: plain.sub("", answer.text) for answer in walk.answers}


def somebody(role: str, day: Day) -> User:
    return works_today(cast.a_user("norma", role, team=day.teams[0]))


@pytest.mark.parametrize("role", OTHERS)
def test_how_long_anybody_took_changes_no_answer_and_has_no_word_or_bar(day: Day, role: str) -> None:
    client = signs_in(somebody(role, day))
    walk = walks(client, day.ids)
    everything_was_done_twice_as_slowly(day)
    before, after = without_clock(walk), without_clock(walks(client, day.ids))
    # In a day's first hours what lasts twice as long began yesterday, which these two tell of the team, all together.
    told = before.keys() - {"/lead/other-work/", "/lead/shifts/"}
    assert [address for address in told if before[address] != after[address]] == []
    assert words_and_bars(walk) == []


def words_and_bars(walk: Walk) -> list[tuple[str, str]]:
    """Return what speaks of speed, score or rank, and at which address."""
    return [
        (answer.address, word[0])
        for answer in walk.answers
        if answer.route not in DESCRIPTIONS
        for word in [WORDS.search(answer.text) or ELEMENTS.search(answer.text)]
        if word
    ]


def test_nor_to_a_platform(day: Day) -> None:
    bearer = {"headers": {"Authorization": f"Bearer {a_secret(day.platform)}"}}
    before = without_clock(walks(Client(), day.ids, **bearer))
    everything_was_done_twice_as_slowly(day)
    after = without_clock(walks(Client(), day.ids, **bearer))
    assert [address for address in before if before[address] != after[address]] == []


def test_people_stand_in_the_order_of_their_names(day: Day) -> None:
    lead = somebody("lead", day)
    html = signs_in(lead).get("/lead/people/").content.decode()
    assert re.findall("|".join(SIX), html) == sorted(SIX)


def test_a_walk_that_differs_would_be_seen(day: Day) -> None:
    """The person themselves does read another day afterwards."""
    client, own = signs_in(day.people[0]), ["my-day/"]
    before = without_clock(walks(client, day.ids, among=own))
    everything_was_done_twice_as_slowly(day)
    assert before["/my-day/"] != without_clock(walks(client, day.ids, among=own))["/my-day/"]
