"""What a person at the desk is doing, and which of it is queue work."""

from enum import StrEnum


class Kind(StrEnum):
    """Kinds of intervals at the desk. The values are those of the table."""

    WAITING = "waiting"
    REVIEWING = "reviewing"
    BREAK = "break"
    AWAY = "away"
    OTHER_WORK = "other_work"
    LOST_LINE = "lost_line"
    WELLNESS = "wellness"


class Activity(StrEnum):
    """What a person does at other paid work. The values are those of the table."""

    READING_POLICY = "reading_policy"
    TRAINING = "training"
    PEER_TALK = "peer_talk"
    NOTHING = "nothing"


QUEUE_WORK = frozenset({Kind.WAITING, Kind.REVIEWING})
"""Counts towards the next break. A lost line is no break, so what was counted before it stands."""

MUST_BE_HEARD = QUEUE_WORK | {Kind.OTHER_WORK}
"""A page that falls silent in one of these has lost its line; a break needs no page."""
