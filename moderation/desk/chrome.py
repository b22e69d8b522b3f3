"""What stands around a page of the desk: links and who is signed in. Which mode runs is told to every page."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the head; ``current`` marks the page that is open."""

    href: str
    label: str
    current: bool


def chrome(user: AbstractBaseUser | AnonymousUser, current: str) -> dict[str, Any]:
    """Return the context of ``base.html`` for a moderator's page; ``current`` is the name of its address."""
    links = (("desk:page", _("Desk")), ("desk:my_day", _("My day")))
    return {
        "nav_links": [Link(reverse(name), label, name == current) for name, label in links],
        "signed_in_as": str(user),
    }
