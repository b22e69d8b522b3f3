"""A person's own draft."""

from uuid import UUID

from moderation.models import Draft


def own_draft(*, subject: UUID, case_id: UUID) -> Draft | None:
    """Return what *subject* has so far on a case. There is no way to ask for another person's."""
    return Draft.objects.filter(subject=subject, case_id=case_id).first()
