"""What an officer does for a person: it binds, it is told to the person, two officers never overwrite each other.

Seen red without the comparison of ``fold`` (the second officer overwrote the first), without the reason of 'nothing', and
without the row of today that follows an ended measure (it lifted at once).
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from audit.models import AuditRow
from people.models import User
from tests.cast import T0, a_user, subject_of
from tests.numbers import rev_of
from wellbeing.core.person import read_person_then
from wellbeing.exceptions import (
    AboutYourself,
    ActedMeanwhile,
    DateOutOfReach,
    EndsBeforeStart,
    MeasureEnded,
    NotFound,
    ReasonMissing,
    ReasonTooLong,
)
from wellbeing.models import DaySum, LimitRow, LoadFlag, Measure, RecordReading
from wellbeing.officer.selectors import record
from wellbeing.officer.services import measures, records
from wellbeing.officer.services.measures import Act

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def a_flag(user: User, code: str = "HEAVY_STREAK", level: str = "amber", **more: Any) -> LoadFlag:
    facts = {"local_date": TODAY, "figures": {}, "raised_at": T0} | more
    return LoadFlag.objects.create(subject=subject_of(user), code=code, level=level, **facts)


def acts(flag: LoadFlag, kind: str = "contact", *, fold: int = 0, by: str = "wim", **act: Any) -> Measure:
    at = act.pop("at", T0 + HOUR)
    return measures.act_on_flag(flag_id=flag.pk, seen_fold=fold, act=Act(kind, **act), set_by=by, at=at)


def does(user: User, kind: str, *, at: datetime = T0 + HOUR, **act: Any) -> Measure:
    return measures.act_for_person(subject=subject_of(user), act=Act(kind, **act), set_by="wim", at=at)


def caps(user: User, at: datetime) -> dict[str, int]:
    """Which of the officer's orders hold at an instant, and how much they leave."""
    found = read_person_then(subject_of(user), at=at).ledger.caps
    return {cap.name: cap.most for cap in found if cap.scope == "officer" and cap.holds(at)}


def test_what_was_done_is_kept_and_the_flag_counts_it(alice: User) -> None:
    flag = a_flag(alice)
    measure = acts(flag, "contact", words=" We spoke. ", follow_up_on=TODAY + DAY)
    flag.refresh_from_db()
    assert (measure.flag_id, measure.words, measure.set_by) == (flag.pk, "We spoke.", "wim")
    assert (flag.fold, flag.follow_up_on, flag.closed_at) == (1, TODAY + DAY, None)
    assert record.open_count() == record.OpenCount(1, 0)


def test_a_flag_is_closed_with_what_was_done(alice: User) -> None:
    flag = a_flag(alice, level="red")
    acts(flag, "nothing", words="The week was planned so.", closes=True, follow_up_on=TODAY + DAY)
    flag.refresh_from_db()
    assert (flag.closed_at, flag.follow_up_on) == (T0 + HOUR, None)
    assert record.open_count() == record.OpenCount(0, 0)


def test_the_second_of_two_officers_is_told_what_the_first_did(alice: User) -> None:
    flag = a_flag(alice)
    acts(flag, "rest_day", from_on=TODAY + DAY, by="wim")
    with pytest.raises(ActedMeanwhile) as refused:
        acts(flag, "lighter_queue", from_on=TODAY, until_on=TODAY, by="willa", closes=True)
    assert (refused.value.by, refused.value.kind, refused.value.is_closed) == ("wim", "rest_day", False)
    assert Measure.objects.get().kind == "rest_day"
    assert LoadFlag.objects.get().closed_at is None
    acts(flag, "contact", fold=1, by="willa")
    assert Measure.objects.count() == 2


def test_a_closed_flag_takes_nothing_more(alice: User) -> None:
    flag = a_flag(alice)
    acts(flag, closes=True)
    with pytest.raises(ActedMeanwhile) as refused:
        acts(flag, fold=1)
    assert refused.value.is_closed


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        ({"kind": "nothing"}, ReasonMissing),
        ({"kind": "nothing", "words": " \0 "}, ReasonMissing),
        ({"kind": "contact", "words": "x" * 2001}, ReasonTooLong),
        ({"kind": "rest_day", "from_on": TODAY - DAY}, DateOutOfReach),
        ({"kind": "contact", "follow_up_on": TODAY - DAY}, DateOutOfReach),
        ({"kind": "contact", "follow_up_on": TODAY + 29 * DAY}, DateOutOfReach),
        ({"kind": "lighter_queue", "from_on": TODAY + DAY, "until_on": TODAY}, EndsBeforeStart),
    ],
)
def test_what_cannot_be_leaves_nothing_behind(
    alice: User, act: dict[str, Any], refusal: type[Exception]
) -> None:
    flag = a_flag(alice)
    with pytest.raises(refusal):
        acts(flag, **act)
    flag.refresh_from_db()
    assert (flag.fold, flag.closed_at) == (0, None)
    assert not Measure.objects.exists()
    assert not AuditRow.objects.exists()


