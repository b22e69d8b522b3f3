"""The codes of what a person can do: ``senior``, a language of content as ``lang:fr``, or a category that they were
trained for as ``trained:GORE``.

Who has languages is handed content in these alone, who was trained for categories these alone. Who has no language was never
asked and is handed content in any; who has no category, any.
"""

import re
from collections.abc import Iterable

from people.exceptions import UnknownSkill

SENIOR = "senior"
LANGUAGE_PREFIX = "lang:"
LANGUAGE = re.compile(r"lang:[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
TRAINED_PREFIX = "trained:"
TRAINED = re.compile(r"trained:[A-Z][A-Z0-9_]{1,31}")
"""As long as a stored code may be."""


def check_skill(skill: str) -> str:
    """Return *skill*.

    Raises:
        UnknownSkill: neither ``senior`` nor a language nor a category.
    """
    if skill != SENIOR and not LANGUAGE.fullmatch(skill) and not TRAINED.fullmatch(skill):
        raise UnknownSkill(skill)
    return skill


def trained_for(skills: Iterable[str]) -> frozenset[str]:
    """Return the categories that somebody with these skills was trained for; empty means any."""
    return frozenset(code.removeprefix(TRAINED_PREFIX) for code in skills if code.startswith(TRAINED_PREFIX))
