"""How a case is first shown: shielded, whatever its label; text alone as text where it is mild, else folded (promise P3)."""

FOLDED_FROM = 2
"""Text of this severity and up is not sent until it is unfolded."""
SHIELDED, TEXT, FOLDED = "shielded", "text", "folded"


def first_level(*, medium: str, severity: int) -> str:
    """Return the level at which a case comes onto the stage by itself; ``folded``: it does not."""
    if medium != "text":
        return SHIELDED
    return TEXT if severity < FOLDED_FROM else FOLDED


def comes_with_text(severity: int) -> bool:
    """Tell whether text goes with what is first shown."""
    return severity < FOLDED_FROM
