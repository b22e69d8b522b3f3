"""What those who set, propose, sign and answer are called on a page."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from people.selectors import names_of

SYSTEM = "system"


class Names:
    """Who is called how: by ``str(subject)``, asked for once for a whole page."""

    def __init__(self, subjects: Iterable[str]) -> None:
        self._known: Mapping[str, str] = names_of(subjects)

    def of(self, subject: str) -> str:
        """Return a name, or in words who has none: the installation itself, or somebody whose link was cut."""
        if subject == SYSTEM:
            return _("the installation")
        return self._known.get(subject) or _("somebody who has left")
