"""What an outside line must look like. Seen red without the digits and without the way to reach it."""

import pytest

from wellbeing.exceptions import NameMissing, NoCountry, NoPhoneNumber, NoWayToReach, PartTooLong
from wellbeing.officer.rules.contacts import checked

LINE = {
    "country": "be",
    "name": "  A  line ",
    "phone": "+00 123",
    "address": "",
    "hours": "",
    "languages": "",
}


def test_what_is_kept_is_trimmed_and_its_country_in_capitals() -> None:
    assert checked({**LINE, "hours": "day\0 and\nnight"}) == {
        **LINE,
        "country": "BE",
        "name": "A line",
        "hours": "day and night",
    }


@pytest.mark.parametrize(
    ("parts", "refusal"),
    [
        ({"name": " "}, NameMissing),
        # Neither a number nor an address; one of them is enough.
        ({"phone": ""}, NoWayToReach),
        # What cannot be dialled.
        ({"phone": "call us"}, NoPhoneNumber),
        ({"phone": "+0 1"}, NoPhoneNumber),
        # Two letters, or none at all.
        ({"country": "BEL"}, NoCountry),
        ({"country": "B1"}, NoCountry),
        ({"country": "ß"}, NoCountry),
        ({"name": "x" * 121}, PartTooLong),
        ({"hours": "x" * 121}, PartTooLong),
    ],
)
def test_what_cannot_be(parts: dict[str, str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        checked({**LINE, **parts})


@pytest.mark.parametrize("parts", [{"phone": "", "address": "chat.example"}, {"country": ""}])
def test_what_may_be_left_out(parts: dict[str, str]) -> None:
    assert checked({**LINE, **parts})["name"] == "A line"
