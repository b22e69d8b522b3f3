"""The codes of what a person can do: ``senior``, or a language of content as ``lang:fr``."""

import re

SENIOR = "senior"
LANGUAGE = re.compile(r"lang:[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class UnknownSkill(Exception):
    """A skill code that Respite does not know."""

    def __init__(self, skill: str) -> None:
        self.skill = skill
        super().__init__(f"There is no skill “{skill}”. Write senior, or a language as lang:fr.")


def check_skill(skill: str) -> str:
    """Return *skill*.

    Raises:
        UnknownSkill: neither ``senior`` nor a language.
    """
    if skill != SENIOR and not LANGUAGE.fullmatch(skill):
        raise UnknownSkill(skill)
    return skill
