"""Which roles one person may hold together (DESIGN 'Who uses it')."""

from collections.abc import Iterable, Mapping

MODERATOR = "moderator"
LEAD = "lead"
WELLBEING_OFFICER = "wellbeing_officer"
REPRESENTATIVE = "representative"
AUDITOR = "auditor"
OPERATOR = "operator"

# Who sets the pressure may not be who looks after people, speaks for them or checks the proof of it;
# who holds the disk may not be who reads wellbeing records.
CONFLICTS: tuple[tuple[str, str], ...] = (
    (LEAD, WELLBEING_OFFICER),
    (LEAD, REPRESENTATIVE),
    (LEAD, AUDITOR),
    (OPERATOR, WELLBEING_OFFICER),
)

NEEDS_SECOND_FACTOR = frozenset({WELLBEING_OFFICER, AUDITOR, OPERATOR})
ANNOUNCED = frozenset({WELLBEING_OFFICER, AUDITOR})

NAMES: Mapping[str, str] = {
    MODERATOR: "moderator",
    LEAD: "team lead",
    WELLBEING_OFFICER: "wellbeing officer",
    REPRESENTATIVE: "representative",
    AUDITOR: "auditor",
    OPERATOR: "operator",
}


class RolesConflict(Exception):
    """Two roles that one person may not hold together; ``first`` and ``second`` are their codes."""

    def __init__(self, first: str, second: str) -> None:
        self.first = first
        self.second = second
        super().__init__(
            f"One person cannot be {NAMES[first]} and {NAMES[second]}. Take one of the two roles away first."
        )


class UnknownRole(Exception):
    """A role code that Respite does not know."""

    def __init__(self, role: str) -> None:
        self.role = role
        super().__init__(f"There is no role “{role}”. The roles are: {', '.join(NAMES)}.")


def check_roles(roles: Iterable[str]) -> frozenset[str]:
    """Return *roles* as a set.

    Raises:
        UnknownRole: a code is not one of the six.
        RolesConflict: two of them exclude each other.
    """
    wanted = frozenset(roles)
    for role in sorted(wanted):
        if role not in NAMES:
            raise UnknownRole(role)
    for first, second in CONFLICTS:
        if {first, second} <= wanted:
            raise RolesConflict(first, second)
    return wanted
