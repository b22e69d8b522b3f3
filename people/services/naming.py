"""Names are given one at a time, so that each is compared with all that are there.

How a name looks is Unicode's to say, and changes with its tables; so it is no column and no constraint. Whoever gives a name
holds the organisation's row first, before any other lock.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Q

from people.exceptions import NameLooksLike
from people.models import Organisation, Platform, RoleGrant, Team, User
from people.rules.names import check_unlike
from people.rules.roles import MODERATOR
from people.services.organisation import found_organisation

OF_NOBODY: Final = frozenset({"the installation", "respite", "system", "somebody", "somebody else", "nobody"})
"""What pages write where no person did something."""


def hold_names(*, at: datetime) -> None:
    """Let nobody else give a name until the caller's transaction ends."""
    organisation = found_organisation(at=at)
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def check_person_unlike(*, username: str, display_name: str) -> None:
    """Refuse a name to sign in with that looks like another one, or a shown name that looks like that of somebody here.

    Two moderators may bear the very same name; nobody bears that of somebody who signs, reads records or manages accounts,
    for pages tell by it who did. Whose account has ended is not seen any more.

    Raises:
        NameLooksLike: one of the two does.
    """
    check_unlike(username, User.objects.values_list("username", flat=True))
    here = User.objects.filter(deactivated_at__isnull=True).only("username", "display_name")
    shown = display_name or username
    check_unlike(shown, [*(str(one) for one in here), *OF_NOBODY])
    check_alone(shown, roles_of_new=frozenset())


def check_alone(shown: str, *, roles_of_new: Collection[str], but: int = 0) -> None:
    """Refuse that two people bear *shown* of whom one holds an office. *but*: the account whose own name it is.

    Raises:
        NameLooksLike: somebody bears it.
    """
    if shown.casefold() in OF_NOBODY:
        raise NameLooksLike(shown)
    same = Q(display_name=shown) | Q(display_name="", username=shown)
    bearers = User.objects.filter(same, deactivated_at__isnull=True).exclude(pk=but)
    held = RoleGrant.objects.filter(user__in=bearers, revoked_at__isnull=True).exclude(role=MODERATOR)
    if (set(roles_of_new) - {MODERATOR} and bearers.exists()) or held.exists():
        raise NameLooksLike(shown)


def check_team_unlike(name: str) -> None:
    """Refuse a name that looks like another team's.

    Raises:
        NameLooksLike: it does.
    """
    check_unlike(name, Team.objects.values_list("name", flat=True))


def check_platform_unlike(name: str) -> None:
    """Refuse a name that looks like another platform's.

    Raises:
        NameLooksLike: it does.
    """
    check_unlike(name, Platform.objects.values_list("name", flat=True))
