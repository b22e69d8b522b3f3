"""The names of languages, and what is said of a person's."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

UNNAMED: Final[Mapping[str, str | Promise]] = {
    "am": gettext_lazy("Amharic"),
    "ceb": gettext_lazy("Cebuano"),
    "fil": gettext_lazy("Filipino"),
    "gu": gettext_lazy("Gujarati"),
    "ha": gettext_lazy("Hausa"),
    "ht": gettext_lazy("Haitian Creole"),
    "jv": gettext_lazy("Javanese"),
    "ku": gettext_lazy("Kurdish"),
    "lo": gettext_lazy("Lao"),
    "mt": gettext_lazy("Maltese"),
    "om": gettext_lazy("Oromo"),
    "or": gettext_lazy("Odia"),
    "ps": gettext_lazy("Pashto"),
    "rw": gettext_lazy("Kinyarwanda"),
    "sd": gettext_lazy("Sindhi"),
    "si": gettext_lazy("Sinhala"),
    "so": gettext_lazy("Somali"),
    "ti": gettext_lazy("Tigrinya"),
    "tl": gettext_lazy("Tagalog"),
    "xh": gettext_lazy("Xhosa"),
    "yo": gettext_lazy("Yoruba"),
    "zh": gettext_lazy("Chinese"),
    "zu": gettext_lazy("Zulu"),
}
"""Languages that much is written in and that Django has no name for; Chinese it names by its scripts alone."""


def language(code: str) -> str:
    """Return 'French' for ``fr``, ``fr-CA``; the code itself where no name is known; nothing for nothing."""
    for candidate in (code.lower(), code.lower().partition("-")[0]):
        if candidate in UNNAMED:
            return str(UNNAMED[candidate])
        try:
            return str(get_language_info(candidate)["name_translated"]).capitalize()
        except KeyError:
            continue
    return code


def all_languages() -> dict[str, str]:
    """Return code → name of every language that has a name, without its regions, by name."""
    plain = {code for code, info in LANG_INFO.items() if "-" not in code and "name" in info} | UNNAMED.keys()
    named = {code: language(code) for code in plain}
    return dict(sorted(named.items(), key=lambda one: one[1].casefold()))


def what_they_read(codes: Iterable[str]) -> str:
    """Return 'English, French'; of who was never asked 'any language, not asked yet'."""
    names = sorted((language(code) for code in codes), key=str.casefold)
    return ", ".join(dict.fromkeys(names)) or _("any language, not asked yet")
