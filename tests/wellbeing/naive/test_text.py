"""Plays by hand: what the text says, worked out on paper, against the naive model."""

from __future__ import annotations

import datetime as dt

from tests.wellbeing.naive.history import Event, Job, Limit, Part, Person
from tests.wellbeing.naive.limits import Day, ask, fitting
from tests.wellbeing.naive.walk import Walk

MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)  # 09:00 in Berlin


class Play:
    """A person's day, told in verbs; `now` moves."""

    def __init__(self, at: dt.datetime = MONDAY, **person: object) -> None:
        self.person = Person(**person)  # type: ignore[arg-type]
        self.now = at
        self.events: list[Event] = []
        self.happens("opened")

    def happens(self, what: str, **facts: object) -> None:
        self.events.append(Event(self.now, what, **facts))  # type: ignore[arg-type]

    def wait(self, minutes: float) -> None:
        """Sit at the desk, beating."""
        end = self.now + dt.timedelta(minutes=minutes)
        while self.now < end:
            self.now += dt.timedelta(seconds=10)
            self.happens("beat")

    def silence(self, minutes: float) -> None:
        self.now += dt.timedelta(minutes=minutes)

    def look(
        self,
        case: str,
        severity: int,
        minutes: float,
        level: str = "colour",
        category: str = "x",
        **facts: object,
    ) -> None:
        self.happens("claimed", case=case, category=category, severity=severity)
        self.happens("shown", case=case, category=category, severity=severity, level=level, **facts)
        self.wait(minutes)

    def decide(self, case: str, severity: int = 0, **facts: object) -> None:
        self.happens("decided", case=case, severity=severity, **facts)

    @property
    def answer(self):
        return ask(self.person, self.events, self.now)

    @property
    def day(self) -> Day:
        return Day(Walk(self.person, self.events, self.now))


def test_a_limit_at_4_closes_4_and_nothing_milder() -> None:
    play = Play(limits=(Limit("minutes_4", 1),))
    play.look("a", 4, 1)
    assert play.answer.clear == {0, 1, 2, 3}
    assert play.answer.only_shielded == {4}


def test_a_limit_of_nothing_closes_before_anything_was_seen() -> None:
    assert Play(limits=(Limit("minutes_3", 0, "own"),)).answer.allocatable == {0, 1, 2}


def test_cases_at_exactly_3_close_3_and_4() -> None:
    play = Play(limits=(Limit("cases_3", 2),))
    for case in "ab":
        play.look(case, 3, 0.5)
        play.decide(case)
    assert play.answer.allocatable == {0, 1, 2}


def test_an_hour_without_cases_is_fifty_minutes_of_work_and_a_break() -> None:
    play = Play()
    play.wait(50)
    assert (play.answer.break_stage, play.answer.break_length) == ("running", 600)
    play.wait(10)
    assert (play.answer.break_stage, play.answer.allocatable) == ("over", frozenset())
    play.happens("came_back")
    assert play.answer.allocatable == {0, 1, 2, 3, 4}


def test_lunch_with_the_desk_closed_is_a_rest() -> None:
    play = Play()
    play.wait(40)
    play.happens("closed_desk")
    play.silence(30)
    play.happens("opened")
    assert play.answer.queue_work == 0


def test_a_rest_of_three_minutes_becomes_the_break_that_would_follow() -> None:
    play = Play()
    play.wait(41)
    play.look("a", 4, 0.5, level="grey")
    play.decide("a")
    assert (play.answer.break_length, play.answer.break_causes) == (600, {"seen4", "work"})
    assert not play.answer.may_postpone


def test_a_peek_at_4_shielded_costs_no_rest() -> None:
    play = Play()
    play.look("a", 4, 1, level="shielded")
    play.decide("a")
    assert play.answer.break_stage == ""


def test_every_third_break_is_long() -> None:
    play = Play()
    lengths = []
    for _ in range(3):
        play.wait(50)
        lengths.append(play.answer.break_length)
        play.wait(lengths[-1] / 60)
        play.happens("came_back")
    assert lengths == [600, 600, 900]


