"""Under any sequence of acts, with a clock that jumps: the limit holds, a break is a break, the sums are exact."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import T0
from tests.wellbeing.steps import BEAT, Desk, a_look
from wellbeing.core.rules.clock import Second
from wellbeing.core.rules.recounting import differences
from wellbeing.core.selectors import second_clock
from wellbeing.core.selectors.recounted import books
from wellbeing.core.selectors.stage import may_serve
from wellbeing.core.services import breaks, exposure, presence
from wellbeing.exceptions import BreakNotOver, Refused
from wellbeing.models import Break, CaseSeen, Exposure, ExposureSum, LimitRow

LIMIT_SECONDS = 8
FIRST, LAST = T0.date() - timedelta(days=2), T0.date() + timedelta(days=5)
LEVELS = ("shielded", "grey", "colour")
CASES = [UUID(int=n) for n in range(1, 5)]
LABELLED = dict(zip(CASES, (1, 2, 3, 4), strict=True))

showing = st.tuples(st.just("show"), st.sampled_from(CASES), st.sampled_from(LEVELS), st.booleans())
severe = st.tuples(st.just("show"), st.sampled_from(CASES[2:]), st.just("grey"), st.booleans())
steps = st.one_of(
    showing,
    severe,
    severe,
    st.tuples(st.just("beat"), st.booleans()),
    st.tuples(st.just("beat"), st.booleans()),
    st.tuples(st.just("cover")),
    st.tuples(st.just("raise"), st.sampled_from(CASES), st.integers(2, 4)),
    st.tuples(st.just("close"), st.sampled_from(CASES)),
    st.tuples(st.just("too_much")),
    st.tuples(st.just("step_away")),
    st.tuples(st.just("start")),
    st.tuples(st.just("postpone")),
    st.tuples(st.just("finish")),
    st.tuples(st.just("sweep")),
    st.tuples(st.just("desk"), st.booleans()),
)
passing = st.one_of(
    st.integers(0, 10_000).map(lambda ms: ("time", ms)),
    st.integers(0, 10_000).map(lambda ms: ("time", ms)),
    st.integers(0, 700_000).map(lambda ms: ("time", ms)),
    st.sampled_from([-7_200_000, 7_200_000, -30_000, 30_000]).map(lambda ms: ("jump", ms)),
)
beating = st.tuples(st.just("beat"), st.booleans())
looking = st.one_of(severe, severe, showing, beating, beating, st.sampled_from([("cover",), ("sweep",)]))
"""Mostly looking at severe cases: a person who rests all the time never comes to a limit."""
breaking = st.one_of(looking, looking, looking, st.sampled_from([("too_much",), ("start",), ("finish",)]))
glances = st.lists(st.tuples(passing, looking), min_size=10, max_size=25)
rests_and_glances = st.lists(st.tuples(passing, breaking), min_size=10, max_size=25)
scripts = st.lists(st.tuples(passing, steps), min_size=3, max_size=25)


class Life(Desk):
    """A person at a desk whose clock jumps. ``true`` is the time that really passed."""

    def __init__(self) -> None:
        super().__init__(uuid4())
        self.true = T0
        self.severity = dict(LABELLED)

    def live(
        self, script: list[tuple[tuple[str, int], tuple[object, ...]]], check: Callable[[], None]
    ) -> None:
        self.open()
        for (kind, milliseconds), (name, *arguments) in script:
            self.at += timedelta(milliseconds=milliseconds)
            if kind == "time":
                self.true += timedelta(milliseconds=milliseconds)
            try:
                getattr(self, f"do_{name}")(*arguments)
            except Refused:
                self.locked()
            check()

    def do_show(self, case: UUID, level: str, beating: bool) -> None:
        self.show(a_look(self.severity[case], case=case), level, beating=beating)

    def do_beat(self, holding: bool) -> None:
        self.beat(holding=holding, after=timedelta(0))

    def do_cover(self) -> None:
        self.act(exposure.cover, reason="esc")

    def do_raise(self, case: UUID, severity: int) -> None:
        self.severity[case] = max(self.severity[case], severity)
        self.act(exposure.raise_severity, case_ref=case, category="GORE", severity=self.severity[case])

    def do_close(self, case: UUID) -> None:
        self.act(exposure.close_look, case_ref=case, severity=self.severity[case])

    def do_too_much(self) -> None:
        self.act(breaks.too_much)

    def do_step_away(self) -> None:
        self.act(breaks.step_away)

    def do_start(self) -> None:
        self.act(breaks.start)

    def do_postpone(self) -> None:
        self.act(breaks.postpone)

    def do_finish(self) -> None:
        self.act(breaks.finish)

    def do_sweep(self) -> None:
        self.locked()

    def do_desk(self, beating: bool) -> None:
        self.act(presence.open_desk, beating=beating)


def sums() -> dict[tuple[datetime, int], tuple[int, int]]:
    rows = ExposureSum.objects.exclude(shown_ms=0, cases=0)
    return {(row.quarter_at, row.severity): (row.shown_ms, row.cases) for row in rows}


def recomputed() -> dict[tuple[datetime, int], tuple[int, int]]:
    found: dict[tuple[datetime, int], tuple[int, int]] = {}
    for row in Exposure.objects.exclude(shown_ms=0):
        shown, cases = found.get((row.quarter_at, row.severity), (0, 0))
        found[row.quarter_at, row.severity] = (shown + row.shown_ms, cases)
    for case in CaseSeen.objects.all():
        shown, cases = found.get((case.quarter_at, case.severity), (0, 0))
        found[case.quarter_at, case.severity] = (shown, cases + 1)
    return found


def a_tight_limit(subject: UUID) -> None:
    LimitRow.objects.create(
        scope="own",
        scope_ref=str(subject),
        name="seconds_3",
        value=LIMIT_SECONDS,
        set_at=T0 - timedelta(days=2),
        set_by="system",
    )


# The second database is to say the same; what there is to find in the rules, the first one finds.
EXAMPLES = 30 if connection.vendor == "sqlite" else 10
anew = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class RolledBack(Exception):
    pass


def in_a_life(test: Callable[[Life], None]) -> None:
    """Run one example and leave no row behind."""
    try:
        with transaction.atomic():
            test(Life())
            raise RolledBack  # noqa: TRY301 - the way out of the transaction
    except RolledBack:
        return


@pytest.mark.django_db
@anew
@given(scripts)
def test_sums_always_equal_the_raw_rows(script: list[tuple[tuple[str, int], tuple[object, ...]]]) -> None:
    def one(life: Life) -> None:
        def check() -> None:
            assert sums() == recomputed()
            for row in Exposure.objects.all():
                ends_at = row.opened_at + timedelta(milliseconds=row.shown_ms)
                assert row.quarter_at <= row.opened_at
                assert ends_at <= row.quarter_at + timedelta(minutes=15)

        life.live(script, check)
        both = books(life.subject, since=FIRST, up_to=LAST, zones=(), until=life.at)
        assert differences(both.stored, both.found, since=FIRST, up_to=LAST, zones=()) == []

    in_a_life(one)


@pytest.mark.django_db
@anew
@given(glances)
def test_clear_time_at_a_limited_severity_is_at_most_the_limit_and_a_beat(
    script: list[tuple[tuple[str, int], tuple[object, ...]]],
) -> None:
    """'Worse than labelled' is the written exception (P4); no case is relabelled here."""

    def one(life: Life) -> None:
        a_tight_limit(life.subject)

        def check() -> None:
            clear = Exposure.objects.filter(severity__gte=3).exclude(level="shielded")
            heard_ms = clear.aggregate(all=Sum(F("shown_ms") - F("unheard_ms")))["all"] or 0
            assert heard_ms <= LIMIT_SECONDS * 1000 + BEAT // timedelta(milliseconds=1)

        life.live(script, check)

    in_a_life(one)


@pytest.mark.django_db
@anew
@given(rests_and_glances)
def test_nothing_is_on_the_stage_or_served_that_a_limit_or_break_forbids(
    script: list[tuple[tuple[str, int], tuple[object, ...]]],
) -> None:
    def one(life: Life) -> None:
        a_tight_limit(life.subject)

        def check() -> None:
            locked = life.locked()
            shown = Exposure.objects.filter(closed_at__isnull=True, cleared_at__isnull=True).first()
            if shown is None:
                return
            resting = Break.objects.exclude(state="over")
            assert not resting.exclude(state="due", postponed_until__gt=locked.at).exists()
            severe = Exposure.objects.filter(severity__gte=3).aggregate(all=Sum("shown_ms"))["all"] or 0
            if severe >= LIMIT_SECONDS * 1000 and shown.severity >= 3:
                assert shown.level == "shielded"
                assert may_serve(subject=life.subject, exposure_id=shown.pk, level="grey", at=life.at) is None

        life.live(script, check)

    in_a_life(one)


rests = st.lists(
    st.one_of(
        st.integers(0, 10_000).map(lambda ms: ("time", ms)),
        st.integers(0, 10_000).map(lambda ms: ("time", ms)),
        st.sampled_from([-7_200_000, 7_200_000]).map(lambda ms: ("jump", ms)),
        st.integers(600_000, 7_200_000).map(lambda ms: ("stopped", ms)),
    ),
    min_size=1,
    max_size=40,
)


@pytest.mark.django_db
@anew
@given(rests, st.integers(0, 880))
def test_a_break_never_ends_before_its_length_was_served_in_ticks_or_absence(
    script: list[tuple[str, int]], already: int
) -> None:
    """Jumps of the wall's clock serve nothing; ticks serve what passed, ten seconds at most, and silence itself as a whole."""
    machine = [0]

    def one(life: Life) -> None:
        with second_clock.told_by(lambda _database_ms, _at: Second("one boot", machine[0])):
            play(life)

    def play(life: Life) -> None:
        life.open().act(breaks.too_much)
        Break.objects.update(served_ms=already * 1000)
        served, begun = already * 1000, machine[0]
        for kind, milliseconds in script:
            life.at += timedelta(milliseconds=milliseconds)
            served += milliseconds if kind == "time" else 0
            machine[0] += milliseconds if kind != "jump" else 0
            try:
                life.act(breaks.finish)
            except BreakNotOver:
                continue
            except Refused:
                life.locked()
                return
            assert max(served, machine[0] - begun) >= 900_000
            return

    in_a_life(one)


gaps = st.lists(st.integers(5_000, 10_000), min_size=10, max_size=16)


@pytest.mark.django_db
@anew
@given(gaps, st.sampled_from([-7_200_000, -3_600_000, -30_000]), st.integers(0, 9), st.booleans())
def test_when_the_clock_goes_back_what_was_looked_at_still_counts(
    script: list[int], jump: int, place: int, beating: bool
) -> None:
    """But for the half minute at the jump that nobody can tell from a wait for the lock."""

    def one(life: Life) -> None:
        life.open().show(a_look(1), beating=beating)
        before = life.locked().at
        for number, milliseconds in enumerate(script):
            life.at += timedelta(milliseconds=milliseconds + (jump if number == place else 0))
            if beating:
                life.beat(after=timedelta(0))
            now = life.locked().at
            assert now >= before
            before = now
        counted = Exposure.objects.aggregate(all=Sum("shown_ms"))["all"] or 0
        assert counted >= sum(script) - 40_000

    in_a_life(one)
