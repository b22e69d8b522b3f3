"""The people of the demo, their team with short limits, and the platform they work for."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from config.demo.items import ADVERTS
from moderation.services.guidelines import write_guidelines
from moderation.services.queueing import change_state, create_queue
from moderation.services.setup import set_up_platform
from people.models import Platform, Team
from people.rules.roles import MODERATOR
from people.selectors import subject_of
from people.services.accounts import create_user
from people.services.organisation import found_organisation
from people.services.teams import create_team
from queues.rules.plans import QueuePlan
from queues.services.choices import agree_to_severe
from wellbeing.limits.services.setting import move_ceiling, seed_ceiling, set_limit

TEAM = "North"
PLATFORM = "Lumen"
NIGHT_TOO = "So that the demo shows the same at any hour."
SHORT_LIMITS = {
    "seconds_3": 60,
    "seconds_4": 45,
    "work_seconds": 4 * 60,
}
"""So short that a limit, and after it a due break, can be seen within five minutes. The breaks for severe looking stay
longer than the limits, or they would come first; the lengths of breaks stay as they are."""
BEGAN_ON = date(2024, 3, 4)
"""Since when all but the new starter do this work."""


@dataclass(frozen=True)
class Member:
    """One sign-in of the demo. ``is_new``: they start this work today, and their limits grow by and by."""

    username: str
    display_name: str
    roles: tuple[str, ...]
    skills: tuple[str, ...] = ()
    in_team: bool = True
    is_new: bool = False


CAST = (
    Member("alice", "Alice", ("moderator",)),
    Member("amina", "Amina", ("moderator",), skills=("senior",)),
    Member("bilal", "Bilal", ("moderator",)),
    Member("carmen", "Carmen", ("moderator",)),
    Member("hugo", "Hugo", ("moderator",)),
    Member("ines", "Inès", ("moderator",), is_new=True),
    Member("dana", "Dana", ("lead",)),
    Member("wim", "Wim", ("wellbeing_officer",), in_team=False),
    Member("rosa", "Rosa", ("representative",)),
    Member("ada", "Ada", ("auditor",), in_team=False),
    Member("olga", "Olga", ("operator",), in_team=False),
)


@dataclass(frozen=True)
class Secrets:
    """What the demo prints: one password for all of its people, and the platform's key."""

    password: str
    api_key: str


def ensure_cast(*, folder: Path, at: datetime) -> Secrets:
    """Make the team, its people and the platform if they are not there; return what opens them.

    The secrets are kept in ``folder/demo.json``, readable by the owner alone, because the database holds
    only their hashes.
    """
    kept = folder / "demo.json"
    if Platform.objects.filter(name=PLATFORM).exists() and kept.exists():
        return Secrets(**json.loads(kept.read_text()))
    with transaction.atomic():
        found = _make(at=at)
        _keep(kept, found)
    return found


def _make(*, at: datetime) -> Secrets:
    organisation = found_organisation(at=at)
    organisation.name = "Meridian Review"
    organisation.save(update_fields=["name"])
    team = create_team(name=TEAM, actor="system", at=at)
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    for member in CAST:
        _add(member, team=team, password=password, at=at)
    # Written as of some days ago, since a looser ceiling waits for the next day.
    move_ceiling(name="night_severity", value=4, set_by="system", reason=NIGHT_TOO, at=at - timedelta(days=3))
    seed_ceiling(set_by="system", at=at)
    for name, value in SHORT_LIMITS.items():
        set_limit(
            scope="team",
            scope_ref=str(team.pk),
            name=name,
            value=value,
            set_by="system",
            reason="Short, so that the demo shows a limit and a break within five minutes.",
            at=at,
        )
    made = set_up_platform(name=PLATFORM, actor="system", at=at)
    _open_second_queue(made.platform, team, at=at)
    return Secrets(password=password, api_key=made.api_key)


def _open_second_queue(platform: Platform, team: Team, *, at: datetime) -> None:
    """Make, describe and open a queue as a lead does."""
    about: dict[str, Any] = {"team_id": team.pk, "actor": "system", "at": at}
    queue = create_queue(platform_id=platform.pk, plan=_adverts_of(team), **about)
    write_guidelines(
        queue_id=queue.pk,
        title="What may be advertised",
        guidance="What stays: what is for sale, and says by whom.\nWhat goes: promises that nobody can keep.",
        last_seen=0,
        **about,
    )
    change_state(act="open", queue_id=queue.pk, last_seen=queue.version, **about)


def _adverts_of(team: Team) -> QueuePlan:
    return QueuePlan(
        name=ADVERTS,
        client_name="Lumen SA",
        purpose="Reported advertisements",
        decision_use="You decide whether this stays public.",
        trains_model=True,
        is_severe=False,
        target_seconds=8 * 3600,
        grace_seconds=60,
        every_team=False,
        team_ids=frozenset({team.pk}),
    )


def _add(member: Member, *, team: Team, password: str, at: datetime) -> None:
    user = create_user(
        username=member.username,
        password=password,
        roles=member.roles,
        actor="system",
        at=at,
        team=team if member.in_team else None,
        skills=member.skills,
        display_name=member.display_name,
        zone=local_zone(),
        began_on=None if member.is_new else BEGAN_ON,
        password_is_theirs=True,  # it is printed for everybody; the demo says that it is no safeguard
    )
    if MODERATOR in member.roles and not member.is_new:
        agree_to_severe(subject=subject_of(user), at=at)


def local_zone() -> str:
    """Return the time zone of this computer, or UTC when it does not say."""
    name = os.environ.get("TZ") or str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, KeyError):
        return "UTC"


def _keep(path: Path, found: Secrets) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(found)))
