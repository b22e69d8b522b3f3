"""Which Respite this is. The same as in pyproject.toml, which an installation need not have."""

from typing import Final

VERSION: Final = "0.1.0"


def as_numbers(version: str) -> tuple[int, ...]:
    """Return '1.10.2' as (1, 10, 2), so that versions compare as people read them.

    Raises:
        ValueError: this is no version.
    """
    return tuple(int(part) for part in version.split("."))
