"""Random plays through the services agree with what the text says, after every step.

A few seeds in every run. ``NAIVE_PLAYS=300`` plays so many, on whichever database; ``NAIVE_STEPS`` says how long each is.
What was seen, heard and unheard, the day's seconds, and what is closed, are always compared; breaks and their counters with
``NAIVE_COMPARE=all``, until each difference is understood (``driver.LEFT_ASIDE``).
"""

import os

import pytest
from django.db import transaction

from tests.taxonomy import ensure_taxonomy
from tests.wellbeing.naive.driver import Play
from wellbeing.selectors.second_clock import told_by_the_wall

SEEDS = range(int(os.environ["NAIVE_PLAYS"])) if "NAIVE_PLAYS" in os.environ else (5, 11, 13)
"""Seen red while silence counted for five minutes at most; most other seeds are too short to tell."""
STEPS = int(os.environ.get("NAIVE_STEPS", "12"))


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_the_services_do_what_the_text_says(seed: int) -> None:
    ensure_taxonomy()
    with told_by_the_wall(), transaction.atomic():
        play = Play(seed)
        found = play.run(STEPS)
    assert not found, "\n".join([*map(str, found), play.told()])
