"""Random schedules of everything that can meet at a desk, on real connections: nobody waits in a circle, and rows agree.

Seeded. ``RESPITE_SCHEDULES`` says how many (60 where it is not set).
"""

import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.models import Count

from moderation.exceptions import AlreadyDecided, ItemDecided, Moved
from moderation.models import Case, CaseState, Decision, Item
from moderation.services import raising, withdrawal
from moderation.services.decisions import Said, decide_and_go_on, worse
from people.models import Team, User
from queues.exceptions import BreakNotOver, ClaimLost, JobMoved, LimitReached, OnBreak
from queues.models import Claim, ClaimState, Job, JobState, Queue
from queues.selectors import DeskState, desk_state
from queues.services import desk, endings, going_on, offers, tallies
from queues.services.sweep import sweep_next
from tests.cast import T0, a_user, subject_of
from tests.moderation.judging import a_case, a_category, an_item
from tests.queues.work import SECOND, a_case_comes_in, at_once, broken
from wellbeing.models import CaseSeen, Exposure, ExposureSum

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

SCHEDULES: Final = int(os.environ.get("RESPITE_SCHEDULES", "60"))
SEED: Final = int(os.environ.get("RESPITE_SCHEDULES_SEED", "13"))
AT_LEAST_WAITING: Final = 3
LATELY: Final = 20 * SECOND
"""What waits for longer, everybody has skipped."""
CODES: Final = {1: "HARASS", 2: "VIO_ASSAULT", 3: "GORE"}
"""Of each severity a category; two tabs that both say worse bring a case above them."""
Act = Callable[[], Any]


@pytest.fixture
def people(alice: User, amina: User, north: Team) -> list[UUID]:
    """Four moderators, who are few for the cases there are: they get each other's next ones."""
    more = [a_user(name, "moderator", team=north) for name in ("noor", "pavel")]
    return [subject_of(user) for user in (alice, amina, *more)]


def fills_up(queue: Queue, random: Random, at: datetime) -> None:
    """A few cases wait: few enough that everybody is after the same ones."""
    new = Job.objects.filter(state=JobState.WAITING, kind="first", created_at__gt=at - LATELY)
    for _ in range(AT_LEAST_WAITING - new.count()):
        severity = random.choice((1, 2))
        case = a_case(queue, severity=severity, category=CODES[severity], at=at)
        an_item(case, sha256=uuid4().hex * 2, at=at)
        kinds = random.choice((["first"], ["first"], ["first", "second", "quality"]))
        for kind in kinds:
            a_case_comes_in(
                queue, case_ref=case.pk, severity=severity, category=case.category, kind=kind, at=at
            )


def decides(who: UUID, state: DeskState, at: datetime, severity: int | None = None, times: int = 1) -> None:
    claim = state.claim
    if claim is None:
        going_on.go_on(subject=who, at=at, beating=True)
        return
    said = Said(
        claim.id, claim.fence, uuid4(), [CODES[min(claim.severity, max(CODES))]], "remove", "", severity
    )
    try:
        for _ in range(times):
            decide_and_go_on(subject=who, said=said, at=at, beating=True)
    except AlreadyDecided:  # the other look at this case was first, and this one leads nowhere
        gives_up(who, state, at, endings.skipping)


def gives_up(who: UUID, state: DeskState, at: datetime, ending: Callable[..., going_on.Ending]) -> None:
    if state.claim is not None:
        end = ending(claim_id=state.claim.id, fence=state.claim.fence)
        going_on.go_on(subject=who, at=at, beating=True, ending=end)


def says_worse(who: UUID, state: DeskState, at: datetime) -> None:
    if state.claim is not None and state.claim.severity < max(CODES):
        worse(subject=who, claim_id=state.claim.id, fence=state.claim.fence, at=at)


def looks(who: UUID, state: DeskState, at: datetime) -> None:
    claim = state.claim
    if claim is not None:
        desk.show(subject=who, claim_id=claim.id, fence=claim.fence, level="grey", at=at, beating=True)


def rests(who: UUID, at: datetime) -> None:
    with suppress(OnBreak):
        desk.step_away(subject=who, at=at)
    going_on.go_on(subject=who, at=at, beating=True, ending=endings.coming_back())


