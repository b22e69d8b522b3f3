"""LOOK.md's contrast, worked out from the tokens themselves: 4.5:1 for text, 3:1 for controls, light and dark."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

CSS = (Path(__file__).parents[3] / "static/css/respite.css").read_text()
OTHERS = "".join(
    (Path(__file__).parents[3] / "static/css" / name).read_text() for name in ("desk.css", "office.css")
)
TEXT = [
    (ink, ground)
    for ink in ("ink", "ink-soft", "accent", "accent-strong", "destroys")
    for ground in ("ground", "surface")
] + [
    ("ink", "accent-soft"),
    ("ink-soft", "accent-soft"),
    ("ink", "stage"),
    ("ink-soft", "stage"),
    ("soon", "soon-soft"),
    ("soon", "surface"),
    ("soon", "ground"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
CONTROLS = [
    ("edge", "ground"),
    ("edge", "surface"),
    ("accent", "stage"),
    ("accent", "accent-soft"),
    ("soon-edge", "surface"),
]


def tokens(scheme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[0 if scheme == "light" else 1]))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_stands_out(scheme: str, ink: str, ground: str) -> None:
    named = tokens(scheme)
    assert contrast(named[ink], named[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), CONTROLS)
def test_controls_stand_out(scheme: str, edge: str, ground: str) -> None:
    named = tokens(scheme)
    assert contrast(named[edge], named[ground]) >= 3


def test_no_colour_is_named_outside_the_tokens() -> None:
    rest = re.sub(r":root \{.*?\}", "", CSS, flags=re.DOTALL)
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb|hsl", rest + OTHERS)
