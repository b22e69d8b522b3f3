"""What moderation refuses: facts, without words for a page or for the API."""

from wellbeing.exceptions import Refused


class NotFound(Exception):
    """There is no such object for this platform."""


class NoSuchId(Exception):
    """The text is no id of this kind. A caller answers as for an object that does not exist."""


class NoPolicyInForce(Exception):
    """The queue has no policy version whose time has come."""


class NotFinal(Exception):
    """The decision is still provisional or was undone: nothing may be told of it."""


class MediumRefused(Exception):
    """The file at *position* (from 0) is not accepted. ``code``: a key of ``media.rejections.SENTENCES``."""

    def __init__(self, position: int, code: str) -> None:
        super().__init__(code)
        self.position = position
        self.code = code


class DecisionInvalid(Refused):
    """The decision cannot be taken as it is.

    ``field`` is ``categories``, ``action``, ``rationale`` or ``worse``; ``fault`` is ``missing``, ``unknown``, ``disabled``,
    ``too_long``, ``unstorable``, ``out_of_bounds`` or ``not_worse``.
    """

    code = "invalid"

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field}: {fault}")
        self.field = field
        self.fault = fault


class NothingToConfirm(Exception):
    """No earlier decision stands beside this case."""

    code = "nothing_to_confirm"


class AlreadyDecided(Refused):
    """Another decision stands."""

    code = "already_decided"


class DraftRefused(Exception):
    """This person never held the case, or has decided it. A page answers as for a case that does not exist."""


class EndpointInvalid(Exception):
    """The address cannot be told anything. ``fault``: ``no_address``, ``no_host``, ``holds_a_secret`` or ``not_https``."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class KeyReused(Exception):
    """The key was used for another request."""


class InFlight(Exception):
    """The first request with this key is still at work."""


class Moved(Exception):
    """Something changed between an unlocked look and its lock. The transaction begins again."""


class HolderChanged(Moved):
    """The case changed hands again and again while it was to be raised."""


class QueuePaused(Exception):
    """The queue takes nothing in at the moment: it drains."""


class QueueClosed(Exception):
    """The queue takes nothing in any more."""


class StillPending(Exception):
    """The delivery is on its way already."""


class ItemInvalid(Exception):
    """A field says what this installation does not take. ``path`` leads to it.

    ``fault``: ``queue_unknown``, ``category_unknown`` or ``category_disabled``.
    """

    def __init__(self, path: tuple[str, ...], fault: str) -> None:
        super().__init__(path[0])
        self.path = path
        self.fault = fault


class ExternalIdConflict(Exception):
    """The external id stands for other content, and no higher revision was given. ``fields``: what differs."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(*fields)
        self.fields = fields


class NothingToSplit(Exception):
    """The item is not in this case any more, or is the only one that it answers for."""

    code = "nothing_to_split"


class CategoryInvalid(Exception):
    """What was given for *field* (``code``, ``label``, ``dsa_category``, ``severity``, ``flags``) is not possible."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class CategoryUnknown(Exception):
    """There is no category of this code."""


class CategoryTaken(Exception):
    """A category bears this code already."""


class ItemDecided(Exception):
    """The item has its decision; there is nothing left to take back."""
