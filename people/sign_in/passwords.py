"""What Django asks wherever a password is set: in the form, by an invitation, by either command."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.rules.passwords import LONGEST, Weakness, weakness_of

SENTENCES: Final[dict[Weakness, str | Promise]] = {
    Weakness.TOO_LONG: gettext_lazy("That is longer than a password may be: at most %(longest)d characters."),
    Weakness.NAMES: gettext_lazy(
        "That leans on your name, or on the name of Respite, and is guessed first. Take four or five words that have nothing "
        "to do with you."
    ),
    Weakness.REPEATS: gettext_lazy(
        "That says the same again and again, and is quickly guessed. Take four or five different words."
    ),
    Weakness.SEQUENCES: gettext_lazy(
        "That follows the keyboard, the alphabet or the calendar, and is quickly guessed. Take four or five different words."
    ),
    Weakness.COMMON: gettext_lazy(
        "Many people chose something like that, and it is quickly guessed. Take four or five words that do not belong together."
    ),
}


class Strength:
    """A validator of ``AUTH_PASSWORD_VALIDATORS``."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse what can be guessed.

        Raises:
            ValidationError: with one sentence.
        """
        names = [str(getattr(user, name, "") or "") for name in ("username", "display_name", "email")]
        weakness = weakness_of(password, names=names)
        if weakness is not None:
            raise ValidationError(
                str(SENTENCES[weakness]), code=f"password_{weakness}", params={"longest": LONGEST}
            )

    def get_help_text(self) -> str:
        """Return what a page says before anything is refused."""
        return _("A sentence of four or five words is easier to remember than a riddle, and harder to guess.")
