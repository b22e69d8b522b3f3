"""Names are given one at a time, so that each is compared with all that are there.

How a name looks is Unicode's to say, and changes with its tables; so it is no column and no constraint. Whoever gives a name
holds the organisation's row first, before any other lock.
"""

from datetime import datetime

from people.models import Organisation, Platform, Team, User
from people.rules.names import check_unlike
from people.services.organisation import found_organisation


def hold_names(*, at: datetime) -> None:
    """Let nobody else give a name until the caller's transaction ends."""
    organisation = found_organisation(at=at)
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def check_person_unlike(*, username: str, display_name: str) -> None:
    """Refuse a name to sign in with that looks like another one, or a shown name that looks like that of somebody here.

    Two people may bear the very same name; whose account has ended is not seen any more.

    Raises:
        NameLooksLike: one of the two does.
    """
    check_unlike(username, User.objects.values_list("username", flat=True))
    here = User.objects.filter(deactivated_at__isnull=True).only("username", "display_name")
    check_unlike(display_name or username, [str(one) for one in here])


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
