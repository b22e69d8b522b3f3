"""What counts as written, and what is left of it."""

import pytest

from people.rules.texts import kept_line, kept_text

UNSEEN = {
    "nothing": "",
    "blanks": " \t\n\u00a0\u2003\u3000",
    "nul": "\0",
    "mark of direction": "\u200f",
    "override": "\u202e",
    "isolate": "\u2066 \u2069",
    "zero width": "\u200b\u200c\u200d\u2060\ufeff",
    "soft hyphen": "\u00ad",
    "controls": "\x01\x1b\x7f\x85",
    "half of a pair": "\ud800",
    "separators": "\u2028\u2029",
    "tags": "\U000e0041",
    "selectors": "\ufe0f\U000e0100",
    "accents alone": "\u0301\u034f",
    "fillers": "\u115f\u1160\u3164\uffa0",
    "blank symbols": "\u2800\U0001d159",
    "unassigned": "\u2065",
}


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN)
def test_what_nobody_can_see_is_nothing(text: str) -> None:
    assert (kept_text(text), kept_line(text)) == ("", "")


@pytest.mark.parametrize(
    "text",
    ["x", ".", "7", "é", "e\u0301", "😀", "👩\u200d🔬", "نمی\u200cخواهم", "理由", "a\u00adb", "two\nlines"],
)
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    assert (kept_text(f" {text}\0 "), kept_line(f"\0{text}\n")) == (text, text)


@pytest.mark.parametrize("turn", list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
def test_nothing_is_kept_that_mirrors_what_stands_beside_it(turn: str) -> None:
    assert kept_text(f"{turn}No{turn}ra{turn}") == "Nora"
    assert kept_line(f"{turn}No{turn}ra{turn}") == "Nora"


@pytest.mark.parametrize("mark", list("\u200e\u200f\u061c"))
def test_a_mark_of_direction_stays_in_sentences_and_not_in_a_name(mark: str) -> None:
    assert kept_text(f"No{mark}ra") == f"No{mark}ra"
    assert kept_line(f"No{mark}ra{mark}") == "Nora"
