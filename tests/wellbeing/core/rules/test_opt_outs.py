"""What an opt-out keeps away, and which can be. Seen red without the check of the end, and of what follows a language."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import T0
from wellbeing.core.rules.opt_outs import NOTHING, OptedOut, check, opted_out
from wellbeing.exceptions import ChoiceUnknown, EndsInThePast

pytestmark = pytest.mark.any_database

KINDS = ("category", "medium", "sound", "language", "queue")


@pytest.mark.parametrize(
    ("kind", "value", "can_be"),
    [
        ("category", "GORE", True),
        # an organisation's own
        ("category", "OWN_7", True),
        ("category", "gore", False),
        ("category", "", False),
        ("medium", "video", True),
        ("medium", "hologram", False),
        # sound is everything that has sound
        ("sound", "", True),
        ("sound", "loud", False),
        ("language", "fr", True),
        ("language", "pt-BR", True),
        ("language", "French", False),
        ("language", "", False),
        ("queue", "12", True),
        ("queue", "0", False),
        ("queue", "-1", False),
        ("queue", "twelve", False),
        # no other kind there is
        ("severity", "4", False),
        ("person", "alice", False),
    ],
)
def test_what_one_can_opt_out_of(kind: str, value: str, can_be: bool) -> None:
    if can_be:
        check(kind, value, None, at=T0)
    else:
        with pytest.raises(ChoiceUnknown) as refused:
            check(kind, value, None, at=T0)
        assert refused.value.kind == kind


def test_an_end_lies_ahead() -> None:
    check("sound", "", T0 + timedelta(seconds=1), at=T0)
    for until in (T0, T0 - timedelta(seconds=1)):
        with pytest.raises(EndsInThePast):
            check("sound", "", until, at=T0)


@pytest.mark.parametrize(
    ("language", "chosen", "closed"),
    [
        ("fr", "fr", True),
        ("fr-BE", "fr", True),
        ("zh-Hant-TW", "zh-Hant", True),
        # the other way round the wider one stays
        ("fr", "fr-BE", False),
        ("fr-CH", "fr-BE", False),
        # never by the first letters alone
        ("fry", "fr", False),
        # content without a language is in none
        ("", "fr", False),
    ],
)
def test_a_language_takes_its_countries_with_it(language: str, chosen: str, closed: bool) -> None:
    found = opted_out([("language", chosen)])
    assert found.closes_lane(category="GORE", language=language, queue_id=1) is closed


def test_a_queue_is_known_by_its_whole_number() -> None:
    found = opted_out([("queue", "12")])
    assert found.closes_lane(category="GORE", language="", queue_id=12)
    assert not found.closes_lane(category="GORE", language="", queue_id=1)


@given(st.frozensets(st.tuples(st.sampled_from(KINDS), st.sampled_from(["GORE", "video", "fr", "3", ""]))))
def test_one_opt_out_more_never_opens_anything(pairs: frozenset[tuple[str, str]]) -> None:
    def closed(found: OptedOut) -> tuple[bool, bool]:
        return (
            found.closes_lane(category="GORE", language="fr", queue_id=3),
            found.closes_job(medium="video", sound=True),
        )

    whole = closed(opted_out(pairs))
    for pair in pairs:
        assert all(
            now >= before for now, before in zip(whole, closed(opted_out(pairs - {pair})), strict=True)
        )
    assert opted_out([]) == NOTHING
