"""What a category says of what is seen: which changes protect less, and which make no sense."""

from dataclasses import dataclass
from typing import Final

FLAGS: Final = "VGSCAT"
"""Violent, graphic, sexual, child, audio risk, mostly text: in the order in which they are kept."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Severity 0 to 4, flags in the order of `FLAGS`, and whether items of this category are taken at all."""

    severity: int
    flags: str
    is_enabled: bool = True


def in_order(flags: str) -> str:
    """Return the flags once each, in the order of `FLAGS`. What is no flag is left out."""
    return "".join(flag for flag in FLAGS if flag in flags)


def are_flags(flags: str) -> bool:
    """Say whether every letter is a flag."""
    return set(flags) <= set(FLAGS)


def loosens(before: Facts, after: Facts) -> bool:
    """Say whether *after* protects less than *before*.

    Switching a category on shows people what nobody was shown; switching it off sends the same content under a milder
    name. Both protect less, whichever the severity.
    """
    fewer_flags = bool(set(before.flags) - set(after.flags))
    return after.severity < before.severity or fewer_flags or after.is_enabled != before.is_enabled


def tighter_of(one: Facts, other: Facts) -> Facts:
    """Return the higher severity and all flags of both; whether it is taken, as *one* says."""
    flags = in_order(one.flags + other.flags)
    return Facts(max(one.severity, other.severity), flags, one.is_enabled)
