"""What stands around a page: links by role, and who is signed in. Which mode runs is told to every page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from people.models import User
from people.rules import roles
from people.selectors import roles_with_open_doors

PAGES: Final[tuple[tuple[str, str, str | Promise], ...]] = (
    (roles.MODERATOR, "desk:page", gettext_lazy("Desk")),
    (roles.MODERATOR, "desk:my_day", gettext_lazy("My day")),
    (roles.MODERATOR, "desk:my_shifts", gettext_lazy("My shifts")),
    (roles.MODERATOR, "desk:handed", gettext_lazy("What I am handed")),
    (roles.MODERATOR, "desk:talk", gettext_lazy("Talk to someone")),
    (roles.LEAD, "lead:board", gettext_lazy("Board")),
    (roles.LEAD, "lead:limits", gettext_lazy("Limits")),
    (roles.LEAD, "lead:team", gettext_lazy("Team")),
    (roles.LEAD, "lead:shifts", gettext_lazy("Shifts")),
    (roles.LEAD, "lead:history", gettext_lazy("History")),
    (roles.WELLBEING_OFFICER, "officer:page", gettext_lazy("Wellbeing")),
    (roles.WELLBEING_OFFICER, "safeguard:questions", gettext_lazy("Questions")),
    (roles.WELLBEING_OFFICER, "officer:flags", gettext_lazy("Load flags")),
    (roles.WELLBEING_OFFICER, "officer:people", gettext_lazy("People")),
    (roles.WELLBEING_OFFICER, "officer:contacts", gettext_lazy("Outside lines")),
    (roles.WELLBEING_OFFICER, "safeguard:sign_ins", gettext_lazy("Sign-ins")),
    (roles.REPRESENTATIVE, "safeguard:sign_ins", gettext_lazy("Sign-ins")),
    (roles.WELLBEING_OFFICER, "officer:reviews", gettext_lazy("Reviews")),
    (roles.REPRESENTATIVE, "officer:reviews", gettext_lazy("Reviews")),
    (roles.OPERATOR, "people:people", gettext_lazy("People")),
    (roles.OPERATOR, "people:platforms", gettext_lazy("Platforms and keys")),
    ("", "safeguard:page", gettext_lazy("Safeguard")),
)
"""Role, page, label; a page without a role is for everybody. Who has several roles has the pages of all."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the head; ``current`` marks the page that is open."""

    href: str
    label: str
    current: bool


def _links(held: frozenset[str], current: str) -> Iterator[Link]:
    """Yield the pages of all roles that are held, each page once."""
    pages = {name: label for role, name, label in PAGES if not role or role in held}
    for name, label in pages.items():
        yield Link(reverse(name), str(label), name == current)


def chrome(user: AbstractBaseUser | AnonymousUser, current: str) -> dict[str, Any]:
    """Return the context of ``base.html``; ``current`` is the name of the page's address."""
    held = roles_with_open_doors(user, at=timezone.now()) if isinstance(user, User) else frozenset()
    return {
        "nav_links": list(_links(held, current)),
        "signed_in_as": str(user),
    }
