"""The names of languages, and what is said of a person's."""

from collections.abc import Iterable

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _


def language(code: str) -> str:
    """Return 'French' for ``fr``, ``fr-CA``; the code itself where no name is known; nothing for nothing."""
    for candidate in (code.lower(), code.lower().partition("-")[0]):
        try:
            return str(get_language_info(candidate)["name_translated"]).capitalize()
        except KeyError:
            continue
    return code


def all_languages() -> dict[str, str]:
    """Return code → name of every language that has a name, without its regions, by name."""
    plain = (code for code, info in LANG_INFO.items() if "-" not in code and "name" in info)
    named = {code: language(code) for code in plain}
    return dict(sorted(named.items(), key=lambda one: one[1].casefold()))


def what_they_read(codes: Iterable[str]) -> str:
    """Return 'English, French'; of who was never asked 'any language, not asked yet'."""
    names = sorted((language(code) for code in codes), key=str.casefold)
    return ", ".join(dict.fromkeys(names)) or _("any language, not asked yet")
