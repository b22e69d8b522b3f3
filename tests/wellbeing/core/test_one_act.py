"""A person who is held for an act of several steps: what it has moved is known to it, and can be taken back as if it had not been."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.forms.models import model_to_dict

from tests.wellbeing.steps import HOUR, SECOND, Desk, a_look
from wellbeing.core import writing
from wellbeing.core.locked import Locked
from wellbeing.core.services import exposure, locking

pytestmark = pytest.mark.django_db
A_MINUTE_TO_MIDNIGHT = 15 * HOUR - 60 * SECOND


def told(locked: Locked) -> dict[str, Any]:
    """All that an act goes by, and what it would write."""
    rows = (locked.state, locked.open_break, locked.exposure, locked.unheard, locked.presence)
    ledger = locked.ledger
    return {
        "rows": [None if row is None else model_to_dict(row) for row in rows],
        "used": {name: ledger.used(name) for name in ("seconds_3", "cases_3", "load_day_red")},
        "spent": {place: asdict(one) for place, one in ledger.spent.items()},
        "dates": {place: asdict(one) for place, one in locked.rows.dates.items()},
        "sums": {place: asdict(one) for place, one in locked.unwritten.sums.items()},
        "unwritten": (list(locked.unwritten.exposures), locked.unwritten.begun, len(locked.unwritten.others)),
        "said": (locked.is_announced, locked.is_heard, locked.has_sign),
    }


def test_what_an_act_has_done_is_taken_back(desk: Desk) -> None:
    """Seen red where the ledger, the state's row or the sums are not copied."""
    desk.show(a_look(3), "grey")
    with transaction.atomic():
        locked = locking.take(subject=desk.subject, at=desk.at + 4 * SECOND, heard=True)
        copy, before = locked.copied(), told(locked)
        exposure.show(locked=locked, look=a_look(3), level="grey", beating=True)
        assert told(locked) != before
        locked.restore(copy)
        assert told(locked) == before
        assert locked.exposure is not None
        assert locked.unwritten.exposures[locked.exposure.pk] is locked.exposure


def test_what_was_shown_before_midnight_is_known_after_it(desk: Desk) -> None:
    desk.wait(A_MINUTE_TO_MIDNIGHT).open()
    desk.show(a_look(2), "grey")
    at = desk.at + timedelta(minutes=2)
    with transaction.atomic():
        locked = locking.take(subject=desk.subject, at=at, heard=True)
        loads = list(locked.ledger.past_loads)
        writing.write_back(locked)
    with transaction.atomic():
        again = locking.take(subject=desk.subject, at=at)
    assert loads[0] > 0
    assert loads == list(again.ledger.past_loads)
