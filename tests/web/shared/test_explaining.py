"""Every refusal is explained: which rule, whose, since when, until when, and what there is instead.

Seen red with the row ``late`` taken out of ``RULES``, with ``set_by`` told for an own value, and with ‘tomorrow’ said
of what lies further ahead.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from people.models import User
from tests.cast import T0, subject_of
from web.shared.explaining import RULES, Explanation, explain, named_in
from web.shared.names import Names
from wellbeing.core.rules import caps
from wellbeing.core.rules.limits import HARD_LIMITS
from wellbeing.exceptions import Reached
from wellbeing.models import MeasureKind
from wellbeing.officer.rules.refusals import CAPS, REFUSALS

UTC_ZONE = ZoneInfo("UTC")
TOMORROW = datetime(2026, 11, 24, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def a_cap(name: str = "late", most: int = 1, until: datetime | None = None, **more: object) -> Reached:
    return Reached(name, 0, str(more.pop("scope", "rule")), until, most=most, **more)  # type: ignore[arg-type]


def told(reached: Reached, *, at: datetime = T0, zone: ZoneInfo = UTC_ZONE) -> Explanation:
    return explain(reached, at=at, zone=zone, names=Names([]))


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(REFUSALS))
@pytest.mark.parametrize("most", [None, 1])
def test_every_name_of_a_refusal_has_its_words(name: str, most: int | None) -> None:
    found = told(Reached(name, 1, "ceiling", T0, most=most))
    assert all((found.sentence, found.because, found.rule, found.whose))
    assert (found.about, found.about_ref) == ("refusal", name)


@pytest.mark.any_database
def test_no_word_is_left_that_nothing_refuses() -> None:
    assert set(RULES) == REFUSALS


@pytest.mark.any_database
def test_every_cap_that_the_rules_yield_is_a_name_of_a_refusal() -> None:
    source = Path(caps.__file__).read_text()
    written = re.findall(r'(?:Cap|_by)\(\s*(?:\w+,\s*)?"(\w+)"', source)
    assert {*written, MeasureKind.REST_DAY, MeasureKind.LIGHTER_QUEUE} == set(CAPS)


@pytest.mark.any_database
def test_every_hard_limit_is_a_name_of_a_refusal() -> None:
    assert set(HARD_LIMITS) <= REFUSALS


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(REFUSALS - {"break"}))
def test_every_refusal_offers_something_else(name: str) -> None:
    assert told(Reached(name, 1, "ceiling", T0)).instead


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reached", "words"),
    [
        # a clock time today
        (a_cap(until=T0 + 320 * MINUTE), "No case above severity 1 until 14:20."),
        # midnight is tomorrow, not 00:00
        (a_cap(until=TOMORROW), "No case above severity 1 until tomorrow."),
        # over midnight: the time and the day
        (a_cap("night", 2, T0 + 19 * 60 * MINUTE), "No case above severity 2 until 04:00 tomorrow."),
        # further ahead: the day, and where it is not midnight the time
        (a_cap("late", 2, T0 + 3 * 24 * 60 * MINUTE), "until Thursday 26 November, 09:00."),
        (a_cap("extreme_weeks", 3, TOMORROW + timedelta(days=6)), "until Monday 30 November."),
        # nothing at all
        (a_cap("rest_day", -1, TOMORROW), "No case until tomorrow."),
        # by nothing but an act of the person
        (a_cap("agreement", 3), "No case above severity 3."),
        (a_cap("introduction", -1), "No case yet."),
        # used up
        (
            Reached("seconds_3", 60, "team", TOMORROW),
            "Severity 3 and up is done until tomorrow.",
        ),
        # cases at 3 close 4 as well, and the load of a day everything that weighs
        (Reached("cases_3", 150, "team", TOMORROW), "Severity 3 and up is done until tomorrow."),
        (Reached("load_day_red", 300, "team", T0 + 24 * 60 * MINUTE), "until 09:00 tomorrow."),
        # closed from the start
        (Reached("seconds_4", 0, "team", None), "Severity 4 is closed for you until that is changed."),
        (Reached("seconds_4", 0, "own", None), "Severity 4 is closed for you until you change that."),
        (Reached("seconds_4", 0, "starter", None), "Severity 4 is closed for you."),
        # a value for one person ends with the day on which its 28 days are full
        (
            Reached("seconds_3", 0, "person", None, since=T0),
            "Severity 3 and up is closed for you until Tuesday 22 December, unless that is changed.",
        ),
        (
            Reached("seconds_3", 0, "person", None, since=T0 - timedelta(days=28)),
            "Severity 3 and up is closed for you until tomorrow, unless that is changed.",
        ),
        # no limit and no cap: the rule speaks for itself
        (Reached("opt_out", 0, "own", None), "You opted out of this. Nobody else sees it."),
    ],
)
def test_the_sentence_says_what_and_until_when(reached: Reached, words: str) -> None:
    assert told(reached).sentence.endswith(words)


@pytest.mark.django_db
def test_times_are_on_the_person_s_own_clock() -> None:
    found = told(a_cap(until=T0 + 320 * MINUTE, since=T0), zone=ZoneInfo("Asia/Kathmandu"))
    assert found.sentence == "No case above severity 1 until 20:05."
    assert found.since == "Since 23 November, 14:45."


def test_who_set_it_is_told_by_name(dana: User, wim: User) -> None:
    lead = Reached("seconds_3", 60, "person", TOMORROW, set_by=str(subject_of(dana)), since=T0)
    officer = a_cap("rest_day", -1, TOMORROW, scope="officer", set_by=str(subject_of(wim)))
    names = named_in([lead, officer])
    assert explain(lead, at=T0, zone=UTC_ZONE, names=names).whose == "Set for you by Dana."
    assert "Set for you by Wim" in explain(officer, at=T0, zone=UTC_ZONE, names=names).whose


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ("ceiling", "whole organisation"),
        ("team", "your team"),
        ("person", "set for you"),
        ("officer", "No lead sees it"),
        ("own", "for yourself"),
        ("starter", "first eight weeks"),
        ("returned", "two weeks away"),
        ("red_flag", "follows a load flag"),
        ("contract", "No contract with an independent counsellor"),
    ],
)
def test_whose_rule_it_is_stands_in_words(scope: str, words: str) -> None:
    assert words in told(Reached("seconds_3", 60, scope, TOMORROW)).whose


@pytest.mark.django_db
def test_nobody_is_asked_for_where_nobody_is_named(django_assert_num_queries) -> None:
    mine = Reached("seconds_3", 60, "own", TOMORROW, set_by="5a6b1f0e-0000-4000-8000-000000000000")
    with django_assert_num_queries(0):
        assert "for yourself" in explain(mine, at=T0, zone=UTC_ZONE, names=named_in([mine])).whose
