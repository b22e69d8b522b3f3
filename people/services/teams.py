from datetime import datetime

from django.db import transaction

from audit.services import record
from people.exceptions import TeamNameMissing, TeamNameTaken
from people.models import Team
from people.rules.names import check_shown
from people.services.naming import check_team_unlike, hold_names


def create_team(*, name: str, actor: str, at: datetime) -> Team:
    """Make a team, without members.

    Raises:
        TeamNameMissing, TeamNameTaken, NameUnseen, NameMixed, NameLooksLike: about the name.
    """
    wanted = check_shown(name)
    if not wanted or len(wanted) > 120:
        raise TeamNameMissing
    with transaction.atomic():
        hold_names(at=at)
        if Team.objects.filter(name__iexact=wanted).exists():
            raise TeamNameTaken
        check_team_unlike(wanted)
        team = Team.objects.create(name=wanted, created_at=at)
        record(actor=actor, action="team.created", target_kind="team", target_id=str(team.pk), at=at)
    return team


def hold_team(team_id: int) -> None:
    """Lock a team until the caller's transaction ends: two acts about the whole of it take turns."""
    Team.objects.select_for_update(no_key=True).get(pk=team_id)
