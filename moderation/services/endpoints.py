"""Where a platform wants to be told: addresses and their signing secrets."""

from dataclasses import dataclass
from datetime import datetime

from moderation.models import WebhookEndpoint
from people.models import Platform


class EndpointInvalid(Exception):
    """The address cannot be told anything. Its text is a sentence for the person who gave it."""


@dataclass(frozen=True, slots=True)
class IssuedEndpoint:
    """A new endpoint and its secret (``whsec_…``), which is told this once."""

    endpoint: WebhookEndpoint
    secret: str


def create_endpoint(*, platform: Platform, url: str, actor: str, at: datetime) -> IssuedEndpoint:
    """Add an address of *platform* and a new secret. *actor* as in ``audit.services.record``.

    Raises:
        EndpointInvalid: not an http(s) address, or one with a user name, or plain http where no network is allowed.
    """
    raise NotImplementedError
