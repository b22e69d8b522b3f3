"""The life of a queue as a table, and what is wrong with a plan."""

from dataclasses import replace
from typing import Any

import pytest

from queues.rules.life import COMES_FROM, LEADS_TO, acts_from, next_state
from queues.rules.plans import QueuePlan, faults_of, missing_to_open

pytestmark = pytest.mark.any_database

PLAN = QueuePlan(
    name="Photos",
    client_name="Lumen SA",
    purpose="Community photos",
    decision_use="You decide whether this stays public.",
    trains_model=False,
    target_seconds=24 * 3600,
    grace_seconds=0,
    every_team=False,
    team_ids=frozenset({1}),
)


@pytest.mark.parametrize(
    ("state", "leads"),
    [
        # A draft takes in nothing before it is open, so it is neither paused nor drained.
        ("draft", {"open": "open", "pause": None, "drain": None, "close": "closed"}),
        ("open", {"open": None, "pause": "paused", "drain": "draining", "close": "closed"}),
        ("paused", {"open": "open", "pause": None, "drain": "draining", "close": "closed"}),
        ("draining", {"open": "open", "pause": "paused", "drain": None, "close": "closed"}),
        # A closed queue comes back by being opened, with all that asks for.
        ("closed", {"open": "open", "pause": None, "drain": None, "close": None}),
    ],
)
def test_which_act_leads_where(state: str, leads: dict[str, str | None]) -> None:
    assert {act: next_state(state, act) for act in LEADS_TO} == leads
    assert acts_from(state) == [act for act, follows in leads.items() if follows]


def test_every_state_can_be_left() -> None:
    assert {state for states in COMES_FROM.values() for state in states} == {
        "draft",
        "open",
        "paused",
        "draining",
        "closed",
    }


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({}, {}),
        ({"name": ""}, {"name": "missing"}),
        ({"name": "   "}, {"name": "missing"}),
        ({"name": "x" * 120}, {}),
        ({"name": "x" * 121}, {"name": "too_long"}),
        ({"name": "two\nlines"}, {"name": "not_text"}),
        ({"name": "nul\x00"}, {"name": "not_text"}),
        ({"name": "Äußerungen\u00a0– 写真"}, {}),
        ({"client_name": "x" * 201}, {"client_name": "too_long"}),
        ({"purpose": "x" * 301, "decision_use": "x" * 301}, {"purpose": "too_long", "decision_use": "too_long"}),
        # A draft may still lack them.
        ({"purpose": "", "decision_use": "", "client_name": ""}, {}),
        ({"target_seconds": 60}, {}),
        ({"target_seconds": 59}, {"target_seconds": "too_short"}),
        ({"target_seconds": -1}, {"target_seconds": "too_short"}),
        ({"target_seconds": 90 * 86400 + 1}, {"target_seconds": "too_long"}),
        ({"grace_seconds": 86400}, {}),
        ({"grace_seconds": 86401}, {"grace_seconds": "too_long"}),
        ({"grace_seconds": -1}, {"grace_seconds": "too_short"}),
        ({"grace_seconds": 600, "target_seconds": 600}, {}),
        ({"grace_seconds": 601, "target_seconds": 600}, {"grace_seconds": "longer_than_target"}),
        ({"team_ids": frozenset()}, {"teams": "missing"}),
        ({"team_ids": frozenset(), "every_team": True}, {}),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_plan(changed: dict[str, Any], faults: dict[str, str]) -> None:
    assert faults_of(replace(PLAN, **changed)) == faults


def test_each_missing_thing_is_named() -> None:
    told: dict[str, Any] = {
        "client_name": "Lumen",
        "purpose": "Photos",
        "decision_use": "Public or not",
        "has_guidelines": True,
        "is_severe": True,
        "other_work": "Reading the policies",
        "other_work_with": "Dana",
    }
    assert missing_to_open(**told) == ()
    nothing: dict[str, Any] = {"client_name": "", "purpose": " ", "decision_use": "", "has_guidelines": False}
    assert missing_to_open(**told | nothing) == ("client_name", "purpose", "decision_use", "guidelines")
    assert missing_to_open(**told | {"purpose": " "}) == ("purpose",)
    unnamed = told | {"other_work": " ", "other_work_with": ""}
    assert missing_to_open(**unnamed) == ("other_work", "other_work_with")
    assert missing_to_open(**unnamed | {"is_severe": False}) == ()
