"""Which lanes are open to whom. Seen red without each of: opt-outs, training, the turn."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queues.rules.lanes import LaneFacts, May, OpenLane, Work, admits, open_lane, open_lanes, speaks
from wellbeing.core.rules.opt_outs import OptedOut
from wellbeing.core.rules.turns import Turn

pytestmark = pytest.mark.any_database

HOUR = timedelta(hours=1)
EVERYTHING = May(frozenset(), frozenset(), dict.fromkeys(range(5), HOUR))


def a_lane(
    severity: int = 2, language: str = "en", skill: str = "", category: str = "GORE", queue_id: int = 7
) -> LaneFacts:
    return LaneFacts(1, language, severity, skill, category, queue_id)


def may(**changes: object) -> May:
    facts = {"skills": frozenset(), "languages": frozenset(), "fit": EVERYTHING.fit, **changes}
    return May(**facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lane", "person", "is_open"),
    [
        (a_lane(), may(), True),
        # a severity that wellbeing closed
        (a_lane(severity=4), may(fit={0: HOUR, 1: HOUR}), False),
        # everything above 0 is closed
        (a_lane(severity=1), may(mild_only=True), False),
        (a_lane(severity=0), may(mild_only=True), True),
        # seniors' lanes
        (a_lane(skill="senior"), may(), False),
        (a_lane(skill="senior"), may(skills=frozenset({"senior"})), True),
        # a senior still takes ordinary work
        (a_lane(), may(skills=frozenset({"senior"})), True),
        # languages: none named means any; content without one is for everybody
        (a_lane(language="fr"), may(languages=frozenset({"en"})), False),
        (a_lane(language=""), may(languages=frozenset({"en"})), True),
        (a_lane(language="pt-BR"), may(languages=frozenset({"pt"})), True),
        (a_lane(language="pt-BR"), may(languages=frozenset({"pt-BR"})), True),
        (a_lane(language="pt"), may(languages=frozenset({"pt-BR"})), False),
        # trained for some categories: these alone
        (a_lane(category="GORE"), may(trained=frozenset({"GORE", "HATE"})), True),
        (a_lane(category="ANIMAL"), may(trained=frozenset({"GORE", "HATE"})), False),
        # opted out: of the category, the language or the queue, each alone is enough
        (a_lane(), may(opted_out=OptedOut(categories=frozenset({"GORE"}))), False),
        (a_lane(), may(opted_out=OptedOut(languages=frozenset({"en"}))), False),
        (a_lane(), may(opted_out=OptedOut(queues=frozenset({"7"}))), False),
        (a_lane(), may(opted_out=OptedOut(categories=frozenset({"HATE"}), queues=frozenset({"8"}))), True),
        # media and sound are facts of a job, not of a lane
        (a_lane(), may(opted_out=OptedOut(media=frozenset({"image", "video"}), sound=True)), True),
        # what came before closes nothing
        (a_lane(severity=4), may(turn=Turn("GORE", 99, 99, 2, has_passed=True)), True),
    ],
)
def test_a_lane_is_open_when_person_and_wellbeing_say_so(lane: LaneFacts, person: May, is_open: bool) -> None:
    assert (open_lane(lane, person) is not None) is is_open


@pytest.mark.parametrize(
    ("work", "terms", "admitted"),
    [
        (Work(30, "image", False), OpenLane(1, 30, False), True),
        (Work(31, "image", False), OpenLane(1, 30, False), False),
        (Work(30, "image", False), OpenLane(1, 30, True), False),
        (Work(30, "image", True), OpenLane(1, 30, True), True),
        (Work(30, "text", False), OpenLane(1, 30, True), True),
    ],
)
def test_a_job_is_admitted_when_it_fits_and_is_mild_enough(
    work: Work, terms: OpenLane, admitted: bool
) -> None:
    assert admits(terms, work) is admitted


@pytest.mark.parametrize(
    ("work", "opted_out", "admitted"),
    [
        (Work(30, "video", False), OptedOut(media=frozenset({"video"})), False),
        (Work(30, "image", False), OptedOut(media=frozenset({"video"})), True),
        # a silent video is a video without sound
        (Work(30, "video", False, sound=True), OptedOut(sound=True), False),
        (Work(30, "video", False, sound=False), OptedOut(sound=True), True),
    ],
)
def test_a_job_is_not_admitted_where_its_medium_or_sound_is_opted_out_of(
    work: Work, opted_out: OptedOut, admitted: bool
) -> None:
    assert admits(OpenLane(1, 600, False), work, opted_out) is admitted


def test_what_came_before_ranks_lanes_and_leaves_all_of_them_open() -> None:
    lanes = [a_lane(severity) for severity in range(5)]
    terms = open_lanes(lanes, may(turn=Turn(spacing_owed=1)))
    assert [one.rank for one in terms] == sorted(one.rank for one in terms)
    assert [one.rank > 0 for one in terms] == [False, False, True, True, True]
    assert not any(one.due_rank for one in terms)
    assert not any(one.rank for one in open_lanes(lanes, may()))


def test_what_fits_is_rounded_down_to_whole_seconds() -> None:
    terms = open_lane(a_lane(), may(fit={2: timedelta(seconds=29, milliseconds=999)}))
    assert terms is not None
    assert terms.seconds == 29


def test_no_lane_is_open_to_who_may_take_nothing() -> None:
    assert open_lanes([a_lane(severity) for severity in range(5)], may(fit={})) == []


def test_a_fit_without_end_is_still_a_number_for_the_database() -> None:
    terms = open_lane(a_lane(), may(fit={2: timedelta.max}))
    assert terms is not None
    assert terms.seconds == 2**31 - 1


@given(st.sampled_from(["", "en", "fr", "pt-BR"]), st.frozensets(st.sampled_from(["en", "fr", "pt"])))
def test_who_names_no_language_reads_any(language: str, languages: frozenset[str]) -> None:
    assert speaks(language, frozenset())
    assert speaks(language, languages | {language})
