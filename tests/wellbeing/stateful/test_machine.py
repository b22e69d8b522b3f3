"""P4 to P8 after every step of a random shift, against a recomputation from raw rows.

On SQLite a few examples that are the same in every run. ``STATEFUL_EXAMPLES=500`` runs so many random ones, on whichever
database (see CONTRIBUTING.md).
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.wellbeing.stateful.floor import hire
from tests.wellbeing.stateful.machine import Shift

EXAMPLES = int(os.environ.get("STATEFUL_EXAMPLES", "0"))
STEPS = int(os.environ.get("STATEFUL_STEPS", "25"))
SOME = settings(
    max_examples=EXAMPLES or 10,
    stateful_step_count=STEPS,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink) if EXAMPLES else (Phase.generate,),
)


@pytest.mark.any_database
@pytest.mark.django_db
def test_the_promises_hold_through_any_shift() -> None:
    Shift.staff = hire()
    run_state_machine_as_test(Shift, settings=SOME)
