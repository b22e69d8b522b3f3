"""Finalise decisions: give each waiting item its answer, at a place of the platform's feed."""

from datetime import datetime

from moderation.models import Answer, Decision, ItemRevision
from outbox.kinds import Work


def finalise(work: Work) -> None:
    """Make a provisional decision final (outbox kind ``decision.finalise``). May be run again."""
    raise NotImplementedError


def answer_match(*, revision: ItemRevision, decision: Decision, at: datetime) -> Answer:
    """Answer a revision that joined a decided case, ``decided_by`` match, in the caller's transaction.

    The caller holds the case's lock and has saved the revision; its status becomes decided here. The lock of the
    platform's feed is taken last, so do this at the end.
    """
    raise NotImplementedError
