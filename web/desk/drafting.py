"""What a person has chosen and written, kept with every refusal, pause, and act of a page without a script."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from moderation.exceptions import DraftRefused
from moderation.models import Draft
from moderation.selectors.taxonomy import categories_in_force
from moderation.services.drafts import save_draft
from queues.models import Claim
from web.desk import forms, wording
from web.desk.pages import DeskVisit
from web.desk.shapes import UnsentDraft


def keep(visit: DeskVisit, request: HttpRequest) -> UUID | None:
    """Save what a post carries as the person's draft, and return its case.

    None when the post bears no readable draft, or the person never held the case.
    """
    form = forms.DraftForm(request.POST)
    if "rationale" not in request.POST or not form.is_valid():
        return None
    sent = form.cleaned_data
    claims = Claim.objects.filter(id=sent["claim"], subject=visit.subject)
    case_ref = claims.values_list("job__case_ref", flat=True).first()
    if case_ref is None or _is_untouched(visit, case_ref, sent):
        return case_ref
    try:
        save_draft(
            subject=visit.subject,
            case_id=case_ref,
            categories=[sent["category"]] if sent["category"] else [],
            action=sent["action"],
            rationale=sent["rationale"],
            at=visit.at,
        )
    except DraftRefused:
        return None
    return case_ref


def _is_untouched(visit: DeskVisit, case_ref: UUID, sent: dict[str, Any]) -> bool:
    """Tell whether nothing was chosen or written, now or before."""
    if sent["category"] or sent["action"] or sent["rationale"]:
        return False
    return not Draft.objects.filter(subject=visit.subject, case_id=case_ref).exists()


def in_words(visit: DeskVisit, case_ref: UUID) -> UnsentDraft | None:
    """Return the person's draft on a case, readable wherever the case is now."""
    draft = Draft.objects.filter(subject=visit.subject, case_id=case_ref).first()
    if draft is None:
        return None
    labels = {code: category.label for code, category in categories_in_force(at=visit.at).items()}
    chosen = [labels[code] for code in draft.categories if code in labels]
    if draft.action in wording.ACTIONS:
        chosen.append(str(wording.ACTIONS[draft.action][0]))
    return UnsentDraft(choices=", ".join(chosen), rationale=draft.rationale)
