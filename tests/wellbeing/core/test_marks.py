"""What binds a person is kept in a process only while a reading now would find the same rows.

Every table that is kept has triggers that move a mark; each kind of change is tried, by rows and not by our services.
Seen red: without the triggers of one table (its change, and the list), with a counter instead of a random stamp (the change
that came to nothing), with kept rows that serve for ever (the weights, the minute).
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from people.models import Mark, Skill, Team, TeamMembership, TimeZonePeriod, User
from people.selectors import PROFILE, STAYS
from tests import cast
from tests.cast import T0, subject_of
from tests.wellbeing.steps import SECOND, a_ceiling, a_team_limit
from wellbeing.core import binding
from wellbeing.core.person import read_person
from wellbeing.core.services import locking
from wellbeing.models import (
    CounsellorContract,
    Introduction,
    LimitRow,
    LoadFlag,
    LoadModel,
    Measure,
    OptOut,
    SevereAgreement,
    Shift,
    TeamPreset,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def is_as_the_tables_say(subject: UUID) -> bool:
    """Whether what an act reads is what a reading of every row finds."""
    return read_person(subject, at=T0).binding == binding.read(subject, at=T0)


def marks() -> dict[str, str]:
    return dict(Mark.objects.values_list("key", "stamp"))


# ── every change ─────────────────────────────────────────────────────────────────────────────────────────────────

Make = Callable[[User, Team], object]
OF_ONE: dict[str, Make] = {
    "own limit": lambda who, _: LimitRow.objects.create(
        scope="own", scope_ref=str(subject_of(who)), name="seconds_1", value=60, set_at=T0, set_by="x"
    ),
    "lead's limit": lambda who, _: LimitRow.objects.create(
        scope="person", scope_ref=str(subject_of(who)), name="seconds_1", value=60, set_at=T0, set_by="x"
    ),
    "shift": lambda who, _: Shift.objects.create(
        subject=subject_of(who), starts_at=T0, ends_at=T0 + DAY / 3, planned_by="x", planned_at=T0
    ),
    "measure": lambda who, _: Measure.objects.create(
        subject=subject_of(who),
        kind="rest_day",
        from_on=T0.date(),
        until_on=T0.date(),
        set_by="x",
        set_at=T0,
    ),
    "red flag": lambda who, _: LoadFlag.objects.create(
        subject=subject_of(who),
        code="HEAVY_STREAK",
        level="red",
        local_date=T0.date(),
        figures={},
        raised_at=T0,
        red_at=T0,
    ),
    "opt-out": lambda who, _: OptOut.objects.create(
        subject=subject_of(who), kind="category", value="GORE", set_at=T0
    ),
    "agreement": lambda who, _: SevereAgreement.objects.create(subject=subject_of(who), given_at=T0 + SECOND),
    "walk": lambda who, _: Introduction.objects.create(
        subject=subject_of(who), begun_at=T0, steps=[], done_at=T0
    ),
}
OF_ALL: dict[str, Make] = {
    "ceiling": lambda _, __: a_ceiling("seconds_1", 60),
    "team's limit": lambda _, team: a_team_limit(team, "seconds_1", 60),
    "preset": lambda _, team: TeamPreset.objects.create(
        team_id=team.pk, preset="volunteer", set_at=T0, set_by="x"
    ),
    "contract": lambda _, __: CounsellorContract.objects.create(
        counsellor="A", from_on=T0.date(), until_on=date(2027, 1, 1), recorded_by="x", recorded_at=T0
    ),
    "weights": lambda _, __: LoadModel.objects.create(version=7, set_at=T0, holds_from=T0 - DAY, set_by="x"),
    "skill": lambda who, _: Skill.objects.create(user=who, code="lang:nl", added_at=T0),
    "zone": lambda who, _: TimeZonePeriod.objects.create(
        user=who, zone="Asia/Kathmandu", effective_from=T0 + DAY
    ),
    "team left": lambda who, _: TeamMembership.objects.filter(user=who).update(effective_until=T0 + DAY),
    "deactivated": lambda who, _: User.objects.filter(pk=who.pk).update(is_active=False),
    "beginning": lambda who, _: User.objects.filter(pk=who.pk).update(began_on=date(2020, 1, 1)),
}
STAYS_AS_IT_IS = {"own limit", "lead's limit", "ceiling", "team's limit", "preset", "weights"}
"""Rows that the database lets nobody take away."""


@pytest.fixture
def zoe(north: Team) -> User:
    """A new starter, of whom nothing is on record."""
    return cast.a_user("zoe", "moderator", team=north)


@pytest.mark.parametrize("what", [*OF_ONE, *OF_ALL])
def test_a_change_is_known_to_the_next_act(zoe: User, north: Team, what: str) -> None:
    subject = subject_of(zoe)
    for table in (SevereAgreement, Introduction):
        table.objects.filter(subject=subject).delete()
    assert is_as_the_tables_say(subject)
    before = read_person(subject, at=T0).binding
    row = (OF_ONE | OF_ALL)[what](zoe, north)
    assert read_person(subject, at=T0).binding != before
    assert is_as_the_tables_say(subject)
    if what not in STAYS_AS_IT_IS and not isinstance(row, int):
        type(row).objects.filter(pk=row.pk).delete()  # type: ignore[attr-defined]
        assert read_person(subject, at=T0).binding == before


@pytest.mark.parametrize("what", OF_ONE)
def test_what_concerns_one_person_lets_everybody_else_keep_theirs(zoe: User, north: Team, what: str) -> None:
    for table in (SevereAgreement, Introduction):
        table.objects.filter(subject=subject_of(zoe)).delete()
    before = marks()
    OF_ONE[what](zoe, north)
    assert {key for key, stamp in marks().items() if before.get(key) != stamp} == {subject_of(zoe).hex}


def test_a_row_that_changes_hands_is_known_to_both(zoe: User, alice: User, north: Team) -> None:
    OF_ONE["shift"](zoe, north)
    before = marks()
    Shift.objects.filter(subject=subject_of(zoe)).update(subject=subject_of(alice))
    after = marks()
    assert all(before.get(subject_of(one).hex) != after[subject_of(one).hex] for one in (zoe, alice))


def test_a_sign_in_changes_nothing_for_anybody(zoe: User) -> None:
    before = marks()
    User.objects.filter(pk=zoe.pk).update(last_login=T0)
    assert marks() == before


def test_rows_added_past_their_conflicts_are_known_too(zoe: User) -> None:
    subject = subject_of(zoe)
    read_person(subject, at=T0)
    OptOut.objects.bulk_create(
        [OptOut(subject=subject, kind="category", value="GORE", set_at=T0)], ignore_conflicts=True
    )
    assert read_person(subject, at=T0).binding.opt_outs == (("category", "GORE", None),)


def test_a_change_that_came_to_nothing_leaves_nothing_behind(zoe: User) -> None:
    """Its stamp never comes again: a number would, with the next change."""
    subject = subject_of(zoe)
    with suppress(RuntimeError), transaction.atomic():
        OptOut.objects.create(subject=subject, kind="category", value="GORE", set_at=T0)
        assert read_person(subject, at=T0).binding.opt_outs
        raise RuntimeError
    OptOut.objects.create(subject=subject, kind="medium", value="video", set_at=T0)
    assert read_person(subject, at=T0).binding.opt_outs == (("medium", "video", None),)


# ── how long ─────────────────────────────────────────────────────────────────────────────────────────────────────


def statements_of_a_read(subject: UUID, at: timedelta) -> int:
    with CaptureQueriesContext(connection) as seen:
        read_person(subject, at=T0 + at)
    return len(seen)


def test_it_is_read_once_and_again_after_a_minute_or_where_the_clock_went_back(zoe: User) -> None:
    subject = subject_of(zoe)
    assert statements_of_a_read(subject, timedelta(0)) == 3
    assert statements_of_a_read(subject, MINUTE - SECOND) == 1
    assert statements_of_a_read(subject, MINUTE) == 3
    assert statements_of_a_read(subject, MINUTE - SECOND) == 3


def test_new_weights_hold_from_their_second(zoe: User) -> None:
    subject = subject_of(zoe)
    LoadModel.objects.create(version=8, set_at=T0, holds_from=T0 + 20 * SECOND, set_by="x", weight_3=250)
    assert read_person(subject, at=T0 + 19 * SECOND).binding.load_model is None
    found = read_person(subject, at=T0 + 20 * SECOND).binding.load_model
    assert found is not None
    assert found.weight_3 == 250


def test_under_the_lock_a_person_is_read_by_one_statement_behind_it(zoe: User) -> None:
    subject = subject_of(zoe)
    with transaction.atomic():
        locking.hold(subject=subject, at=T0)
    with transaction.atomic(), CaptureQueriesContext(connection) as seen:
        locking.hold(subject=subject, at=T0 + SECOND)
    assert len([one for one in seen.captured_queries if "SELECT" in one["sql"][:10]]) == 2


def test_without_a_mark_for_all_nothing_is_kept() -> None:
    subject = uuid4()
    Mark.objects.all().delete()
    assert [statements_of_a_read(subject, timedelta(0)) for _ in range(2)] == [3, 3]


# ── every table ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_table_that_is_kept_tells_of_each_change() -> None:
    text = f"{PROFILE.text} {STAYS} {binding.ROWS.text}"
    tables = set(re.findall(r"\b(?:FROM|JOIN)\s+((?:people|wellbeing)_\w+)", text))
    assert len(tables) == 15
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'O'")
        there = set(cursor.fetchall())
    events = ("insert", "update", "delete")
    assert {(table, f"{table}_{event}_marked") for table in tables for event in events} <= there