def test_dates_are_those_of_the_persons_clock(north: Any) -> None:
    """At 23:30 UTC it is tomorrow in Auckland: today's date is past there."""
    noor = a_user("noor", "moderator", team=north, zone="Pacific/Auckland")
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    with pytest.raises(DateOutOfReach):
        does(noor, "rest_day", from_on=TODAY, at=late)
    assert does(noor, "rest_day", from_on=TODAY + DAY, at=late).from_on == TODAY + DAY


@pytest.mark.parametrize("code", ["BREAKS_SHORT", "REPEAT_VIEW"])
def test_what_is_the_persons_own_is_no_officers_flag(alice: User, code: str) -> None:
    flag = a_flag(alice, code=code, level="info" if code == "REPEAT_VIEW" else "amber")
    assert record.flags_of_officer() == []
    assert record.flag_of_officer(flag.pk) is None
    assert records.read_record(subject=subject_of(alice), reader="wim", at=T0).flags == []
    with pytest.raises(NotFound):
        acts(flag)
    with pytest.raises(NotFound):
        records.read_flag(flag_id=flag.pk, reader="wim", at=T0)


def test_red_ones_come_first_and_the_newest_first_within(alice: User, amina: User) -> None:
    old = a_flag(alice, level="red", raised_at=T0 - 2 * DAY)
    amber = a_flag(amina, raised_at=T0)
    new = a_flag(amina, code="NIGHT", level="red", raised_at=T0 - DAY)
    assert [flag.id for flag in record.flags_of_officer()] == [new.pk, old.pk, amber.pk]


# ── what binds ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rest_day_binds_its_whole_local_date_and_no_other(alice: User) -> None:
    does(alice, "rest_day", from_on=TODAY + DAY)
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert caps(alice, midnight - second) == {}
    assert caps(alice, midnight) == {"rest_day": -1}
    assert caps(alice, midnight + DAY - second) == {"rest_day": -1}
    assert caps(alice, midnight + DAY) == {}


