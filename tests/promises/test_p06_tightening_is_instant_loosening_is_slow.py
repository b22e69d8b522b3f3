"""P6: tightening is instant, loosening is slow; and none of the ways round it is one.

The desks of a whole team are told by one statement (200 of them below). The rules behind it have tests of their own:
``wellbeing/test_limits_in_force`` (every value in force against a naive reading), ``wellbeing/test_setting_limits``,
``wellbeing/test_team_moves``, ``moderation/services/test_safeguards`` and ``test_relabelling``.

Seen red without ``waits`` in ``scopes._follow``, without the triggers that keep limits as they are, with ``stay.left_at is None``
alone in ``scopes._binds``, with ``CHANGE_AFTER`` of no time, with ``effective_from=at`` in ``lower_category``, without the
transaction of ``proposals.sign``, with ``holds_from=at`` for weights and shield, without ``events.bump`` in
``limits._append``, and with a loop over groups in ``events.bump`` (the statements of the last test).
"""

import ast
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from live.models import Rev
from moderation.models import Category, CategoryVersion
from moderation.selectors.taxonomy import categories_in_force
from moderation.services import safeguards
from people.models import RoleGrant, Subject, Team, TeamMembership, TimeZonePeriod, User
from people.selectors import shield_in_force
from people.services.accounts import set_team, set_time_zone
from tests.cast import T0, a_team, subject_of
from tests.numbers import rev_of
from tests.taxonomy import ensure_taxonomy
from tests.wellbeing.steps import MINUTE, SECOND, Desk, a_look
from wellbeing.core.selectors.load_models import weights_in_force
from wellbeing.exceptions import AboveCeiling, CeilingNeedsTwo, LimitReached, NotPersonal, NotTighter, Refused
from wellbeing.limits.services import proposals, requests
from wellbeing.limits.services.setting import move_ceiling, set_limit
from wellbeing.models import LimitRow, Presence

ROOT = Path(__file__).parents[2]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
TIGHT, LOOSE = 600, 3600


@pytest.fixture
def desk(alice: User) -> Desk:
    return Desk(subject_of(alice)).open()


def says(scope: str, whose: object, value: int, *, at: datetime = T0, name: str = "seconds_3") -> LimitRow:
    return set_limit(
        scope=scope, scope_ref=str(whose), name=name, value=value, set_by="system", reason="r", at=at
    )


def in_force(desk: Desk, at: datetime, name: str = "seconds_3") -> int:
    desk.at = at
    return desk.locked().limits[name].value


def two_sign(wim: User, rosa: User, kind: str, target: str, value: Any, *, at: datetime = T0) -> None:
    one = safeguards.propose(
        kind=kind,
        target=target,
        value=value,
        reason="r",
        proposed_by=str(subject_of(wim)),
        proposed_as="wellbeing_officer",
        at=at,
    )
    safeguards.sign(proposal_id=one.id, signed_by=str(subject_of(rosa)), signed_as="representative", at=at)


class TestTighterAtOnce:
    @pytest.mark.parametrize("scope", ["ceiling", "team", "person", "own"])
    def test_whoever_tightens_the_next_request_is_covered(self, desk: Desk, north: Team, scope: str) -> None:
        desk.show(a_look(3))
        desk.look_for(MINUTE)
        before = rev_of(desk.subject)
        if scope == "ceiling":
            move_ceiling(name="seconds_3", value=30, set_by="system", reason="r", at=desk.at)
        else:
            says(scope, north.pk if scope == "team" else desk.subject, 30, at=desk.at)
        assert rev_of(desk.subject) > before  # its page is told with the commit
        assert desk.locked().exposure is None
        with pytest.raises(LimitReached):
            desk.show(a_look(3))

    def test_a_longer_rest_too(self, desk: Desk, north: Team) -> None:
        desk.work_for(50 * MINUTE)
        says("team", north.pk, 1200, name="work_rest_seconds", at=desk.at)
        rest = desk.locked().open_break
        assert rest is not None
        assert rest.length_ms == 1_200_000


