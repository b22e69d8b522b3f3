"""Which languages a person reads well enough to judge: they say it themselves, their lead reads it, the allocator uses it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from people.exceptions import LanguagesAsBefore, LanguagesChanged, NoLanguageChosen
from people.models import Skill, User
from people.rules.skills import LANGUAGE_PREFIX, check_skill
from people.services.trail import record_about


def choose_languages(
    *, subject: UUID, languages: Iterable[str], seen: Collection[str], actor: str, at: datetime
) -> None:
    """Let a person be handed content in exactly these languages (BCP 47); *seen*: those that their page showed.

    Raises:
        NoLanguageChosen, UnknownSkill: about what was chosen.
        LanguagesAsBefore: they are on record already, as after a second press.
        LanguagesChanged: another page, or an operator, was first.
    """
    wanted = {check_skill(f"{LANGUAGE_PREFIX}{code}") for code in languages}
    if not wanted:
        raise NoLanguageChosen
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True, of=("self",)).get(subject=subject)
        held = set(user.skills.filter(code__startswith=LANGUAGE_PREFIX).values_list("code", flat=True))
        if wanted == held:
            raise LanguagesAsBefore
        if {f"{LANGUAGE_PREFIX}{code}" for code in seen} != held:
            raise LanguagesChanged
        user.skills.filter(code__in=held - wanted).delete()
        Skill.objects.bulk_create(Skill(user=user, code=code, added_at=at) for code in sorted(wanted - held))
        detail = {"before": sorted(held), "after": sorted(wanted)}
        record_about(user, action="person.languages_chosen", actor=actor, at=at, detail=detail)
