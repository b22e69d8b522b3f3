"""What loosens the safeguard needs two people and a day; what tightens it needs neither (promise P6).

Seen red without ``SignedByProposer``, without ``may_sign_together``, without the look at the proposer's role in
``_role_of_second``, without ``_require_fresh``, without the transaction of ``sign``, with ``effective_from=at`` in
``lower_category``, with ``holds_from=at`` in ``lower_weight`` and in ``weaken``, without the second ``_write`` of
``raise_category`` and ``strengthen`` and the second ``_append`` of ``raise_weight`` (a raise dropped what two had signed about
something else), without ``loosens`` in
``raise_category``, and without the triggers of the migrations.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from audit.models import AuditRow
from moderation.exceptions import CategoryInvalid, CategoryTaken, CategoryUnknown
from moderation.models import CategoryVersion
from moderation.selectors.taxonomy import categories_in_force
from moderation.services import safeguards, taxonomy
from people.models import RoleGrant, ShieldSetting, TimeZonePeriod, User
from people.selectors import shield_in_force
from people.services.accounts import set_roles
from tests.cast import T0, a_user, subject_of
from tests.taxonomy import ensure_taxonomy
from wellbeing.core.selectors.load_models import weights_in_force
from wellbeing.exceptions import (
    AlreadyEnded,
    AlreadyProposed,
    AlreadySet,
    CeilingNeedsTwo,
    NotFound,
    NotLooser,
    NotTighter,
    OutOfBounds,
    PairNotValid,
    ProposalStale,
    ReasonMissing,
    SignedByProposer,
    UnknownLimit,
)
from wellbeing.limits.selectors.overview import open_proposals, proposal_history
from wellbeing.limits.services import proposals
from wellbeing.limits.services.setting import move_ceiling
from wellbeing.models import LimitRow, LoadModel, Proposal

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
OFFICER, REPRESENTATIVE, OPERATOR = "wellbeing_officer", "representative", "operator"


@pytest.fixture(autouse=True)
def shipped(db: None) -> None:
    ensure_taxonomy()


def me(user: User) -> str:
    return str(subject_of(user))


def proposed(
    by: User,
    kind: str = "ceiling",
    target: str = "seconds_3",
    value: Any = 9000,
    *,
    as_: str = OFFICER,
    at: datetime = T0,
) -> UUID:
    facts: dict[str, Any] = {"kind": kind, "target": target, "value": value, "reason": "More rest at night"}
    return safeguards.propose(**facts, proposed_by=me(by), proposed_as=as_, at=at).id


def signed(proposal_id: UUID, by: User, as_: str = REPRESENTATIVE, *, at: datetime = T0 + HOUR) -> None:
    safeguards.sign(proposal_id=proposal_id, signed_by=me(by), signed_as=as_, at=at)


def tightened(
    by: User, kind: str, target: str, value: Any, *, at: datetime = T0, reason: str = "Seen today"
) -> None:
    safeguards.tighten(kind=kind, target=target, value=value, actor=me(by), reason=reason, at=at)


def state_of(proposal_id: UUID) -> str:
    return Proposal.objects.get(pk=proposal_id).state


class TestTwoPeople:
    def test_the_second_signature_writes_the_ceiling_and_both_names(self, wim: User, rosa: User) -> None:
        one = proposed(wim)
        assert not LimitRow.objects.exists()
        signed(one, rosa)
        row = LimitRow.objects.order_by("pk").last()
        assert row is not None
        assert (row.scope, row.name, row.value, row.loosens) == ("ceiling", "seconds_3", 9000, True)
        kept = proposal_history()[0]
        assert (kept.state, kept.before, kept.value) == ("adopted", 7200, 9000)
        assert (kept.proposed_by, kept.proposed_as) == (me(wim), OFFICER)
        assert (kept.signed_by, kept.signed_as) == (me(rosa), REPRESENTATIVE)
        told = AuditRow.objects.filter(target_id=str(one)).order_by("pk")
        assert [(each.action, each.actor) for each in told] == [
            ("proposal.made", me(wim)),
            ("proposal.signed", me(rosa)),
        ]

    def test_nobody_signs_what_they_proposed_in_whatever_role(self, wim: User, rosa: User) -> None:
        RoleGrant.objects.create(user=wim, role=REPRESENTATIVE, granted_at=T0)
        one = proposed(wim)
        for role in (OFFICER, REPRESENTATIVE):
            with pytest.raises(SignedByProposer):
                signed(one, wim, role)
        assert state_of(one) == "open"

    def test_two_officers_do_not_do_while_a_representative_is_elected(self, wim: User, rosa: User) -> None:
        wanda = a_user("wanda", OFFICER)
        one = proposed(wim)
        with pytest.raises(PairNotValid):
            signed(one, wanda, OFFICER)
        with pytest.raises(PairNotValid):
            signed(one, wanda, REPRESENTATIVE)  # a role that is claimed and not held
        signed(one, rosa)

    def test_without_a_representative_a_second_officer_or_the_operator_signs(
        self, wim: User, olga: User
    ) -> None:
        wanda = a_user("wanda", OFFICER)
        signed(proposed(wim), wanda, OFFICER)
        signed(proposed(wim, target="cases_3", value=10), olga, OPERATOR)
        signed(proposed(olga, target="cases_4", value=10, as_=OPERATOR), wim, OFFICER)
        assert {each.state for each in proposal_history()} == {"adopted"}

    def test_a_representative_who_is_elected_meanwhile_ends_the_operator_s_turn(
        self, wim: User, olga: User
    ) -> None:
        one = proposed(wim)
        a_user("rosa", REPRESENTATIVE)
        with pytest.raises(PairNotValid):
            signed(one, olga, OPERATOR)

    @pytest.mark.parametrize("who", ["alice", "dana", "olga"])
    def test_nobody_else_signs(self, wim: User, rosa: User, who: str, request: pytest.FixtureRequest) -> None:
        one = proposed(wim)
        stranger = request.getfixturevalue(who)
        for role in ("moderator", "lead", OPERATOR, REPRESENTATIVE):
            with pytest.raises(PairNotValid):
                signed(one, stranger, role)

    def test_a_proposer_who_left_or_lost_the_role_leaves_nothing_to_sign(self, wim: User, rosa: User) -> None:
        one = proposed(wim)
        set_roles(user=wim, roles=("moderator",), actor="system", at=T0)
        with pytest.raises(PairNotValid) as refused:
            signed(one, rosa)
        assert refused.value.proposer_left
        RoleGrant.objects.create(user=wim, role=OFFICER, granted_at=T0)
        User.objects.filter(pk=wim.pk).update(is_active=False)
        with pytest.raises(PairNotValid):
            signed(one, rosa)

    def test_a_second_person_who_left_signs_nothing(self, wim: User, rosa: User) -> None:
        one = proposed(wim)
        User.objects.filter(pk=rosa.pk).update(is_active=False)
        with pytest.raises(PairNotValid):
            signed(one, rosa)

    def test_who_holds_both_roles_signs_in_the_one_that_fits(self, wim: User, rosa: User) -> None:
        RoleGrant.objects.create(user=rosa, role=OFFICER, granted_at=T0)
        one = proposed(wim)
        signed(one, rosa, OFFICER)
        assert proposal_history()[0].signed_as == REPRESENTATIVE

    def test_what_has_changed_since_is_stale_and_changes_nothing(self, wim: User, rosa: User) -> None:
        one = proposed(wim)
        move_ceiling(name="seconds_3", value=3600, set_by="system", reason="r", at=T0 + MINUTE)
        rows = LimitRow.objects.count()
        with pytest.raises(ProposalStale) as refused:
            signed(one, rosa)
        assert (refused.value.before, refused.value.now) == (7200, 3600)
        assert LimitRow.objects.count() == rows
        assert state_of(one) == "open"

    def test_it_is_signed_once_and_not_after_it_was_withdrawn(self, wim: User, rosa: User) -> None:
        one = proposed(wim)
        signed(one, rosa)
        with pytest.raises(AlreadyEnded) as refused:
            signed(one, rosa)
        assert refused.value.state == "adopted"
        other = proposed(wim, target="cases_3", value=10)
        safeguards.withdraw(proposal_id=other, withdrawn_by=me(rosa), at=T0)
        with pytest.raises(AlreadyEnded) as refused:
            signed(other, rosa)
        assert refused.value.state == "withdrawn"
        with pytest.raises(AlreadyEnded):
            safeguards.withdraw(proposal_id=one, withdrawn_by=me(wim), at=T0)
        with pytest.raises(NotFound):
            signed(uuid4(), rosa)

    def test_one_proposal_at_a_time_for_one_target(self, wim: User, rosa: User) -> None:
        one = proposed(wim)
        with pytest.raises(AlreadyProposed) as refused:
            proposed(rosa, value=3600, as_=REPRESENTATIVE)
        assert refused.value.proposed_by == me(wim)
        safeguards.withdraw(proposal_id=one, withdrawn_by=me(wim), at=T0)
        proposed(rosa, value=3600, as_=REPRESENTATIVE)
        assert [each.value for each in open_proposals(T0)] == [3600]

    def test_half_applied_is_not_applied(self, wim: User, rosa: User) -> None:
        one = proposed(wim)
        before = AuditRow.objects.count()

        def breaks_down(adopted: proposals.Adopted) -> None:
            move_ceiling(name=adopted.target, value=adopted.value, set_by="system", reason="r", at=adopted.at)
            raise RuntimeError

        with pytest.raises(RuntimeError):
            proposals.sign(
                proposal_id=one,
                signed_by=me(rosa),
                signed_as=REPRESENTATIVE,
                at=T0,
                read=safeguards.read,
                apply=breaks_down,
                must_announce=lambda *_change: False,
            )
        assert state_of(one) == "open"
        assert not LimitRow.objects.exists()
        assert AuditRow.objects.count() == before
        signed(one, rosa)

    @pytest.mark.parametrize("value", [0, -1, 90_000, "9000", 9000.5, None, True, [], {}])
    def test_a_ceiling_that_makes_no_sense_is_not_proposed(self, wim: User, value: Any) -> None:
        with pytest.raises((OutOfBounds, UnknownLimit)):
            proposed(wim, target="work_seconds", value=value)
        assert not Proposal.objects.exists()

    def test_nothing_is_proposed_without_a_reason_or_without_a_change(self, wim: User) -> None:
        with pytest.raises(AlreadySet):
            proposed(wim, value=7200)
        with pytest.raises(UnknownLimit):
            proposed(wim, target="seconds_9")
        with pytest.raises(UnknownLimit):
            proposed(wim, kind="mood")
        with pytest.raises(ReasonMissing):
            safeguards.propose(
                kind="ceiling",
                target="seconds_3",
                value=9000,
                reason=" ",
                proposed_by=me(wim),
                proposed_as=OFFICER,
                at=T0,
            )

    def test_no_ceiling_moves_by_one_person_not_even_a_tighter_one(self, wim: User) -> None:
        with pytest.raises(CeilingNeedsTwo):
            tightened(wim, "ceiling", "seconds_3", 60)


def hate(at: datetime) -> tuple[int, str, bool]:
    found = categories_in_force(at=at)["HATE"]
    return found.severity, found.flags, found.is_enabled


class TestCategories:
    def test_it_is_raised_at_once_by_one_person_with_a_reason(self, dana: User) -> None:
        tightened(dana, "category", "HATE", {"severity": 3, "flags": "TV"})
        assert hate(T0) == (3, "VT", True)
        with pytest.raises(ReasonMissing):
            tightened(dana, "category", "HATE", {"severity": 4}, reason="\u200f")
        row = AuditRow.objects.get(action="category.set")
        assert (row.actor, row.target_id, row.reason) == (me(dana), "HATE", "Seen today")

    @pytest.mark.parametrize(
        "value", [{"severity": 1}, {"flags": ""}, {"is_enabled": False}, {"severity": 4, "flags": ""}, {}]
    )
    def test_nothing_of_it_is_lowered_by_one_person(self, dana: User, value: dict[str, Any]) -> None:
        with pytest.raises(NotTighter):
            tightened(dana, "category", "HATE", value)
        assert hate(T0 + 9 * DAY) == (2, "T", True)

    def test_it_is_lowered_by_two_from_the_last_next_day_of_anybody(
        self, wim: User, rosa: User, alice: User
    ) -> None:
        TimeZonePeriod.objects.filter(user=alice).update(zone="Pacific/Honolulu")
        signed(proposed(wim, "category", "HATE", {"severity": 1}), rosa)
        in_honolulu = datetime(2026, 11, 24, 10, tzinfo=UTC)
        assert hate(in_honolulu - SECOND) == (2, "T", True)
        assert hate(in_honolulu) == (1, "T", True)

    def test_switching_on_or_off_needs_two(self, wim: User, rosa: User, dana: User) -> None:
        with pytest.raises(NotTighter):
            tightened(dana, "category", "CSAM", {"is_enabled": True})
        signed(proposed(wim, "category", "HATE", {"is_enabled": False}), rosa)
        assert hate(MIDNIGHT - SECOND)[2]
        assert not hate(MIDNIGHT)[2]

    def test_raised_today_is_not_undone_by_what_was_lowered_for_tomorrow(
        self, wim: User, rosa: User, dana: User
    ) -> None:
        signed(proposed(wim, "category", "HATE", {"severity": 0}), rosa, at=T0)
        tightened(dana, "category", "HATE", {"severity": 4}, at=T0 + HOUR)
        assert hate(T0 + HOUR)[0] == hate(MIDNIGHT + DAY)[0] == 4

    def test_a_new_flag_stays_while_the_severity_falls_as_signed(
        self, wim: User, rosa: User, dana: User
    ) -> None:
        signed(proposed(wim, "category", "HATE", {"severity": 0}), rosa, at=T0)
        tightened(dana, "category", "HATE", {"flags": "TV"}, at=T0 + HOUR)
        assert hate(MIDNIGHT - SECOND) == (2, "VT", True)
        assert hate(MIDNIGHT) == (0, "VT", True)

    def test_what_one_may_do_is_not_put_before_two(self, wim: User) -> None:
        with pytest.raises(NotLooser):
            proposed(wim, "category", "HATE", {"severity": 3})
        with pytest.raises(AlreadySet):
            proposed(wim, "category", "HATE", {"severity": 2})

    @pytest.mark.parametrize(
        "value", [{"severity": 5}, {"severity": -1}, {"severity": "1"}, {"flags": "TX"}, {"is_enabled": 1}]
    )
    def test_what_makes_no_sense_is_refused(self, wim: User, dana: User, value: dict[str, Any]) -> None:
        with pytest.raises(CategoryInvalid):
            proposed(wim, "category", "HATE", value)
        with pytest.raises(CategoryInvalid):
            tightened(dana, "category", "HATE", value)
        with pytest.raises(CategoryUnknown):
            tightened(dana, "category", "NOTHING", {"severity": 4})

    def test_a_category_of_one_s_own(self, dana: User) -> None:
        facts: dict[str, Any] = {"label": "Dangerous dares", "dsa_category": "STATEMENT_CATEGORY_SELF_HARM"}
        facts |= {"severity": 2, "flags": "GV", "set_by": me(dana), "reason": "New this spring", "at": T0}
        taxonomy.add_category(code="DARES", **facts)
        assert categories_in_force(at=T0)["DARES"].flags == "VG"
        assert "DARES" not in categories_in_force(at=T0 - SECOND)
        with pytest.raises(CategoryTaken):
            taxonomy.add_category(code="DARES", **facts)
        for field, wrong in (
            ("code", "dares"),
            ("label", " "),
            ("label", "\u200f"),
            ("dsa_category", "X"),
            ("severity", 9),
        ):
            with pytest.raises(CategoryInvalid) as refused:
                taxonomy.add_category(**({"code": "OTHERS", **facts} | {field: wrong}))
            assert refused.value.field == field


class TestWeights:
    def test_heavier_at_once_lighter_by_two_from_the_next_day(self, wim: User, rosa: User) -> None:
        tightened(wim, "weight", "severity_3", 300)
        assert weights_in_force(T0).weights[3] == 300
        signed(proposed(wim, "weight", "severity_3", 250), rosa)
        assert weights_in_force(MIDNIGHT - SECOND).weights[3] == 300
        assert weights_in_force(MIDNIGHT).weights[3] == 250

    def test_one_person_makes_nothing_lighter(self, wim: User) -> None:
        for weight in (200, 199, 0):
            with pytest.raises(NotTighter):
                tightened(wim, "weight", "severity_3", weight)
        for weight in (-1, 2001, 10**9):
            with pytest.raises(OutOfBounds):
                tightened(wim, "weight", "severity_3", weight)
        with pytest.raises(UnknownLimit):
            tightened(wim, "weight", "severity_5", 300)
        assert not LoadModel.objects.exists()

    def test_raised_today_is_not_undone_by_what_was_lowered_for_tomorrow(self, wim: User, rosa: User) -> None:
        signed(proposed(wim, "weight", "severity_3", 100), rosa, at=T0)
        tightened(wim, "weight", "severity_3", 400, at=T0 + HOUR)
        assert weights_in_force(MIDNIGHT).weights[3] == 400

    def test_what_was_signed_about_another_severity_still_comes(self, wim: User, rosa: User) -> None:
        signed(proposed(wim, "weight", "severity_3", 100), rosa, at=T0)
        tightened(wim, "weight", "severity_2", 150, at=T0 + HOUR)
        assert [weights_in_force(T0 + HOUR).weights[n] for n in (2, 3)] == [150, 200]
        assert [weights_in_force(MIDNIGHT).weights[n] for n in (2, 3)] == [150, 100]


class TestTheShield:
    def samples(self, at: datetime) -> tuple[int, int]:
        found = shield_in_force(at=at)
        return found.start, found.floor

    def test_fewer_samples_at_once_more_by_two_from_the_next_day(self, wim: User, rosa: User) -> None:
        tightened(wim, "shield", "start_samples", 20)
        assert self.samples(T0) == (20, 64)
        signed(proposed(wim, "shield", "start_samples", 40), rosa)
        assert self.samples(MIDNIGHT - SECOND) == (20, 64)
        assert self.samples(MIDNIGHT) == (40, 64)

    def test_a_lower_floor_takes_the_start_with_it(self, wim: User) -> None:
        tightened(wim, "shield", "floor_samples", 24)
        assert self.samples(T0) == (24, 24)
        with pytest.raises(OutOfBounds) as refused:
            proposed(wim, "shield", "start_samples", 25)
        assert (refused.value.least, refused.value.most) == (16, 24)

    def test_one_person_weakens_nothing(self, wim: User) -> None:
        for target, samples in (("start_samples", 32), ("start_samples", 33), ("floor_samples", 64)):
            with pytest.raises(NotTighter):
                tightened(wim, "shield", target, samples)
        for samples in (15, 0, -1):
            with pytest.raises(OutOfBounds):
                tightened(wim, "shield", "start_samples", samples)
        with pytest.raises(UnknownLimit):
            tightened(wim, "shield", "blur", 20)
        assert not ShieldSetting.objects.exists()

    def test_strengthened_today_is_not_undone_by_what_was_weakened_for_tomorrow(
        self, wim: User, rosa: User
    ) -> None:
        signed(proposed(wim, "shield", "start_samples", 48), rosa, at=T0)
        tightened(wim, "shield", "start_samples", 16, at=T0 + HOUR)
        assert self.samples(MIDNIGHT) == (16, 64)

    def test_what_was_signed_about_the_start_still_comes_under_a_lower_floor(
        self, wim: User, rosa: User
    ) -> None:
        signed(proposed(wim, "shield", "start_samples", 48), rosa, at=T0)
        tightened(wim, "shield", "floor_samples", 40, at=T0 + HOUR)
        assert self.samples(T0 + HOUR) == (32, 40)
        assert self.samples(MIDNIGHT) == (40, 40)


@pytest.mark.parametrize("change", [lambda rows: rows.update(reason="x"), lambda rows: rows.delete()])
def test_what_was_set_can_be_neither_changed_nor_deleted(
    wim: User, change: Callable[[QuerySet[Any]], object]
) -> None:
    tightened(wim, "shield", "start_samples", 20)
    for rows in (CategoryVersion.objects.all(), ShieldSetting.objects.all()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change(rows)