def test_a_lighter_queue_binds_at_once_and_moves_the_persons_page(
    alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    before = rev_of(subject_of(alice))
    with django_capture_on_commit_callbacks(execute=True):
        does(alice, "lighter_queue", from_on=TODAY, until_on=TODAY + DAY)
    assert caps(alice, T0 + HOUR) == {"lighter_queue": 1}
    assert rev_of(subject_of(alice)) > before


def test_one_that_was_ended_binds_until_the_day_is_over(alice: User) -> None:
    measure = does(alice, "lighter_queue", from_on=TODAY, until_on=TODAY + 3 * DAY, words="A hard week.")
    measures.end(measure_id=measure.pk, ended_by="willa", at=T0 + 2 * HOUR)
    assert caps(alice, T0 + 2 * HOUR) == {"lighter_queue": 1}
    assert caps(alice, datetime(2026, 11, 24, tzinfo=UTC)) == {}
    measure.refresh_from_db()
    assert (measure.until_on, measure.words, measure.ended_by) == (TODAY + 3 * DAY, "A hard week.", "willa")


def test_one_that_has_not_begun_is_taken_back_whole(alice: User) -> None:
    measure = does(alice, "rest_day", from_on=TODAY + DAY)
    measures.end(measure_id=measure.pk, ended_by="wim", at=T0 + 2 * HOUR)
    assert Measure.objects.count() == 1
    assert caps(alice, datetime(2026, 11, 24, 9, tzinfo=UTC)) == {}


def test_there_is_nothing_to_end(alice: User) -> None:
    today = does(alice, "rest_day", from_on=TODAY)
    contact = does(alice, "contact")
    later = does(alice, "rest_day", from_on=TODAY + DAY)
    measures.end(measure_id=later.pk, ended_by="wim", at=T0 + 2 * HOUR)
    for measure in (today, contact, later):
        with pytest.raises(MeasureEnded):
            measures.end(measure_id=measure.pk, ended_by="wim", at=T0 + 2 * HOUR)
    with pytest.raises(NotFound):
        measures.end(measure_id=uuid4(), ended_by="wim", at=T0)


# ── what is told to whom ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_audit_says_that_and_never_what(alice: User) -> None:
    measure = acts(a_flag(alice), "lighter_queue", from_on=TODAY, until_on=TODAY + DAY, words="A hard week.")
    measures.end(measure_id=measure.pk, ended_by="wim", at=T0 + 2 * HOUR)
    rows = AuditRow.objects.order_by("id")
    assert [row.action for row in rows] == [
        "measure.taken",
        "measure.ended",
        "measure.taken",
    ]
    assert {(row.target_kind, UUID(row.target_id), row.reason, str(row.detail)) for row in rows} == {
        ("person", subject_of(alice), "", "{}")
    }


def test_every_read_is_noted_for_the_person(alice: User, amina: User) -> None:
    flag = a_flag(alice)
    a_flag(alice, code="NIGHT")
    records.read_flags(reader="wim", at=T0)
    records.read_flag(flag_id=flag.pk, reader="wim", at=T0)
    records.read_record(subject=subject_of(alice), reader="wim", at=T0)
    noted = RecordReading.objects.order_by("id").values_list("subject", "what", "reader")
    assert list(noted) == [(subject_of(alice), what, "wim") for what in ("flags", "flags", "record")]


def test_a_record_has_daily_sums_of_four_weeks_and_nothing_finer(alice: User) -> None:
    def shown(on: date, severity: int, seconds: int, cases: int) -> None:
        DaySum.objects.create(
            subject=subject_of(alice),
            local_date=on,
            severity=severity,
            shown_ms=seconds * 1000 + 999,
            cases=cases,
            load_units=7,
        )

    shown(TODAY, 3, 120, 4)
    shown(TODAY, 1, 60, 1)
    shown(TODAY - 27 * DAY, 2, 30, 1)
    shown(TODAY - 28 * DAY, 2, 31, 2)
    days = records.read_record(subject=subject_of(alice), reader="wim", at=T0).days
    assert [(day.on, {k: (v.seconds, v.cases) for k, v in day.shown.items()}) for day in days] == [
        (TODAY, {3: (120, 4), 1: (60, 1)}),
        (TODAY - 27 * DAY, {2: (30, 1)}),
    ]


def test_a_record_leaves_the_persons_own_limits_out(alice: User) -> None:
    LimitRow.objects.create(
        scope="own",
        scope_ref=str(subject_of(alice)),
        name="seconds_1",
        value=61,
        set_at=T0 - DAY,
        set_by=str(subject_of(alice)),
    )
    limits = {
        one.name: one for one in records.read_record(subject=subject_of(alice), reader="wim", at=T0).limits
    }
    assert read_person_then(subject_of(alice), at=T0).limits["seconds_1"].value == 61
    assert limits["seconds_1"].value == 14_400
    assert "own" not in {one.scope for one in limits.values()}


@pytest.mark.parametrize(("people", "flagged", "told"), [(4, 4, None), (5, 2, 0), (5, 3, 5), (8, 8, 10)])
def test_short_breaks_are_told_of_teams_of_five_rounded_to_five(
    north: Any, people: int, flagged: int, told: int | None
) -> None:
    team = [a_user(f"person{number}", "moderator", team=north) for number in range(people)]
    for user in team[:flagged]:
        a_flag(user, code="BREAKS_SHORT")
    assert record.people_short_of_breaks(north.pk, at=T0 + HOUR) == told


def test_an_officer_who_judges_too_is_looked_after_by_another_one(alice: User) -> None:
    subject, flag = subject_of(alice), a_flag(alice)
    measure = does(alice, "rest_day", from_on=TODAY + DAY, until_on=TODAY + DAY)
    mine = str(subject)
    tries: list[Callable[[], object]] = [
        lambda: acts(flag, "contact", by=mine, closes=True),
        lambda: measures.act_for_person(subject=subject, act=Act("contact"), set_by=mine, at=T0 + HOUR),
        lambda: measures.end(measure_id=measure.pk, ended_by=mine, at=T0 + HOUR),
    ]
    for act in tries:
        with pytest.raises(AboutYourself):
            act()
    flag.refresh_from_db()
    measure.refresh_from_db()
    assert (flag.fold, flag.closed_at, measure.ended_at) == (0, None, None)
    assert Measure.objects.count() == 1
