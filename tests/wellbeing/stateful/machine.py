"""The state machine: random acts of three moderators, a lead and an officer, under a clock that jumps."""

from datetime import timedelta

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from queues.services import desk
from tests.wellbeing.stateful.checks import Checks
from tests.wellbeing.stateful.floor import BEGINNINGS, CONTENT, HOUR, MINUTE, SECOND, Floor, Hand, Staff

WHO = st.integers(0, 2)
LEVELS = st.sampled_from(("shielded", "lens", "grey", "colour"))
CHOICES = (("category", "GORE"), ("category", "HATE"), ("medium", "video"), ("medium", "text"), ("sound", ""))
LIMITS = (
    ("seconds_3", 10),
    ("seconds_3", 30),
    ("seconds_1", 20),
    ("seconds_4", 5),
    ("cases_3", 1),
    ("seconds_3", 0),
)


class Shift(RuleBasedStateMachine):
    """One floor; ``staff`` is hired once for all examples, and each example is rolled back."""

    staff: Staff

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        if hasattr(self, "floor"):
            self.floor.clock.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(start=st.sampled_from(BEGINNINGS), tight=st.booleans())
    def begin(self, start, tight):
        self.floor = Floor(self.staff, at=start)
        self.checks = Checks(self.floor)
        if tight:
            for hand in self.floor.hands:
                self.floor.set_own_limit(hand, "seconds_3", 12)

    def hand(self, who: int) -> Hand:
        return self.floor.hands[who]

    # ── work ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(who=WHO, level=LEVELS, beats=st.integers(0, 6), sound=st.booleans(), holding=st.booleans())
    def looks(self, who, level, beats, sound, holding):
        """Take the next case, look at it and beat."""
        self.floor.do(self.hand(who), desk.open_desk, beating=True)
        self.floor.ask(self.hand(who))
        self.floor.show(self.hand(who), level, beating=True, sound=sound)
        for _ in range(beats):
            self.floor.pass_time(5 * SECOND)
            self.floor.beat(self.hand(who), holding=holding)

    @rule(who=WHO, level=LEVELS, times=st.integers(1, 4))
    def reveals_again(self, who, level, times):
        """Show the case in hand again and again, a beat apart."""
        for _ in range(times):
            self.floor.show(self.hand(who), level, beating=True, sound=False)
            self.floor.pass_time(5 * SECOND)
            self.floor.beat(self.hand(who), holding=False)

    @rule(who=WHO, level=LEVELS, minutes=st.integers(1, 12))
    def looks_without_beats(self, who, level, minutes):
        """A page without JavaScript shows a case until it is heard of again."""
        self.floor.do(self.hand(who), desk.open_desk, beating=False)
        self.floor.ask(self.hand(who))
        self.floor.show(self.hand(who), level, beating=False, sound=False)
        self.floor.pass_time(minutes * MINUTE)

    @rule(who=WHO)
    def decides(self, who):
        self.floor.decide(self.hand(who))

    @rule(who=WHO, level=LEVELS)
    def decides_and_looks_on(self, who, level):
        self.floor.decide(self.hand(who))
        self.floor.ask(self.hand(who))
        self.floor.show(self.hand(who), level, beating=True, sound=False)

    @rule(who=WHO, holding=st.booleans())
    def beats(self, who, holding):
        self.floor.beat(self.hand(who), holding=holding)

    @rule(who=WHO)
    def covers(self, who):
        self.floor.do(self.hand(who), desk.cover)

    @rule(who=WHO, act=st.sampled_from((desk.skip, desk.hand_back, desk.escalate)))
    def lets_go(self, who, act):
        self.floor.let_go(self.hand(who), act)

    @rule(content=st.integers(0, len(CONTENT) - 1))
    def case_comes_in(self, content):
        self.floor.case_comes_in(content)

    # ── breaks ───────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(who=WHO, act=st.sampled_from((desk.step_away, desk.too_much, desk.postpone)))
    def leaves_or_postpones(self, who, act):
        self.floor.do(self.hand(who), act)

    @rule(who=WHO, ticks=st.sampled_from((1, 17, 59, 61, 91)))
    def rests(self, who, ticks):
        self.floor.rest(self.hand(who), ticks)
        self.floor.come_back(self.hand(who))

    @rule(who=WHO)
    def comes_back(self, who):
        self.floor.come_back(self.hand(who))

    @rule(who=WHO, minutes=st.sampled_from((30, 49, 51, 119)))
    def works_on(self, who, minutes):
        """Sit at a covered desk that is heard of every ten minutes, and ask again."""
        hand = self.hand(who)
        self.floor.do(hand, desk.cover)
        self.floor.do(hand, desk.open_desk, beating=False)
        for passed in range(0, minutes, 10):
            self.floor.pass_time(min(10, minutes - passed) * MINUTE)
            self.floor.do(hand, desk.open_desk, beating=False)
        self.floor.ask(hand)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(milliseconds=st.integers(0, 20_000))
    def a_moment_passes(self, milliseconds):
        self.floor.pass_time(timedelta(milliseconds=milliseconds))

    @rule(minutes=st.integers(1, 15))
    def minutes_pass(self, minutes):
        self.floor.pass_time(minutes * MINUTE)
        self.floor.sweep()

    @rule(who=WHO, seconds=st.integers(-12, 12))
    def midnight_comes(self, who, seconds):
        """It is nearly midnight, or just past it, where somebody is; the night before passed without a jump."""
        ahead = self.floor.midnight(self.hand(who)) - self.floor.at
        if ahead < 3 * HOUR:
            self.floor.pass_time(max(ahead + seconds * SECOND, timedelta(0)))

    @rule(hours=st.sampled_from((-2, -1, 1, 2)))
    def the_clock_jumps(self, hours):
        self.floor.jump(hours * HOUR)

    @rule()
    def the_sweep_runs(self):
        self.floor.sweep()

    # ── limits, choices, shifts, measures ────────────────────────────────────────────────────────────────────────

    @rule(limit=st.sampled_from(LIMITS))
    def the_lead_sets_a_limit(self, limit):
        self.floor.set_team_limit(*limit)

    @rule(who=WHO, limit=st.sampled_from(LIMITS))
    def somebody_sets_their_own_limit(self, who, limit):
        self.floor.set_own_limit(self.hand(who), *limit)

    @rule(who=WHO, choice=st.sampled_from(CHOICES), until=st.sampled_from((None, 20 * SECOND, HOUR)))
    def opts_out(self, who, choice, until):
        kind, value = choice
        self.floor.opt_out(self.hand(who), kind, value, until)

    @rule(who=WHO)
    def opts_back_in(self, who):
        self.floor.opt_back_in(self.hand(who))

    @rule(who=WHO, agrees=st.booleans())
    def agrees_or_takes_it_back(self, who, agrees):
        self.floor.agree(self.hand(who), agrees=agrees)

    @rule(who=WHO, quarters=st.integers(0, 3), hours=st.integers(1, 8))
    def plans_a_shift(self, who, quarters, hours):
        self.floor.plan_shift(self.hand(who), quarters=quarters, hours=hours)

    @rule(who=WHO, kind=st.sampled_from(("rest_day", "lighter_queue")), ahead=st.integers(0, 1))
    def the_officer_orders(self, who, kind, ahead):
        self.floor.order(self.hand(who), kind, ahead=ahead)

    @invariant()
    def the_promises_hold(self) -> None:
        if hasattr(self, "checks"):
            self.checks.all()
