"""Random plays through the services agree with what the text says, after every step.

A few in every run. ``NAIVE_PLAYS=300`` plays so many (``NAIVE_FROM`` on), on whichever database; ``NAIVE_STEPS`` says how long each is. Every block
of plays has dealt, decided, refused and rested so often as its length asks for: a play in which nothing was dealt proves nothing.
``--log-cli-level=INFO`` says how often.
"""

import logging
import os
from collections import Counter
from collections.abc import Sequence

import pytest
from django.db import transaction

from tests.taxonomy import ensure_taxonomy
from tests.wellbeing.naive.driver import Play
from wellbeing.core.selectors.second_clock import told_by_the_wall

log = logging.getLogger("respite.naive")
FIRST = int(os.environ.get("NAIVE_FROM", "0"))
PLAYS = range(FIRST, FIRST + int(os.environ.get("NAIVE_PLAYS", "0")))
SEEDS: Sequence[int] = PLAYS or (1009, 1016, 1017)
"""Few and short: a mixed queue and severe ones; between them silences, other work, and the third of severity 4 in a quarter of an hour."""
EACH_HAS = ("dealt", "dealt at 4", "decided", "rests after 4")
"""What each of those few has seen, by itself."""
STEPS = int(os.environ.get("NAIVE_STEPS", "12"))
BLOCK = 10
LEAST_A_PLAY = {
    "dealt": 4,
    "dealt at 4": 0.5,
    "decided": 2,
    "compared": 6,
    "something closed": 0.6,
    "on a break": 0.3,
    "spacing owed": 0.1,
    "unheard": 0.2,
    "rests after 4": 0.2,
}
"""How often each must have been seen, on the average of a block of twelve steps a play."""


def play(seed: int) -> tuple[list[str], Counter[str]]:
    """Play one, and leave nothing behind; what differed, and how often what was seen."""
    with told_by_the_wall(), transaction.atomic():
        one = Play(seed)
        found = [*map(str, one.run(STEPS))]
        told = [one.told()] if found else []
        transaction.set_rollback(True)
    return [*found, *told], one.seen


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("first", range(0, len(SEEDS), BLOCK))
def test_the_services_do_what_the_text_says(first: int) -> None:
    ensure_taxonomy()
    seeds = SEEDS[first : first + BLOCK]
    found, seen = [], Counter[str]()
    for seed in seeds:
        differs, counted = play(seed)
        log.info("play %s: %s", seed, dict(sorted(counted.items())))
        found += differs
        for one in differs[:-1]:
            log.warning(one)
        seen += counted
        lacks = [what for what in EACH_HAS if not counted[what]]
        assert PLAYS or not lacks, f"play {seed} is dull: no {lacks}"
    log.info("plays %s to %s, %s steps each: %s", seeds[0], seeds[-1], STEPS, dict(sorted(seen.items())))
    assert not found, "\n".join(found)
    too_rare = {what: seen[what] for what, least in LEAST_A_PLAY.items() if seen[what] < least * len(seeds)}
    assert not too_rare, f"these plays prove nothing: {too_rare} in {len(seeds)}"
