import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from people.exceptions import (
    BeganInFuture,
    RolesConflict,
    UnknownCountry,
    UnknownRole,
    UnknownSkill,
    UnknownZone,
)
from people.models import Team, User
from people.rules.roles import NAMES
from people.services.accounts import create_user
from people.services.invitations import new_link
from people.services.teams import create_team
from web.shared.refusals import REFUSALS, sentence

PLAIN = (RolesConflict, UnknownRole, UnknownSkill, UnknownZone, UnknownCountry, BeganInFuture)


class Command(BaseCommand):
    help = (
        "Make an account and print it as one JSON object. With --password-stdin the first line of the standard "
        "input is the password; without, a one-time link is printed with which the person sets one. "
        "A team that does not exist yet is made."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", action="append", required=True, metavar="|".join(NAMES))
        parser.add_argument("--skill", action="append", default=[], help="senior, or a language as lang:fr")
        parser.add_argument("--team", default="")
        parser.add_argument("--display-name", default="", help="the name that colleagues see")
        parser.add_argument("--time-zone", default="UTC", help="where days are counted, as Europe/Brussels")
        parser.add_argument(
            "--began-on",
            type=_day,
            metavar="YYYY-MM-DD",
            help="since when they do this work; left out for a new starter, whose limits grow by and by",
        )
        parser.add_argument(
            "--country", default="", help="two letters, as BE: which outside lines they are shown"
        )
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        password = _first_line() if options["password_stdin"] else None
        try:
            with transaction.atomic():
                answer = _create(options, password=password, at=timezone.now())
        except PLAIN as refusal:
            raise CommandError(str(refusal)) from None
        except REFUSALS as refusal:
            raise CommandError(sentence(refusal)) from None
        self.stdout.write(json.dumps(answer))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no day. Write it as 2025-11-03.") from None


def _first_line() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandError("No password came on the standard input.")
    return password


def _create(options: dict[str, Any], *, password: str | None, at: datetime) -> dict[str, Any]:
    team, team_created = _team(options["team"], at=at)
    user = create_user(
        username=options["username"],
        password=password,
        roles=options["role"],
        actor="system",
        at=at,
        team=team,
        skills=options["skill"],
        display_name=options["display_name"],
        zone=options["time_zone"],
        began_on=options["began_on"],
        country=options["country"],
    )
    answer = {
        "username": user.username,
        "roles": sorted(set(options["role"])),
        "skills": sorted(set(options["skill"])),
        "team": team and team.name,
        "team_created": team_created,
        "active": user.is_active,
    }
    return answer | ({} if password else {"invitation": _link(user, at=at)})


def _team(name: str, *, at: datetime) -> tuple[Team | None, bool]:
    if not name.strip():
        return None, False
    existing = Team.objects.filter(name__iexact=name.strip()).first()
    return (existing, False) if existing else (create_team(name=name, actor="system", at=at), True)


def _link(user: User, *, at: datetime) -> str:
    invited = new_link(user=user, actor="system", at=at)
    return f"{settings.PUBLIC_URL}{reverse('people:invitation', args=[invited.token])}"