def test_the_third_seen_4_in_a_quarter_of_an_hour_costs_fifteen_minutes() -> None:
    play, last = Play(), 0
    for case in "abc":
        play.look(case, 4, 0.5)
        play.decide(case)
        last = play.answer.break_length
        play.wait(3)
        if case != "c":
            play.happens("came_back")
    assert last == 900


def three_seen_4(play: Play) -> int:
    """Look at three cases of severity 4 within a quarter of an hour; return the last one's rest in seconds, and take it."""
    lengths: list[int] = []
    for number in range(3):
        case = f"{play.now}"
        play.look(case, 4, 0.5)
        play.decide(case)
        lengths.append(play.answer.break_length)
        play.happens("stepped_away")
        play.silence(3 if number < 2 else 15)
        play.happens("came_back")
    return lengths[-1]


def test_long_rests_are_twice_a_shift_and_a_planned_date_is_a_shift_of_its_own() -> None:
    """From 13:00 to 22:00, and from 09:00 the next day: eleven hours, of which the first evening's last case took some."""
    parts = tuple(
        Part(MONDAY + dt.timedelta(hours=a), MONDAY + dt.timedelta(hours=b)) for a, b in ((4, 13), (24, 32))
    )
    rests = {}
    for name, planned in (("planned", parts), ("without a plan", ())):
        play = Play(at=MONDAY + dt.timedelta(hours=10), parts=planned)
        rests[name] = [three_seen_4(play) for _ in range(3)]
        play.now = MONDAY + dt.timedelta(hours=13)
        play.look("mild", 1, 0.5)
        play.decide("mild")
        play.happens("signed_out")
        play.now = MONDAY + dt.timedelta(hours=24)
        play.happens("opened")
        rests[name].append(three_seen_4(play))
    assert rests == {"planned": [900, 900, 180, 900], "without a plan": [900, 900, 180, 180]}


def test_so_many_cases_as_a_limit_says_may_be_seen() -> None:
    """The last one goes on once it is counted; the next one, and a severity above it, are closed; of 0, nothing is seen."""
    play = Play(limits=(Limit("cases_3", 1),))
    play.look("a", 3, 0.5, level="shielded")
    found = {
        job: play.day.may_be_seen(Job(job, "x", severity)) for job, severity in (("a", 3), ("b", 3), ("c", 4))
    }
    assert found == {"a": True, "b": False, "c": False}
    play.person = Person(limits=(Limit("cases_3", 0),))
    assert not play.day.may_be_seen(Job("a", "x", 3))


def test_the_case_in_hand_is_parked_after_five_minutes() -> None:
    play = Play()
    play.look("a", 3, 25)
    assert play.answer.break_stage == "due"
    play.wait(4.5)
    assert play.answer.break_stage == "due"
    play.wait(0.5)
    assert play.answer.break_stage == "running"


def test_postponing_is_once() -> None:
    play = Play()
    play.wait(50)
    play.happens("postponed")
    assert play.answer.break_stage == ""
    play.wait(5)
    assert (play.answer.break_stage, play.answer.may_postpone) == ("running", False)


def test_silence_counts_until_heard_and_ten_minutes_at_most() -> None:
    play = Play()
    play.look("a", 2, 1)
    play.silence(4)
    assert (play.answer.heard, play.answer.unheard) == (75, 225)
    play.silence(20)
    assert (play.answer.heard, play.answer.unheard) == (75, 585)


def test_a_cover_reported_afterwards_is_believed_for_five_minutes_a_day() -> None:
    play = Play()
    play.look("a", 2, 1)
    covered_at = play.now
    play.silence(9)
    play.happens("reported_cover", covered_at=covered_at)
    assert play.answer.heard + play.answer.unheard == 60 + 9 * 60 - 300


def test_a_silent_stage_rests_only_after_ten_minutes() -> None:
    play = Play()
    play.look("a", 2, 1)
    play.silence(19)
    assert play.answer.queue_work == 660
    play.silence(1)
    play.happens("beat")
    assert play.answer.queue_work == 0


