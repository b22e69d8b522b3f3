"""What a platform may send, field by field. Unknown fields are refused: a misspelt hint must not pass unseen."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, Self

from django.utils.translation import gettext as _
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from moderation.models import ItemStatus
from moderation.rules.digest import canonical_size

METADATA_BYTES: Final = 8 * 1024
TEXT_LENGTH: Final = 100_000
MOST_MEDIA: Final = 20
MOST_REPORTS: Final = 100
MOST_THREAD: Final = 50
YEARS: Final = range(1970, 2200)

_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_LANGUAGE: Final = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"


def _instant(value: Any) -> Any:
    """Read RFC 3339; leave anything else for the schema to refuse."""
    if not isinstance(value, str):
        return value
    if not _INSTANT.fullmatch(value):
        raise ValueError(_("Write instants as RFC 3339, with a zone: 2026-11-23T09:00:00Z."))
    try:
        at = datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        at = None
    if at is not None and at.year in YEARS:
        return at
    raise ValueError(_("There is no such instant between 1970 and 2199."))


Instant = Annotated[
    datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})
]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Short = Annotated[str, Field(max_length=200)]
Score = Annotated[float, Field(ge=0, le=1)]


class Strict(BaseModel):
    """A body or a part of one."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class MediumIn(Strict):
    """A file: its bytes in base64, or an address where the operator switched fetching on."""

    data: str | None = Field(None, json_schema_extra={"contentEncoding": "base64"})
    url: str | None = Field(None, max_length=2000)
    filename: str | None = Field(None, max_length=255)

    @model_validator(mode="after")
    def _has_bytes(self) -> Self:
        if self.url is not None:
            raise ValueError(_("Respite fetches nothing from addresses here. Send the bytes as 'data'."))
        if self.data is None:
            raise ValueError(_("Send the bytes of the file as 'data', in base64."))
        return self


class ReportIn(Strict):
    """Someone or something said that the item may break a policy."""

    source: Literal["user", "classifier", "trusted_flagger", "authority", "internal"]
    reason: str | None = Field(None, max_length=1000)
    reported_at: Instant | None = None
    score: Score | None = None


class HintsIn(Strict):
    """What the platform knows of the content beyond its category. Each true one may raise the severity by one."""

    child: bool = False
    live: bool = False
    screaming: bool = False


class AuthorIn(Strict):
    """Who posted it, in the platform's own words."""

    id: Short | None = None
    name: Short | None = None


class ThreadEntryIn(Strict):
    """One message of the conversation around the item."""

    author: Short | None = None
    text: str = Field(max_length=10_000)


class ContextIn(Strict):
    """Where the item stood. Equal content in another context is another case."""

    url: str | None = Field(None, max_length=2000)
    thread: list[ThreadEntryIn] = Field(default_factory=list, max_length=MOST_THREAD)


class ItemIn(Strict):
    """An item to be looked at. At least one of ``text`` and ``media``."""

    external_id: str = Field(
        min_length=1, max_length=200, description="Your id of it, unique on your platform."
    )
    category: Code = Field(description="A code of /categories, or 'unknown', which counts as severity 3.")
    text: str | None = Field(None, max_length=TEXT_LENGTH)
    media: list[MediumIn] = Field(default_factory=list, max_length=MOST_MEDIA)
    language: str | None = Field(
        None, max_length=35, pattern=_LANGUAGE, description="BCP 47, as 'en' or 'pt-BR'."
    )
    reports: list[ReportIn] = Field(default_factory=list, max_length=MOST_REPORTS)
    hints: HintsIn | None = None
    scores: dict[Code, Score] = Field(
        default_factory=dict, max_length=100, description="A classifier's score by category code, 0 to 1."
    )
    author: AuthorIn | None = None
    context: ContextIn | None = None
    due_at: Instant | None = None
    priority: int = Field(0, ge=0, le=100, description="Each point is worth 15 minutes of waiting.")
    queue: str | None = Field(
        None, min_length=1, max_length=120, description="A queue's name; else the default one."
    )
    metadata: dict[str, Any] = Field(default_factory=dict, description="At most 8 KB; returned as sent.")
    revision: int | None = Field(None, ge=1, le=2_147_483_647)

    @field_validator("external_id")
    @classmethod
    def _not_blank(cls, value: str) -> str:
        if not value.strip():
            raise ValueError(_("This must not be blank."))
        return value

    @field_validator("metadata")
    @classmethod
    def _small(cls, value: dict[str, Any]) -> dict[str, Any]:
        if canonical_size(value) > METADATA_BYTES:
            raise ValueError(_("Metadata may take at most 8 KB."))
        return value


