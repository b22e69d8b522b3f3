"""What is judged: taxonomy, intake, media, decisions and answers, delivery."""

from moderation.models.content import (
    Blob,
    BlobState,
    Case,
    CaseState,
    Item,
    ItemRevision,
    ItemStatus,
    Medium,
    Report,
)
from moderation.models.delivery import (
    DeliveryState,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from moderation.models.intake import IdempotencyKey
from moderation.models.judgement import (
    Answer,
    DecidedBy,
    Decision,
    DecisionCategory,
    DecisionState,
    Draft,
    FeedHead,
    LookAgain,
    MediumVerdict,
    SplitMatch,
)
from moderation.models.taxonomy import Category, CategoryVersion, PolicyVersion

__all__ = [
    "Answer",
    "Blob",
    "BlobState",
    "Case",
    "CaseState",
    "Category",
    "CategoryVersion",
    "DecidedBy",
    "Decision",
    "DecisionCategory",
    "DecisionState",
    "DeliveryState",
    "Draft",
    "FeedHead",
    "IdempotencyKey",
    "Item",
    "ItemRevision",
    "ItemStatus",
    "LookAgain",
    "Medium",
    "MediumVerdict",
    "PolicyVersion",
    "Report",
    "SplitMatch",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