def test_an_empty_desk_left_over_lunch_is_a_rest_from_its_last_sign() -> None:
    play = Play()
    play.wait(30)
    play.silence(10)
    play.happens("beat")
    assert play.answer.queue_work == 0


def test_each_sign_of_an_open_desk_ends_the_rest_before_it() -> None:
    """Seven minutes and seven are no rest of ten: 'it begins at the last heard sign', and an open desk that is heard of works."""
    play = Play()
    play.wait(30)
    for _ in range(2):
        play.silence(7)
        play.happens("beat")
    assert play.answer.queue_work == 30 * 60 + 2 * 15


def test_a_run_is_rested_from_also_where_the_case_goes_back_in_the_rest() -> None:
    play = Play()
    play.look("a", 2, 1)
    play.happens("covered")
    play.silence(10)
    play.happens("released", case="a")
    play.happens("beat")
    assert play.answer.run == ("", 0)


def test_night_ends_at_six_and_the_window_outlives_midnight() -> None:
    play = Play(at=dt.datetime(2026, 3, 2, 21, 0, tzinfo=dt.UTC), limits=(Limit("minutes_1", 10),))
    assert play.answer.clear == {0, 1, 2}
    play.look("a", 2, 10)
    assert play.answer.clear == {0}
    assert play.day.opens_at(2) == dt.datetime(2026, 3, 3, 21, 15, tzinfo=dt.UTC)


def test_gaps_between_parts_are_outside_and_the_last_hour_is_the_last_parts() -> None:
    parts = tuple(
        Part(MONDAY + dt.timedelta(hours=a), MONDAY + dt.timedelta(hours=b)) for a, b in ((0, 3), (4, 8))
    )
    hours = {2.5: {0, 1, 2, 3, 4}, 3.5: {0, 1}, 6.5: {0, 1, 2, 3, 4}, 7.5: {0, 1, 2}, 8.5: {0, 1}}
    play = Play(parts=parts)
    for hour, opened in hours.items():
        assert Day(Walk(play.person, play.events, MONDAY + dt.timedelta(hours=hour))).open() == opened


def test_without_a_plan_the_shift_is_eight_hours() -> None:
    play = Play()
    play.look("a", 0, 1)
    for hour, opened in {6.9: {0, 1, 2, 3, 4}, 7.1: {0, 1, 2}, 8.1: {0, 1}, 11.3: {0, 1, 2, 3, 4}}.items():
        assert Day(Walk(play.person, play.events, MONDAY + dt.timedelta(hours=hour))).open() == opened


def test_starters_have_none_of_3_and_half_of_the_minutes() -> None:
    play = Play(began=MONDAY.date())
    assert play.answer.allocatable == {0, 1, 2}
    assert play.day.minutes(1) == 120
    assert Play(began=MONDAY.date() - dt.timedelta(days=14)).day.minutes(3) == 30


def test_other_paid_work_answers_severity_and_leaves_the_fifty_minutes() -> None:
    play = Play()
    play.look("a", 3, 10)
    play.decide("a")
    assert play.answer.spacing == 2
    play.happens("other_work")
    play.silence(10)
    play.happens("other_work_ended")
    assert (play.answer.severe, play.answer.queue_work, play.answer.spacing) == (0, 600, 0)


def test_worse_than_labelled_recounts_the_whole_case() -> None:
    play = Play()
    play.look("a", 1, 5)
    play.happens("worse", case="a", severity=3)
    assert (play.answer.severe, play.answer.by_severity) == (300, (0, 0, 0, 300, 0))


def test_an_unknown_decided_at_1_is_recounted_there() -> None:
    play = Play()
    play.look("a", 3, 5, unknown=True)
    play.decide("a", 1, unknown=True)
    assert play.answer.by_severity == (0, 300, 0, 0, 0)


