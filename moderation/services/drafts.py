"""What a person has chosen and written so far on a case. Theirs alone; kept when the claim is lost."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from moderation.exceptions import DraftRefused
from moderation.models import Case, CaseState, Draft
from moderation.selectors.decisions import standing_decision
from queues.models import Claim

LONGEST_DRAFT: Final = 5_000
MOST_CATEGORIES: Final = 50
LONGEST_CODE: Final = 40


def save_draft(
    *, subject: UUID, case_id: UUID, categories: list[str], action: str, rationale: str, at: datetime
) -> Draft:
    """Keep what *subject* has so far on a case that they hold or have held; an older *at* never replaces a newer.

    Nothing is checked yet: only what could not be stored is cut off.

    Raises:
        DraftRefused: they never held it, or have decided it: a late pause must not bring the draft back.
    """
    if not Claim.objects.filter(subject=subject, job__case_ref=case_id).exists():
        raise DraftRefused
    decision = standing_decision(case_id=case_id)
    if decision is not None and decision.subject == subject and not _is_looked_at_again(case_id):
        raise DraftRefused
    written = {
        "categories": [_storable(code, LONGEST_CODE) for code in categories[:MOST_CATEGORIES]],
        "action": _storable(action, LONGEST_CODE),
        "rationale": _storable(rationale, LONGEST_DRAFT),
        "saved_at": at,
    }
    with transaction.atomic():
        Draft.objects.get_or_create(subject=subject, case_id=case_id, defaults=written)
        draft = Draft.objects.select_for_update().get(subject=subject, case_id=case_id)
        if draft.saved_at <= at:
            Draft.objects.filter(pk=draft.pk).update(**written)
            draft.refresh_from_db()
        return draft


def _is_looked_at_again(case_id: UUID) -> bool:
    return Case.objects.filter(pk=case_id, state=CaseState.OPEN).exists()


def _storable(text: str, longest: int) -> str:
    return text.replace("\x00", "")[:longest]