def withdraws(case_id: UUID, at: datetime) -> None:
    item = Item.objects.filter(revisions__case_id=case_id).first()
    if item is not None:
        with transaction.atomic():
            withdrawal.withdraw(item=item, at=at)


def raises(case_id: UUID, at: datetime) -> None:
    """As when its category is raised."""
    with transaction.atomic():
        raising.raise_case(case_id=case_id, category=CODES[3], severity=3, by=raising.Raiser.CATEGORY, at=at)


def sweeps(at: datetime) -> None:
    while sweep_next(at) or offers.offer_next(at=at) or tallies.fold_next():
        pass


def of_a_person(who: UUID, random: Random, at: datetime) -> Act:
    """One act at a desk, of what is in hand as the schedule begins."""
    state = desk_state(who, at)
    acts: list[Act] = [partial(decides, who, state, at)] * 10
    acts += [partial(decides, who, state, at, severity=3), partial(decides, who, state, at, times=2)]
    acts += [partial(gives_up, who, state, at, end) for end in GIVES_UP]
    acts += [partial(says_worse, who, state, at), partial(looks, who, state, at), partial(rests, who, at)]
    acts.append(partial(desk.catch_up, subject=who, at=at))
    return random.choice(acts)


GIVES_UP: Final = (endings.skipping, endings.handing_back, endings.escalating)


def of_others(random: Random, at: datetime) -> list[Act]:
    """What the platform, the safeguard and the sweep do meanwhile, to cases in hand and to those that come next."""
    open_cases = list(Case.objects.filter(state=CaseState.OPEN).order_by("pk").values_list("pk", flat=True))
    acts: list[Act] = [partial(sweeps, at)]
    if open_cases:
        acts.append(partial(withdraws, random.choice(open_cases), at))
        acts.append(partial(raises, random.choice(open_cases), at))
    return random.sample(acts, random.randint(0, len(acts)))


EXPECTED: Final = (
    AlreadyDecided,
    BreakNotOver,
    ClaimLost,
    LimitReached,
    OnBreak,
    ItemDecided,
    Moved,
    JobMoved,
)
"""What may be answered to whoever came second: nothing of it is a lock."""


def test_nobody_waits_in_a_circle(photos: Queue, people: list[UUID]) -> None:
    random = Random(SEED)
    for severity, code in CODES.items():
        a_category(code, severity)
    came: Counter[str] = Counter()
    for number in range(SCHEDULES):
        at = T0 + number * SECOND
        fills_up(photos, random, at)
        whose = random.choices(people, k=4)  # two tabs of one person among them
        acts = [*(of_a_person(who, random, at) for who in whose), *of_others(random, at)]
        results = at_once(*acts)
        assert broken(results, *EXPECTED) == [], f"schedule {number} of seed {SEED}"
        came.update(type(result).__name__ for result in results)
        rows_agree(number)
    assert Decision.objects.count() >= SCHEDULES // 3, came
    assert came["NoneType"] > SCHEDULES


def rows_agree(number: int) -> None:
    """What is in hand is claimed, what was decided is done, once each, and what is shown is in hand."""
    what = f"schedule {number} of seed {SEED}"
    open_claims = Claim.objects.exclude(state=ClaimState.CLOSED)
    claimed = Job.objects.filter(state=JobState.CLAIMED)
    assert set(open_claims.values_list("job", flat=True)) == set(claimed.values_list("pk", flat=True)), what
    decided = list(Claim.objects.filter(closed_reason="decided").values_list("job", flat=True))
    assert sorted(decided) == sorted(Decision.objects.values_list("job_ref", flat=True)), what
    assert sorted(decided) == sorted(Job.objects.filter(state=JobState.DONE).values_list("pk", flat=True)), (
        what
    )
    on_stage = Exposure.objects.filter(closed_at__isnull=True, cleared_at__isnull=True)
    live = set(open_claims.filter(state=ClaimState.LIVE).values_list("pk", flat=True))
    assert set(on_stage.values_list("claim_ref", flat=True)) <= live, what
    of_person = on_stage.values("subject").annotate(n=Count("pk"))
    assert all(one["n"] == 1 for one in of_person), what
    assert CaseSeen.objects.count() == sum(ExposureSum.objects.values_list("cases", flat=True)), what