def test_what_does_not_fit_before_the_break_waits_or_the_shortest_is_offered() -> None:
    play = Play()
    play.wait(20)
    assert [
        job.case
        for job in fitting(play.person, play.events, play.now, [Job("a", "x", 2, 2400), Job("b", "x", 2, 60)])
    ] == ["b"]
    assert [
        job.case
        for job in fitting(
            play.person, play.events, play.now, [Job("a", "x", 2, 2400), Job("b", "x", 2, 2000)]
        )
    ] == ["b"]
    play.wait(6)
    play.happens("asked", waiting=(Job("a", "x", 2, 2400),))
    assert play.answer.break_causes == {"work"}


def test_load_has_the_arithmetic_of_the_text() -> None:
    play = Play()
    play.look("a", 2, 1)
    assert round(play.answer.load, 3) == round(70 / 60, 3)
    assert round(play.day.load_on(play.day.today), 3) == round(70 / 60, 3)
    play.happens("shown", case="a", severity=2, level="grey", sound=True)
    play.wait(1)
    assert round(play.answer.load, 3) == round((60 + 60 * 0.9 * 1.3 + 10 * 0.9 * 1.3) / 60, 3)


def test_four_severe_days_of_seven_close_the_fifth() -> None:
    play = Play()
    for day in (0, 1, 3, 4):
        play.now = MONDAY + dt.timedelta(days=day)
        play.happens("opened")
        play.look(f"c{day}", 3, 2)
        play.happens("signed_out")
    play.now = MONDAY + dt.timedelta(days=6)
    play.happens("opened")
    assert play.answer.clear == {0, 1, 2}
    play.now = MONDAY + dt.timedelta(days=7)
    play.happens("beat")
    assert play.answer.clear == {0, 1, 2, 3, 4}


def test_stepping_away_ends_no_break_early() -> None:
    play = Play()
    play.wait(50)
    play.happens("signed_out")
    play.silence(5)
    play.happens("opened")
    assert play.answer.break_stage == "running"
    play.silence(5)
    assert play.answer.break_stage == "over"


def test_peeking_at_mild_cases_and_skipping_them_pays_no_spacing() -> None:
    play = Play()
    play.look("a", 3, 1)
    play.decide("a")
    for case in "bc":
        play.look(case, 1, 0.5, level="shielded")
        play.happens("skipped", case=case)
    assert play.answer.spacing == 2
    play.look("d", 1, 0.5)
    play.decide("d")
    assert play.answer.spacing == 1


def test_a_mild_case_seen_clear_and_skipped_pays_as_a_severe_one_would_owe() -> None:
    play = Play()
    play.look("a", 3, 1)
    play.decide("a")
    play.look("b", 1, 0.5, level="lens")
    play.happens("skipped", case="b")
    assert play.answer.spacing == 1


def test_silence_earns_no_rest_that_honesty_would_not() -> None:
    """Believed or not, a silence that began with something on the stage is work until ten minutes are over."""
    for report in (True, False):
        play = Play()
        play.look("a", 3, 1)
        covered_at = play.now
        play.silence(9)
        play.happens("reported_cover" if report else "covered", covered_at=covered_at)
        assert (play.answer.queue_work, play.answer.break_stage) == (600, "")


def test_signing_out_of_a_break_and_asking_early_gets_nothing() -> None:
    play = Play()
    play.look("a", 4, 0.5)
    play.decide("a")
    play.happens("signed_out")
    play.silence(2)
    play.happens("opened")
    play.happens("asked")
    assert (play.answer.break_stage, play.answer.allocatable) == ("running", frozenset())
    play.wait(1)
    play.happens("asked")
    assert play.answer.allocatable == {0, 1, 2, 3, 4}


def test_rests_of_severity_4_are_alike_in_grey_and_colour() -> None:
    rests = []
    for level in ("lens", "grey", "colour"):
        play = Play()
        play.look("a", 4, 0.5, level=level)
        play.decide("a")
        rests.append((play.answer.break_length, play.answer.break_causes, play.answer.may_postpone))
    assert rests == [(180, {"seen4"}, False)] * 3