class TestLooserFromTheNextDay:
    @pytest.mark.parametrize("scope", ["ceiling", "team", "own"])
    def test_whoever_loosens(self, desk: Desk, north: Team, scope: str) -> None:
        for value, at in ((TIGHT, T0), (LOOSE, T0 + HOUR)):
            if scope == "ceiling":
                move_ceiling(name="seconds_3", value=value, set_by="system", reason="r", at=at)
            else:
                says(scope, north.pk if scope == "team" else desk.subject, value, at=at)
        assert in_force(desk, MIDNIGHT - SECOND) == TIGHT
        assert in_force(desk, MIDNIGHT) == LOOSE

    def test_for_one_person_only_with_their_yes(self, desk: Desk) -> None:
        says("person", desk.subject, TIGHT)
        with pytest.raises(NotTighter):
            says("person", desk.subject, LOOSE, at=T0 + HOUR)
        asked = requests.ask_looser(
            subject=desk.subject, name="seconds_3", value=LOOSE, asked_by="system", reason="r", at=T0 + HOUR
        )
        assert in_force(desk, MIDNIGHT + HOUR) == TIGHT
        requests.answer(request_id=asked.pk, subject=desk.subject, agrees=True, at=MIDNIGHT + HOUR)
        assert in_force(desk, MIDNIGHT + DAY - SECOND) == TIGHT
        assert in_force(desk, MIDNIGHT + DAY) == LOOSE

    def test_categories_weights_and_the_shield_as_well(self, wim: User, rosa: User) -> None:
        ensure_taxonomy()
        two_sign(wim, rosa, "category", "GORE", {"severity": 2})
        two_sign(wim, rosa, "weight", "severity_4", 300)
        two_sign(wim, rosa, "shield", "start_samples", 48)

        def now(at: datetime) -> tuple[int, int, int]:
            return (
                categories_in_force(at=at)["GORE"].severity,
                weights_in_force(at).weights[4],
                shield_in_force(at=at).start,
            )

        assert now(MIDNIGHT - SECOND) == (3, 400, 32)
        assert now(MIDNIGHT) == (2, 300, 48)


