"""Which roles one person may hold together (DESIGN 'Who uses it')."""

from collections.abc import Collection, Iterable, Mapping

from people.exceptions import RolesConflict, UnknownRole

MODERATOR = "moderator"
LEAD = "lead"
WELLBEING_OFFICER = "wellbeing_officer"
REPRESENTATIVE = "representative"
AUDITOR = "auditor"
OPERATOR = "operator"

# Who sets the pressure may not be who looks after people, speaks for them or checks the proof of it;
# who holds the disk, or sets sign-ins anew, may not be who reads wellbeing records or leads.
CONFLICTS: tuple[tuple[str, str], ...] = (
    (LEAD, WELLBEING_OFFICER),
    (LEAD, REPRESENTATIVE),
    (LEAD, AUDITOR),
    (LEAD, OPERATOR),
    (OPERATOR, WELLBEING_OFFICER),
)
GIVING_WAY = (LEAD, OPERATOR)
"""Of who holds both all the same, the first one's doors are closed and the second one's are not: somebody has to mend it."""

NEEDS_SECOND_FACTOR = frozenset({LEAD, WELLBEING_OFFICER, REPRESENTATIVE, AUDITOR, OPERATOR})
ANNOUNCED = frozenset({WELLBEING_OFFICER, REPRESENTATIVE, AUDITOR, OPERATOR})
"""Whoever is named one of these is announced to everybody, and so is that somebody is one no more."""

# Who may propose and sign what loosens the safeguard; the operator only while nobody is elected representative.
GUARDIANS = (WELLBEING_OFFICER, REPRESENTATIVE, OPERATOR)

NAMES: Mapping[str, str] = {
    MODERATOR: "moderator",
    LEAD: "team lead",
    WELLBEING_OFFICER: "wellbeing officer",
    REPRESENTATIVE: "representative",
    AUDITOR: "auditor",
    OPERATOR: "operator",
}


def check_roles(roles: Iterable[str]) -> frozenset[str]:
    """Return *roles* as a set.

    Raises:
        UnknownRole: a code is not one of the six.
        RolesConflict: two of them exclude each other.
    """
    wanted = frozenset(roles)
    for role in sorted(wanted):
        if role not in NAMES:
            raise UnknownRole(role, known=NAMES)
    for first, second in CONFLICTS:
        if {first, second} <= wanted:
            raise RolesConflict(first, second, names=NAMES)
    return wanted


def excludes(role: str, held: Collection[str]) -> bool:
    """Say whether one of the *held* roles closes the doors of *role*."""
    pairs = (pair for pair in CONFLICTS if pair != GIVING_WAY or role == GIVING_WAY[0])
    return any(role in pair and {*pair} <= {*held} for pair in pairs)


def may_sign_together(proposed_as: str, signed_as: str, *, has_representative: bool) -> bool:
    """Say whether two people in these roles may move a ceiling (promise P6).

    The officer and a representative; where none is elected, two officers, or an officer and the operator.
    """
    others = {REPRESENTATIVE} if has_representative else {WELLBEING_OFFICER, OPERATOR}
    pairs = ((proposed_as, signed_as), (signed_as, proposed_as))
    return any(first == WELLBEING_OFFICER and second in others for first, second in pairs)


def guardian_role(held: Collection[str], *, has_representative: bool) -> str | None:
    """Return in which role somebody who holds these may propose and sign, None if in none."""
    allowed = [role for role in GUARDIANS if role != OPERATOR or not has_representative]
    return next((role for role in allowed if role in held), None)