class ReportsIn(Strict):
    """More reports of an item."""

    reports: list[ReportIn] = Field(min_length=1, max_length=MOST_REPORTS)


class NothingIn(Strict):
    """No body, or an empty object."""


class Query(BaseModel):
    """Query parameters; each is text until it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemsQuery(Query):
    """Which items to list."""

    status: ItemStatus | None = Field(None, description="Only items that have it now.")
    external_id: str | None = Field(
        None, min_length=1, max_length=200, description="Only the item of this id."
    )
    limit: int = Field(50, ge=1, le=200, description="How many at most; 50 if not given.")
    cursor: str | None = Field(None, max_length=200, description="The next_cursor of the page before.")


class DecisionsQuery(Query):
    """Where to go on in the feed."""

    after: str | None = Field(None, max_length=200, description="The next_cursor of an earlier answer.")
    limit: int = Field(50, ge=1, le=200, description="How many at most; 50 if not given.")


class NoQuery(Query):
    """No parameters."""


# What is answered. Written down for the documentation: the payloads themselves are made by the selectors.


class EstimateOut(BaseModel):
    """What a look is expected to take."""

    human_seconds: int
    load: float


class ItemOut(BaseModel):
    """An item as it is now."""

    id: str
    external_id: str
    revision: int
    status: ItemStatus
    status_reason: str | None
    case_id: str
    category: str
    severity: int = Field(ge=0, le=4)
    estimate: EstimateOut
    priority: int
    due_at: datetime | None
    metadata: dict[str, Any]
    created_at: datetime


class ItemsOut(BaseModel):
    """A page of items, newest first."""

    data: list[ItemOut]
    next_cursor: str | None


class PolicyOut(BaseModel):
    """The rules that were applied."""

    code: str
    version: int


class GroundOut(BaseModel):
    """What a decision rests on."""

    kind: Literal["law", "terms"]
    reference: str


class MediumVerdictOut(BaseModel):
    """What the decision says of one file."""

    id: str
    sha256: str
    verdict: str


class DecisionOut(BaseModel):
    """A final decision on one item. Never in it: who, how long, how many skipped."""

    id: str
    item_id: str
    external_id: str
    revision: int
    metadata: dict[str, Any]
    case_id: str
    action: str
    categories: list[str]
    policy: PolicyOut
    ground: GroundOut
    territory: str | None
    until: datetime | None
    media: list[MediumVerdictOut]
    severity: int = Field(ge=0, le=4)
    rationale: str
    decided_by: Literal["person", "rule", "match"]
    decided_at: datetime = Field(description="To the minute.")
    effective_at: datetime = Field(description="When the grace was over, to the minute.")
    language: str
    appealable_until: datetime = Field(description="To the minute.")
    supersedes: str | None


class DecisionsOut(BaseModel):
    """A stretch of the feed, in the order of commits; an empty one has no next_cursor: keep the one you have."""

    data: list[DecisionOut]
    next_cursor: str | None


class CategoryOut(BaseModel):
    """A category of the taxonomy, with what holds now."""

    code: str
    label: str
    severity: int = Field(ge=0, le=4)
    flags: list[Literal["violent", "graphic", "sexual", "child", "audio", "text"]]
    dsa_category: str
    accepted: bool = Field(description="Whether items of this category may be sent.")


class CategoriesOut(BaseModel):
    """The whole taxonomy."""

    data: list[CategoryOut]
    next_cursor: None


class GuidelinesOut(BaseModel):
    """The rules that a queue is judged by now, in one language (BCP 47)."""

    language: str
    code: str
    version: int
    title: str
    text: str
    in_force_from: datetime


class QueueOut(BaseModel):
    """A queue, with what its moderators are told about it."""

    name: str
    is_default: bool = Field(description="Whether items that name no queue come here.")
    accepts_items: bool
    client_name: str
    purpose: str
    decision_use: str
    trains_model: bool = Field(description="Whether a model is trained with the decisions.")
    target_seconds: int
    grace_seconds: int = Field(
        description="How long a decision is provisional, at least: a grace ends at a full minute."
    )
    appeal_days: int
    actions: list[str]
    guidelines: list[GuidelinesOut]


class QueuesOut(BaseModel):
    """All your queues, by name."""

    data: list[QueueOut]
    next_cursor: None


class FaultOut(BaseModel):
    """One thing that is wrong."""

    pointer: str
    detail: str


class ProblemOut(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[FaultOut]
