"""What a person does not want to be handed (DESIGN P8, WELLBEING.md 'Who reads what'): read by nobody but them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from wellbeing.exceptions import ChoiceUnknown, EndsInThePast

CATEGORY, MEDIUM, SOUND, LANGUAGE, QUEUE = "category", "medium", "sound", "language", "queue"
MEDIA: Final = ("picture", "video", "audio", "text")
A_CATEGORY: Final = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
A_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
A_QUEUE: Final = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class OptedOut:
    """What one person's opt-outs keep away now. ``queues``: ids as text; ``sound``: whatever has sound."""

    categories: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    sound: bool = False

    def closes_lane(self, *, category: str, language: str, queue_id: int) -> bool:
        """Say whether none of the jobs of a lane is to be handed out."""
        return category in self.categories or str(queue_id) in self.queues or self._has_language(language)

    def closes_job(self, *, medium: str, sound: bool) -> bool:
        """Say whether one job of a lane that is open is not to be handed out."""
        return medium in self.media or (sound and self.sound)

    def _has_language(self, language: str) -> bool:
        """Say whether content in *language* (BCP 47) is kept away: 'pt' means 'pt-BR' too, 'pt-BR' itself alone."""
        parts = language.split("-")
        return any("-".join(parts[:count]) in self.languages for count in range(1, len(parts) + 1))


NOTHING: Final = OptedOut()


def opted_out(pairs: Iterable[tuple[str, str]]) -> OptedOut:
    """Return what opt-outs, (kind, value) of each that holds, keep away together."""
    found: dict[str, set[str]] = {}
    for kind, value in pairs:
        found.setdefault(kind, set()).add(value)
    return OptedOut(
        categories=frozenset(found.get(CATEGORY, ())),
        media=frozenset(found.get(MEDIUM, ())),
        languages=frozenset(found.get(LANGUAGE, ())),
        queues=frozenset(found.get(QUEUE, ())),
        sound=SOUND in found,
    )


def check(kind: str, value: str, until: datetime | None, *, at: datetime) -> None:
    """Refuse what cannot be an opt-out, as far as can be told without a table.

    Raises:
        ChoiceUnknown: no such kind, or a value that nothing of the kind can bear; sound has none.
        EndsInThePast: *until* is not after *at*.
    """
    if not _can_be(kind, value):
        raise ChoiceUnknown(kind)
    if until is not None and until <= at:
        raise EndsInThePast


def _can_be(kind: str, value: str) -> bool:
    if kind == MEDIUM:
        return value in MEDIA
    if kind == SOUND:
        return not value
    forms = {CATEGORY: A_CATEGORY, LANGUAGE: A_LANGUAGE, QUEUE: A_QUEUE}
    return kind in forms and forms[kind].fullmatch(value) is not None
