"""Which languages people read; who was never asked has none, and is handed content in any."""

from collections.abc import Collection, Iterable
from uuid import UUID

from people.models import Skill
from people.rules.skills import LANGUAGE_PREFIX


def languages_of(subject: UUID) -> list[str]:
    """Return the languages (BCP 47) that a person reads, by code; empty: any, not asked. One query."""
    found = Skill.objects.filter(user__subject=subject, code__startswith=LANGUAGE_PREFIX)
    return sorted(_plain(found.values_list("code", flat=True)))


def languages_by_user(user_ids: Collection[int]) -> dict[int, list[str]]:
    """Return user id → languages, by code, of those who have said any; one query."""
    rows = Skill.objects.filter(user__in=user_ids, code__startswith=LANGUAGE_PREFIX).order_by("code")
    found: dict[int, list[str]] = {}
    for user_id, code in rows.values_list("user_id", "code"):
        found.setdefault(user_id, []).extend(_plain([code]))
    return found


def _plain(codes: Iterable[str]) -> list[str]:
    return [code.removeprefix(LANGUAGE_PREFIX) for code in codes]
