"""Who may set which limit for whom, what is refused with which fact, and that nothing is stored half.

Seen red without ``_require_last_seen``, without ``follows`` in the row (two leads at once both wrote), without
``_require_tighter_for_person``, with ``own`` left in ``holds_for_person``, without ``_overtake_requests``, without
``_require_within`` in ``requests``, without ``max(at, last.set_at)``, without ``rest.grow``, without ``kept`` in
``breaks.answered``, and without the triggers that keep limits as they are.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from audit.models import AuditRow
from people.models import Team, User
from tests.cast import T0, a_team, a_user, subject_of
from tests.numbers import rev_of
from tests.wellbeing.steps import MINUTE, SECOND, Desk, a_look
from wellbeing.core.services import breaks
from wellbeing.exceptions import (
    AboveCeiling,
    AlreadyAnswered,
    AlreadyAsked,
    AlreadySet,
    ChangedMeanwhile,
    NotFound,
    NotLooser,
    NotPersonal,
    NotTighter,
    OutOfBounds,
    ReasonMissing,
    ReasonTooLong,
    UnknownLimit,
)
from wellbeing.limits.selectors.overview import limit_history, person_limits_set_by_leads, team_limits
from wellbeing.limits.services import requests
from wellbeing.limits.services.setting import lift_own, move_ceiling, seed_ceiling, set_limit
from wellbeing.models import LimitRequest, LimitRow, LoadModel

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)


def set_(
    scope: str, whose: object, value: int, *, name: str = "seconds_3", at: datetime = T0, **more: Any
) -> LimitRow:
    facts: dict[str, Any] = {"reason": "Said so", "set_by": "system"} | more
    return set_limit(scope=scope, scope_ref=str(whose), name=name, value=value, at=at, **facts)


def in_force(desk: Desk, at: datetime = T0, name: str = "seconds_3") -> tuple[int, str]:
    desk.at = at
    limit = desk.locked().limits[name]
    return limit.value, limit.scope


class TestTwoLeadsAtOnce:
    def test_the_second_is_told_whose_value_stands_and_overwrites_nothing(self, north: Team) -> None:
        seen = set_("team", north.pk, 3600).pk
        theirs = set_("team", north.pk, 1800, last_seen=seen, set_by=str(uuid4()), at=T0 + MINUTE)
        with pytest.raises(ChangedMeanwhile) as refused:
            set_("team", north.pk, 2400, last_seen=seen, at=T0 + 2 * MINUTE)
        told = refused.value
        assert (told.value, told.set_by, told.set_at) == (1800, theirs.set_by, theirs.set_at)
        assert LimitRow.objects.count() == 2

    def test_a_page_that_showed_none_is_told_of_the_first(self, north: Team) -> None:
        set_("team", north.pk, 3600, last_seen=0)
        with pytest.raises(ChangedMeanwhile):
            set_("team", north.pk, 1800, last_seen=0)

    @pytest.mark.postgres
    @pytest.mark.django_db(transaction=True)
    def test_of_two_that_really_race_one_is_told(self) -> None:
        team, results, start = a_team(), [], threading.Barrier(2)

        def lead(value: int) -> None:
            try:
                with transaction.atomic():
                    start.wait(10)
                    set_("team", team.pk, value, last_seen=0)
                results.append("set")
            except ChangedMeanwhile as refused:
                results.append(str(refused.value))
            finally:
                connection.close()

        both = [threading.Thread(target=lead, args=(value,)) for value in (1800, 2400)]
        for one in both:
            one.start()
        for one in both:
            one.join(20)
        assert len(results) == 2
        assert "set" in results
        assert str(LimitRow.objects.get().value) in results


class TestBadInput:
    def test_the_same_again_changes_nothing(self, north: Team) -> None:
        set_("team", north.pk, 3600)
        with pytest.raises(AlreadySet):
            set_("team", north.pk, 3600)

    def test_a_rest_has_a_ceiling_that_is_the_least(self, north: Team) -> None:
        with pytest.raises(AboveCeiling) as refused:
            set_("team", north.pk, 599, name="work_rest_seconds")
        assert refused.value.ceiling == 600
        assert set_("team", north.pk, 900, name="work_rest_seconds").value == 900

    def test_a_reason_has_an_end_and_holds_no_nul(self, north: Team) -> None:
        with pytest.raises(ReasonTooLong):
            set_("team", north.pk, 1800, reason="x" * 1001)
        assert set_("team", north.pk, 1800, reason=" a\0b ").reason == "ab"

    @pytest.mark.parametrize("reason", ["", " \0 ", "\u200f\u202e"])
    def test_for_one_person_a_reason_is_needed_also_where_it_tightens(self, desk: Desk, reason: str) -> None:
        """Seen red without ``LimitScope.PERSON`` in what needs a reason."""
        with pytest.raises(ReasonMissing):
            set_("person", desk.subject, 1800, reason=reason)
        assert not LimitRow.objects.filter(scope="person").exists()
        assert set_("person", desk.subject, 1800).reason == "Said so"

    def test_a_reason_of_blanks_is_none_where_it_loosens(self, north: Team) -> None:
        set_("team", north.pk, 1800)
        with pytest.raises(ReasonMissing):
            set_("team", north.pk, 3600, reason=" \0 ")
        with pytest.raises(ReasonMissing):
            set_("team", north.pk, 3600, reason="\u200b")

    def test_less_than_what_waits_and_more_than_what_holds_is_looser_still(
        self, north: Team, alice: User
    ) -> None:
        set_("team", north.pk, 600)
        set_("team", north.pk, 3600, at=T0 + MINUTE)
        with pytest.raises(ReasonMissing):
            set_("team", north.pk, 1200, reason="", at=T0 + 2 * MINUTE)
        assert set_("team", north.pk, 1200, at=T0 + 2 * MINUTE).loosens

    def test_a_clock_that_went_back_puts_no_row_before_another(self, desk: Desk, north: Team) -> None:
        set_("team", north.pk, 3600)
        set_("team", north.pk, 600, at=T0 - HOUR)
        assert in_force(desk, T0) == (600, "team")
        assert in_force(desk, MIDNIGHT) == (600, "team")

    def test_nothing_is_stored_or_audited_of_what_was_refused(self, north: Team) -> None:
        for value in (7201, -1, 10**12):
            with pytest.raises((AboveCeiling, OutOfBounds)):
                set_("team", north.pk, value)
        assert not LimitRow.objects.exists()
        assert not AuditRow.objects.exists()


class TestOnePerson:
    def test_only_what_is_tighter_than_team_and_ceiling(self, desk: Desk, north: Team) -> None:
        set_("team", north.pk, 3600)
        with pytest.raises(NotTighter) as refused:
            set_("person", desk.subject, 3600)
        assert refused.value.value == 3600
        set_("person", desk.subject, 1800)
        with pytest.raises(NotTighter) as refused:
            set_("person", desk.subject, 2400)
        assert refused.value.value == 1800

    def test_a_refusal_does_not_tell_what_the_person_set_for_themselves(self, desk: Desk) -> None:
        set_("own", desk.subject, 300)
        assert set_("person", desk.subject, 1800).value == 1800
        with pytest.raises(NotTighter) as refused:
            set_("person", desk.subject, 2400)
        assert refused.value.value == 1800

    def test_it_ends_after_28_days_on_the_next_day_unless_it_is_set_again(self, desk: Desk) -> None:
        set_("person", desk.subject, 1800)
        ends_at = MIDNIGHT + 28 * DAY
        assert in_force(desk, ends_at - SECOND) == (1800, "person")
        assert in_force(desk, ends_at) == (7200, "ceiling")

    def test_set_again_it_lasts_28_days_more(self, desk: Desk) -> None:
        set_("person", desk.subject, 1800)
        set_("person", desk.subject, 1800, at=T0 + 20 * DAY)
        assert in_force(desk, MIDNIGHT + 48 * DAY - SECOND) == (1800, "person")
        assert in_force(desk, MIDNIGHT + 48 * DAY) == (7200, "ceiling")

    def test_a_lead_reads_what_leads_set_and_no_more(self, desk: Desk, north: Team) -> None:
        set_("own", desk.subject, 300)
        set_("team", north.pk, 3600)
        assert person_limits_set_by_leads(desk.subject, T0) == []
        row = set_("person", desk.subject, 1800)
        (line,) = person_limits_set_by_leads(desk.subject, T0)
        assert (line.value, line.last_seen, line.ends_at) == (1800, row.pk, MIDNIGHT + 28 * DAY)
        assert [one.value for one in team_limits(north.pk, T0) if one.name == "seconds_3"] == [3600]
        with pytest.raises(ValueError, match="own"):
            limit_history("own", str(desk.subject))

    def test_an_own_limit_is_undone_from_the_next_day(self, desk: Desk) -> None:
        set_("own", desk.subject, 300)
        lift_own(subject=desk.subject, name="seconds_3", at=T0 + HOUR)
        assert in_force(desk, MIDNIGHT - SECOND) == (300, "own")
        assert in_force(desk, MIDNIGHT) == (7200, "ceiling")
        for name in ("seconds_3", "cases_3"):
            with pytest.raises(AlreadySet):
                lift_own(subject=desk.subject, name=name, at=T0 + 2 * HOUR)
        with pytest.raises(UnknownLimit):
            lift_own(subject=desk.subject, name="seconds_9", at=T0)
        assert not AuditRow.objects.exists()


class TestLooserForOnePerson:
    def ask(
        self, desk: Desk, value: int, *, at: datetime = T0 + MINUTE, reason: str = "As we said"
    ) -> LimitRequest:
        return requests.ask_looser(
            subject=desk.subject, name="seconds_3", value=value, asked_by="system", reason=reason, at=at
        )

    def answer(
        self, one: LimitRequest, subject: UUID, *, agrees: bool = True, at: datetime = T0 + HOUR
    ) -> None:
        requests.answer(request_id=one.pk, subject=subject, agrees=agrees, at=at)

    def test_it_needs_a_yes_and_then_waits_for_the_next_day(self, desk: Desk) -> None:
        set_("person", desk.subject, 1800)
        one = self.ask(desk, 3600)
        assert in_force(desk, MIDNIGHT + HOUR) == (1800, "person")
        self.answer(one, desk.subject, at=MIDNIGHT + HOUR)
        assert in_force(desk, MIDNIGHT + DAY - SECOND) == (1800, "person")
        assert in_force(desk, MIDNIGHT + DAY) == (3600, "person")

    def test_a_no_changes_nothing_and_may_be_asked_again(self, desk: Desk) -> None:
        set_("person", desk.subject, 1800)
        self.answer(self.ask(desk, 3600), desk.subject, agrees=False)
        assert in_force(desk, MIDNIGHT) == (1800, "person")
        assert self.ask(desk, 3600, at=T0 + 2 * HOUR).answered_at is None

    def test_it_passes_neither_team_nor_ceiling(self, desk: Desk, north: Team) -> None:
        set_("team", north.pk, 3600)
        set_("person", desk.subject, 1800)
        with pytest.raises(AboveCeiling) as refused:
            self.ask(desk, 3601)
        assert refused.value.ceiling == 3600
        one = self.ask(desk, 3600)
        set_("team", north.pk, 2400, at=T0 + 2 * MINUTE)
        with pytest.raises(AboveCeiling):
            self.answer(one, desk.subject)
        one.refresh_from_db()
        assert one.answered_at is None

    def test_what_is_not_looser_or_not_personal_is_not_asked(self, desk: Desk) -> None:
        with pytest.raises(NotPersonal):
            self.ask(desk, 3600)
        set_("person", desk.subject, 1800)
        with pytest.raises(NotLooser):
            self.ask(desk, 1800)
        with pytest.raises(ReasonMissing):
            self.ask(desk, 3600, reason=" ")
        self.ask(desk, 3600)
        with pytest.raises(AlreadyAsked):
            self.ask(desk, 2400)
        assert LimitRequest.objects.count() == 1

    def test_a_newer_tighter_value_overtakes_it(self, desk: Desk) -> None:
        set_("person", desk.subject, 1800)
        one = self.ask(desk, 3600)
        set_("person", desk.subject, 600, at=T0 + 2 * MINUTE)
        with pytest.raises(AlreadyAnswered):
            self.answer(one, desk.subject)
        assert in_force(desk, MIDNIGHT) == (600, "person")

    def test_it_is_answered_once_by_the_person_alone(self, desk: Desk, amina: User) -> None:
        set_("person", desk.subject, 1800)
        one = self.ask(desk, 3600)
        with pytest.raises(NotFound):
            self.answer(one, subject_of(amina))
        self.answer(one, desk.subject)
        with pytest.raises(AlreadyAnswered):
            self.answer(one, desk.subject, agrees=False)
        assert LimitRow.objects.count() == 2


class TestTheHouse:
    def test_a_tighter_ceiling_covers_every_open_desk_and_moves_its_page(
        self, desk: Desk, charlie: User
    ) -> None:
        other = Desk(subject_of(charlie)).open()
        away = subject_of(a_user("carol", "moderator"))
        seed_ceiling(set_by="system", at=T0 - DAY)
        for one in (desk, other):
            one.show(a_look(3))
            one.look_for(MINUTE)
        before = rev_of(desk.subject), rev_of(other.subject), rev_of(away)
        move_ceiling(name="seconds_3", value=30, set_by="system", reason="Two signed", at=desk.at)
        assert (rev_of(desk.subject), rev_of(other.subject), rev_of(away)) == (
            before[0] + 1,
            before[1] + 1,
            before[2],
        )
        assert [one.beat().level for one in (desk, other)] == ["covered", "covered"]

    def test_a_looser_ceiling_waits_for_each_person_s_day(self, desk: Desk) -> None:
        move_ceiling(name="seconds_3", value=9000, set_by="system", reason="r", at=T0 - DAY)
        assert in_force(desk, T0) == (9000, "ceiling")
        move_ceiling(name="seconds_3", value=600, set_by="system", reason="r", at=T0)
        move_ceiling(name="seconds_3", value=9000, set_by="system", reason="r", at=T0 + MINUTE)
        assert in_force(desk, MIDNIGHT - SECOND) == (600, "ceiling")
        assert in_force(desk, MIDNIGHT) == (9000, "ceiling")


class TestRests:
    def test_a_longer_rest_lengthens_the_one_that_is_due_already(self, desk: Desk, north: Team) -> None:
        desk.work_for(50 * MINUTE)
        due = desk.locked().open_break
        assert due is not None
        assert due.length_ms == 600_000
        set_("team", north.pk, 900, name="work_rest_seconds", at=desk.at)
        due = desk.locked().open_break
        assert due is not None
        assert due.length_ms == 900_000

    def test_a_rest_that_runs_keeps_its_length_and_answers_what_it_was_for(
        self, desk: Desk, north: Team
    ) -> None:
        desk.work_for(50 * MINUTE)
        desk.act(breaks.start)
        set_("team", north.pk, 1800, name="work_rest_seconds", at=desk.at)
        desk.rest_for(10 * MINUTE)
        desk.act(breaks.finish)
        assert desk.locked().open_break is None
        assert desk.locked().counters.work_ms < 60_000

    def test_a_shorter_rest_holds_from_the_next_day(self, desk: Desk, north: Team) -> None:
        set_("team", north.pk, 1200, name="work_rest_seconds", at=T0 - DAY)
        set_("team", north.pk, 600, name="work_rest_seconds")
        assert in_force(desk, MIDNIGHT - SECOND, "work_rest_seconds") == (1200, "team")
        assert in_force(desk, MIDNIGHT, "work_rest_seconds") == (600, "ceiling")


@pytest.mark.parametrize("change", [lambda rows: rows.update(set_by="somebody"), lambda rows: rows.delete()])
def test_a_limit_and_a_weight_can_be_neither_changed_nor_deleted(
    north: Team, change: Callable[[QuerySet[Any]], object]
) -> None:
    set_("team", north.pk, 600)
    LoadModel.objects.create(version=2, set_at=T0, holds_from=T0, set_by="system")
    for rows in (LimitRow.objects.all(), LoadModel.objects.all()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change(rows)
    assert LimitRow.objects.count() == LoadModel.objects.count() == 1
