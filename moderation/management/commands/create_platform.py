import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from moderation.rules.public_ids import tell
from moderation.services.endpoints import EndpointInvalid
from moderation.services.setup import NewPlatform, set_up_platform
from people.rules.names import NameLooksLike, NameMixed, NameUnseen
from people.services.platforms import PlatformNameMissing, PlatformNameTaken


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
        except PlatformNameTaken:
            raise CommandError("There is a platform of this name already.") from None
        except PlatformNameMissing:
            raise CommandError("A platform needs a name of 1 to 120 characters.") from None
        except NameLooksLike as error:
            raise CommandError(f"The name looks like “{error.other}”, which is there already.") from None
        except NameUnseen:
            raise CommandError(
                "The name holds a character that nobody can see. Type it again by hand."
            ) from None
        except NameMixed:
            raise CommandError(
                "A word of the name mixes letters of two alphabets. Write each word in one."
            ) from None
        except EndpointInvalid as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(_told(made)))


def _told(made: NewPlatform) -> dict[str, str | None]:
    return {
        "platform": made.platform.name,
        "platform_id": tell("plt", made.platform.pk),
        "queue": made.queue.name,
        "api_key": made.api_key,
        "webhook_secret": made.endpoint.secret if made.endpoint else None,
    }
