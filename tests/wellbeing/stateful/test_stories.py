"""The shortest shifts in which each guard matters: what the random shifts find sooner or later, these find at once.

Seen red with the guard that is named beside it taken away: the limit at the reveal, the opt-out in the pick, the beat's
covering, the night, the skip, the agreement, the length of a break, the beat at a standing clock, the case in hand. Of the
break at the claim one guard alone can be taken away and a second one still refuses.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from queues.services import desk
from tests.wellbeing.stateful.floor import BEGINNINGS, hire
from tests.wellbeing.stateful.machine import Shift

ALICE, BELA = 0, 2
Step = tuple[str, dict[str, Any]]
NOON, EVENING = BEGINNINGS[0], BEGINNINGS[1]


def step(name: str, **arguments: Any) -> Step:
    return name, arguments


def looks(who: int = ALICE, *, beats: int = 0, level: str = "grey") -> Step:
    return step("looks", who=who, level=level, beats=beats, sound=False, holding=False)


def through(count: int, who: int = ALICE) -> Sequence[Step]:
    """Take and decide so many cases; the fourth is the first of severity 3, the sixth the first of severity 4."""
    return [looks(who), step("decides", who=who)] * count


STORIES: dict[str, tuple[Any, Sequence[Step]]] = {
    # wellbeing.core.person.look_refusal: the limit at the reveal
    "a limit that is reached lets nothing more be revealed": (
        NOON,
        [*through(3), looks(beats=3), step("reveals_again", who=ALICE, level="grey", times=3)],
    ),
    # wellbeing.core.selectors.allowance: the break at the claim
    "nothing is handed out during a break": (
        NOON,
        [step("leaves_or_postpones", who=ALICE, act=desk.too_much), looks(), looks()],
    ),
    # queues.rules.lanes.wants_not: the opt-out in the pick
    "what somebody opted out of is not handed to them": (
        NOON,
        [step("opts_out", who=ALICE, choice=("category", "HATE"), until=None), *through(5)],
    ),
    # wellbeing.core.rules.clock.count: a page that was told to cover itself counts no longer than a beat after it
    "a page that falls silent is covered where the limit is": (
        NOON,
        [
            *through(3),
            step("looks_without_beats", who=ALICE, level="grey", minutes=5),
            step("decides", who=ALICE),
        ],
    ),
    # wellbeing.core.rules.caps: the night
    "nothing above severity 2 is handed out at night": (
        EVENING,
        [step("minutes_pass", minutes=6), *through(4)],
    ),
    # queues.services.desk.skip
    "what was skipped does not come back": (
        NOON,
        [looks(), step("lets_go", who=ALICE, act=desk.skip), step("the_sweep_runs"), looks()],
    ),
    # wellbeing.core.rules.caps: the agreement
    "severity 4 asks for an agreement": (
        NOON,
        [step("agrees_or_takes_it_back", who=ALICE, agrees=False), *through(13)],
    ),
    # the length that wellbeing.core.services.breaks asks for
    "a break does not end before its length": (
        NOON,
        [step("leaves_or_postpones", who=ALICE, act=desk.too_much), step("rests", who=ALICE, ticks=59)],
    ),
    # wellbeing.core.services.exposure: a beat while the clock stands serves no break
    "beats at one and the same instant serve no break": (
        NOON,
        [step("leaves_or_postpones", who=ALICE, act=desk.too_much)]
        + [step("beats", who=ALICE, holding=False)] * 3,
    ),
    # queues.services.choices: the case in hand
    "an opt-out takes the case in hand away": (
        NOON,
        [*through(3), looks(), step("opts_out", who=ALICE, choice=("category", "GORE"), until=None)],
    ),
    # twice guarded: by wellbeing.core.rules.caps and by the share that leaves nothing of the limits
    "a new starter is handed nothing above severity 2": (NOON, through(5, BELA)),
    # wellbeing.core.rules.caps: what an officer ordered
    "nothing is handed out on a rest day": (
        NOON,
        [step("the_officer_orders", who=ALICE, kind="rest_day", ahead=0), looks()],
    ),
}


@pytest.fixture
def machine(db: None) -> Iterator[Shift]:
    Shift.staff = hire()
    made = Shift()
    yield made
    made.teardown()


@pytest.mark.parametrize("story", STORIES)
def test_what_a_guard_is_for(machine: Shift, story: str) -> None:
    start, steps = STORIES[story]
    machine.begin(start=start, tight=True)
    for name, arguments in steps:
        getattr(machine, name)(**arguments)
        machine.the_promises_hold()
