import json
from collections.abc import Mapping
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from moderation.exceptions import EndpointInvalid
from moderation.rules.public_ids import tell
from moderation.services.setup import NewPlatform, set_up_platform
from people.exceptions import NameLooksLike, NameMixed, NameUnseen, PlatformNameMissing, PlatformNameTaken

NAMES: Final[Mapping[type[Exception], str]] = {
    PlatformNameTaken: "There is a platform of this name already.",
    PlatformNameMissing: "A platform needs a name of 1 to 120 characters.",
    NameUnseen: "The name holds a character that nobody can see. Type it again by hand.",
    NameMixed: "A word of the name mixes letters of two alphabets. Write each word in one.",
}
ADDRESSES: Final[Mapping[str, str]] = {
    "no_address": "This is not an address.",
    "no_host": "The address must begin with https:// and name a host.",
    "holds_a_secret": "The address must carry no user name, no password and no #.",
    "not_https": "The address must begin with https://.",
}


class Command(BaseCommand):
    help = (
        "Make a platform with an API key and an open default queue, and print them as one JSON object. "
        "Every team may take from the queue. The secrets are printed this once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the platform's name, as moderators will read it")
        parser.add_argument("--webhook-url", default="", help="where it wants to be told of decisions")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = set_up_platform(
                name=options["name"], webhook_url=options["webhook_url"], actor="system", at=timezone.now()
            )
        except EndpointInvalid as refusal:
            raise CommandError(ADDRESSES[refusal.fault]) from None
        except NameLooksLike as refusal:
            raise CommandError(f"The name looks like “{refusal.other}”, which is there already.") from None
        except tuple(NAMES) as refusal:
            raise CommandError(NAMES[type(refusal)]) from None
        self.stdout.write(json.dumps(_told(made)))


def _told(made: NewPlatform) -> dict[str, str | None]:
    return {
        "platform": made.platform.name,
        "platform_id": tell("plt", made.platform.pk),
        "queue": made.queue.name,
        "api_key": made.api_key,
        "webhook_secret": made.endpoint.secret if made.endpoint else None,
    }
