"""Who looks after somebody is somebody else. Source: DESIGN.md 'Who uses it' (outside line management), promise P6."""

from uuid import UUID

from wellbeing.exceptions import AboutYourself


def require_another(*, subject: UUID, by: str) -> None:
    """Refuse what a person would do for themselves as an officer: close a flag, end an order, answer.

    ``by``: the acting subject as the record has it, or ``system``.

    Raises:
        AboutYourself: they are the same.
    """
    if by == str(subject):
        raise AboutYourself