class TestNoWayRound:
    def test_deleting_or_changing_a_row(self, desk: Desk, north: Team) -> None:
        row = says("team", north.pk, TIGHT)
        for act in (
            row.delete,
            lambda: LimitRow.objects.update(value=LOOSE),
            lambda: LimitRow.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                act()
        assert in_force(desk, T0 + HOUR) == TIGHT

    def test_raw_sql_that_replaces_a_row(self, desk: Desk, north: Team) -> None:
        row = says("team", north.pk, TIGHT)
        replace = (
            "INSERT OR REPLACE INTO wellbeing_limitrow "
            "(id, scope, scope_ref, name, value, loosens, set_at, set_by, reason) "
            "SELECT id, scope, scope_ref, name, 7200, loosens, set_at, set_by, reason FROM wellbeing_limitrow"
        )
        if connection.vendor != "sqlite":
            replace = f"UPDATE wellbeing_limitrow SET value = 7200 WHERE id = {row.pk}"
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(replace)
        assert in_force(desk, T0 + HOUR) == TIGHT

    def test_moving_to_a_looser_team_or_out_of_every_team(self, desk: Desk, north: Team, alice: User) -> None:
        south = a_team("South")
        says("team", north.pk, TIGHT)
        says("team", south.pk, LOOSE)
        set_team(user=alice, team=south, actor="system", at=T0 + HOUR)
        assert in_force(desk, MIDNIGHT - SECOND) == TIGHT
        set_team(user=alice, team=None, actor="system", at=MIDNIGHT + HOUR)
        assert in_force(desk, MIDNIGHT + DAY - SECOND) == LOOSE

    @pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Honolulu", "Asia/Kathmandu"])
    def test_changing_a_time_zone(self, desk: Desk, north: Team, alice: User, zone: str) -> None:
        says("team", north.pk, TIGHT)
        set_time_zone(user=alice, zone=zone, actor="system", at=T0)
        says("team", north.pk, LOOSE, at=T0 + MINUTE)
        assert in_force(desk, MIDNIGHT - SECOND) == TIGHT
        assert (
            TimeZonePeriod.objects.filter(
                user=alice, effective_from__gt=T0, effective_from__lt=T0 + DAY
            ).count()
            == 0
        )

    def test_editing_a_category(self, wim: User) -> None:
        ensure_taxonomy()
        with pytest.raises(NotTighter):
            safeguards.tighten(
                kind="category",
                target="GORE",
                value={"severity": 1},
                actor=str(subject_of(wim)),
                reason="r",
                at=T0,
            )
        for act in (
            lambda: CategoryVersion.objects.filter(category_id="GORE").update(severity=1),
            lambda: CategoryVersion.objects.filter(category_id="GORE").delete(),
            lambda: Category.objects.filter(pk="GORE").delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()
        assert categories_in_force(at=MIDNIGHT)["GORE"].severity == 3

    def test_a_proposal_that_is_half_applied(self, desk: Desk, wim: User, rosa: User) -> None:
        two_sign(wim, rosa, "ceiling", "seconds_3", TIGHT)
        one = safeguards.propose(
            kind="ceiling",
            target="seconds_3",
            value=LOOSE,
            reason="r",
            proposed_by=str(subject_of(wim)),
            proposed_as="wellbeing_officer",
            at=T0,
        )

        def stops_halfway(adopted: proposals.Adopted) -> None:
            move_ceiling(name=adopted.target, value=adopted.value, set_by="system", reason="r", at=adopted.at)
            raise ConnectionError

        with pytest.raises(ConnectionError):
            proposals.sign(
                proposal_id=one.id,
                signed_by=str(subject_of(rosa)),
                signed_as="representative",
                at=T0,
                read=safeguards.read,
                apply=stops_halfway,
                must_announce=lambda *_change: False,
            )
        assert in_force(desk, MIDNIGHT + DAY) == TIGHT

    def test_one_person_alone_or_above_the_ceiling(self, desk: Desk, north: Team, wim: User) -> None:
        two_alone: list[tuple[type[Refused], Callable[[], object]]] = [
            (CeilingNeedsTwo, lambda: says("ceiling", "", LOOSE)),
            (AboveCeiling, lambda: says("team", north.pk, 7201)),
            (AboveCeiling, lambda: says("team", north.pk, 60, name="work_rest_seconds")),
            (NotPersonal, lambda: self._asked(desk.subject)),
        ]
        for refusal, act in two_alone:
            with pytest.raises(refusal):
                act()
        assert not LimitRow.objects.exists()

    @staticmethod
    def _asked(subject: UUID) -> None:
        requests.ask_looser(
            subject=subject, name="seconds_3", value=LOOSE, asked_by="system", reason="r", at=T0
        )


WRITERS = {
    "CategoryVersion": {"moderation/services/taxonomy.py"},
    "CounsellorContract": {"wellbeing/limits/services/contracts.py"},
    "LimitRow": {"wellbeing/limits/services/setting.py"},
    "LoadModel": {"wellbeing/limits/services/load_models.py"},
    "ShieldSetting": {"people/services/shield.py"},
    "OtherWorkSaying": {"wellbeing/core/services/other_work.py"},
    "Proposal": {"wellbeing/limits/services/proposals.py"},
}
"""Nobody else makes such a row; migrations aside."""
WRITES = frozenset(
    {"create", "bulk_create", "get_or_create", "update_or_create", "update", "delete", "bulk_update"}
)


def makers(tree: ast.AST) -> set[str]:
    """The models of ``WRITERS`` of which a module makes an instance, or calls a writing method."""
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "models" in (node.module or "")
        for alias in node.names
    }
    known, found = WRITERS.keys() & imported, set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        names = {each.id for each in ast.walk(node.func) if isinstance(each, ast.Name)} & known
        if isinstance(node.func, ast.Name) or (
            isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
        ):
            found |= names
    return found


@pytest.mark.any_database
def test_each_of_these_rows_has_one_writer() -> None:
    found: dict[str, set[str]] = {}
    for app in ("audit", "config", "live", "moderation", "outbox", "people", "queues", "web", "wellbeing"):
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                for model in makers(ast.parse(path.read_text())):
                    found.setdefault(model, set()).add(str(path.relative_to(ROOT)))
    assert found == WRITERS


def a_house_of(people: int, team: Team) -> list[UUID]:
    users = User.objects.bulk_create(User(username=f"m{n}", created_at=T0) for n in range(people))
    subjects = Subject.objects.bulk_create(Subject(user=user, created_at=T0) for user in users)
    TeamMembership.objects.bulk_create(
        TeamMembership(user=user, team=team, effective_from=T0) for user in users
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role="moderator", granted_at=T0) for user in users)
    Presence.objects.bulk_create(
        Presence(subject=one.pk, kind="waiting", opened_at=T0, last_beat_at=T0) for one in subjects
    )
    return [one.pk for one in subjects]


@pytest.mark.parametrize("scope", ["team", "ceiling"])
def test_two_hundred_desks_are_told_in_as_many_statements_as_one(
    north: Team, scope: str, django_capture_on_commit_callbacks: Any
) -> None:
    def statements(value: int) -> int:
        with (
            CaptureQueriesContext(
                connection,
            ) as asked,
            django_capture_on_commit_callbacks(execute=True),
        ):
            if scope == "team":
                says("team", north.pk, value)
            else:
                move_ceiling(name="seconds_3", value=value, set_by="system", reason="r", at=T0)
        return len(asked)

    a_house_of(1, north)
    move_ceiling(name="seconds_3", value=7200, set_by="system", reason="r", at=T0 - DAY)
    says("team", north.pk, 7000, at=T0 - DAY)
    for_one = statements(3600)
    User.objects.filter(username="m0").update(username="first")
    subjects = a_house_of(200, north)
    assert statements(1800) == for_one
    groups = {f"person.{subject}" for subject in subjects}
    assert set(Rev.objects.filter(group__in=groups).values_list("number", flat=True)) == {1}
    assert Rev.objects.filter(group__in=groups).count() == 200
