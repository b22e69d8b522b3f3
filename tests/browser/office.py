"""Sets up offices in a running installation and prints each as a line of JSON: ``python -m tests.browser.office``.

What is wanted comes as arguments, a name and JSON, or as lines of JSON, ``[name, wanted]``: one process then makes many.

Each journey has a team, people, a platform and a queue of its own, so that none meets another's cases. ``people`` are
moderators; ``colleagues`` are others by their role: ``{"dana": "lead"}``. Each has a session, too, for tests that are not
about signing in (leads have a second factor; others enrol theirs when they sign in), and a password whose hash is cheap to
make: the server makes its own of it when they sign in.
"""

import json
import sys
from datetime import date, timedelta
from typing import Any

import django
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXP"
"""Of the second factor that leads have."""
BEGAN_ON = date(2024, 3, 4)
"""They have done this work for long, so that no ramp of a new starter holds."""


def make(name: str, wanted: dict[str, Any]) -> dict[str, Any]:
    from django.utils import timezone

    from moderation.services.setup import set_up_platform
    from people.services.organisation import found_organisation
    from people.services.teams import create_team
    from wellbeing.limits.services.setting import seed_ceiling, set_limit

    at = timezone.now()
    found_organisation(at=at)
    seed_ceiling(set_by="system", at=at)
    team = create_team(name=name, actor="system", at=at)
    for limit, value in wanted.get("limits", {}).items():
        set_limit(
            scope="team",
            scope_ref=str(team.pk),
            name=limit,
            value=value,
            set_by="system",
            reason="a short day",
            at=at,
        )
    people = wanted.get("people", ["alice"])
    roles = dict.fromkeys(people, "moderator") | wanted.get("colleagues", {})
    zone = wanted.get("zone", "")
    sessions = dict(hire(person, role, office=name, team=team, zone=zone) for person, role in roles.items())
    made = set_up_platform(
        name=f"Platform {name}", webhook_url=wanted.get("webhook", ""), actor="system", at=at
    )
    made.queue.every_team, made.queue.grace_seconds = False, 0
    made.queue.save(update_fields=["every_team", "grace_seconds"])
    made.queue.teams.set([team])
    return {
        "name": name,
        "usernames": [f"{person}-{name.lower()}" for person in people],
        "platform": made.platform.name,
        "sessions": sessions,
        "api_key": made.api_key,
        "webhook_secret": made.endpoint.secret if made.endpoint else "",
    }


def hire(person: str, role: str, *, office: str, team: Any, zone: str) -> tuple[str, str]:
    """Make somebody; return by which name they sign in, and a session in which they did. *zone*: empty, it is noon there."""
    from django.utils import timezone

    from people.models import RoleGrant
    from people.selectors import subject_of
    from people.services.accounts import create_user
    from queues.services.choices import agree_to_severe
    from tests.cast import a_second_factor, where_it_is_noon

    at = timezone.now()
    user = create_user(
        username=f"{person}-{office.lower()}",
        password=PASSWORD,
        roles=(role,),
        actor="system",
        at=at,
        team=team,
        # Whoever signs bears a name of their own: several offices share one installation.
        display_name=person.title() if role == "moderator" else f"{person.title()} {office}",
        zone=zone or where_it_is_noon(at),
        began_on=BEGAN_ON,
        password_is_theirs=True,
    )
    # Named long enough ago to sign.
    RoleGrant.objects.filter(user=user).update(granted_at=at - timedelta(days=30))
    if role == "moderator":
        agree_to_severe(subject=subject_of(user), at=at)
    if role == "lead":
        a_second_factor(user, secret=SECRET)
    browser = Client()
    browser.force_login(user)
    return user.username, browser.cookies["sessionid"].value


def hash_cheaply() -> None:
    """Let a password cost microseconds here instead of a quarter of a second; it is checked as any other."""
    for name, cost in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():
        setattr(Argon2PasswordHasher, name, cost)


if __name__ == "__main__":
    django.setup()
    hash_cheaply()
    name_and_wanted = [sys.argv[1], json.loads(sys.argv[2])] if len(sys.argv) > 2 else None
    for asked in [name_and_wanted] if name_and_wanted else map(json.loads, sys.stdin):
        sys.stdout.write(json.dumps(make(*asked)) + "\n")
        sys.stdout.flush()
