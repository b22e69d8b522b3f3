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
from wellbeing.services import exposure, person

pytestmark = pytest.mark.django_db
A_MINUTE_TO_MIDNIGHT = 15 * HOUR - 60 * SECOND


def told(held: Locked) -> dict[str, Any]:
    """All that an act goes by, and what it would write."""
    rows = (held.state, held.open_break, held.exposure, held.unheard, held.presence)
    ledger = held.ledger
    return {
        "rows": [None if row is None else model_to_dict(row) for row in rows],
        "used": {name: ledger.used(name) for name in ("seconds_3", "cases_3", "load_day_red")},
        "spent": {place: asdict(one) for place, one in ledger.spent.items()},
        "dates": {place: asdict(one) for place, one in held.rows.dates.items()},
        "sums": {place: asdict(one) for place, one in held.unwritten.sums.items()},
        "unwritten": (list(held.unwritten.exposures), held.unwritten.begun, len(held.unwritten.others)),
        "said": (held.is_announced, held.is_heard, held.has_sign),
    }


def test_what_an_act_has_done_is_taken_back(desk: Desk) -> None:
    """Seen red where the ledger, the state's row or the sums are not copied."""
    desk.show(a_look(3), "grey")
    with transaction.atomic():
        held = person.take(subject=desk.subject, at=desk.at + 4 * SECOND, heard=True)
        copy, before = held.copied(), told(held)
        exposure.show(held=held, look=a_look(3), level="grey", beating=True)
        assert told(held) != before
        held.restore(copy)
        assert told(held) == before
        assert held.exposure is not None
        assert held.unwritten.exposures[held.exposure.pk] is held.exposure


def test_what_was_shown_before_midnight_is_known_after_it(desk: Desk) -> None:
    desk.wait(A_MINUTE_TO_MIDNIGHT).open()
    desk.show(a_look(2), "grey")
    at = desk.at + timedelta(minutes=2)
    with transaction.atomic():
        held = person.take(subject=desk.subject, at=at, heard=True)
        loads = list(held.ledger.past_loads)
        writing.write_back(held)
    with transaction.atomic():
        again = person.take(subject=desk.subject, at=at)
    assert loads[0] > 0
    assert loads == list(again.ledger.past_loads)
