"""What the model knows: one person, the limits set for them, and everything that happened, in order."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo

from tests.wellbeing.naive import text

ACTS_THAT_CLOSE_A_CASE = (
    "decided",
    "skipped",
    "handed_back",
    "signed_out",
    "closed_desk",
    "too_much",
)

QUARTER = dt.timedelta(minutes=15)


@dataclasses.dataclass(frozen=True)
class Part:
    """A planned part of a shift, between two instants."""

    begins: dt.datetime
    ends: dt.datetime


@dataclasses.dataclass(frozen=True)
class Limit:
    """One row: a name of `text.DEFAULT`, its value, when it began and ends."""

    name: str
    value: int
    scope: str = "team"
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def holds(self, at: dt.datetime) -> bool:
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclasses.dataclass(frozen=True)
class Person:
    """Zone changes as (said at, zone), parts, first working date, agreement to severity 4, limits, and a share in percent for a red flag."""

    zone: str = "Europe/Berlin"
    moved: tuple[tuple[dt.datetime, str], ...] = ()
    parts: tuple[Part, ...] = ()
    began: dt.date | None = None
    agreed_to_4: bool = True
    limits: tuple[Limit, ...] = ()

    def zone_at(self, at: dt.datetime) -> zoneinfo.ZoneInfo:
        """'A change of time zone holds after 24 h.'"""
        name = self.zone
        for said_at, other in self.moved:
            if at >= said_at + dt.timedelta(hours=24):
                name = other
        return zoneinfo.ZoneInfo(name)

    def local(self, at: dt.datetime) -> dt.datetime:
        return at.astimezone(self.zone_at(at))

    def date(self, at: dt.datetime) -> dt.date:
        """'A day is the person's local date'."""
        return self.local(at).date()

    def is_in_a_part(self, at: dt.datetime) -> bool:
        return any(part.begins <= at < part.ends for part in self.parts)

    def planned_date(self, at: dt.datetime) -> dt.date | None:
        """Which date with a planned part an instant belongs to; None where nothing was planned."""
        date = self.working_date(at)
        return date if any(self.local(part.begins).date() == date for part in self.parts) else None

    def working_date(self, at: dt.datetime) -> dt.date:
        """'A part and the work in it belong to the date on which the part begins, after midnight too': for the rule of planned parts."""
        for part in self.parts:
            if part.begins <= at < part.ends:
                return self.local(part.begins).date()
        return self.date(at)

    def value(self, name: str, at: dt.datetime) -> int:
        """'The tightest holds.'"""
        return min(
            [text.DEFAULT[name], *(row.value for row in self.limits if row.name == name and row.holds(at))]
        )


@dataclasses.dataclass(frozen=True)
class Worked:
    """A quarter of an hour of work: the planned date it belongs to, None without a plan, and when its shift began."""

    quarter: dt.datetime
    planned: dt.date | None
    began: dt.datetime


def worked(person: Person, quarters: list[dt.datetime]) -> list[Worked]:
    """'A part and the work in it belong to the date on which the part begins; without a plan the shift is from the first work after 11 h without any.'

    A planned date is one shift, its own. What goes on outside the parts without a pause stays with what it goes on from.
    """
    found: list[Worked] = []
    for at in sorted(quarters):
        before = found[-1] if found else None
        planned = person.planned_date(at)
        if before is None:
            found.append(Worked(at, planned, at))
            continue
        pause = seconds(before.quarter + QUARTER, at)
        if pause <= 0 and not person.is_in_a_part(at):
            planned = before.planned
        is_new = pause >= 11 * text.HOUR if planned is None else planned != before.planned
        found.append(Worked(at, planned, at if is_new else before.began))
    return found


@dataclasses.dataclass(frozen=True)
class Job:
    """A case that waits: what a pick looks at."""

    case: str
    category: str
    severity: int
    seconds: int = 60


@dataclasses.dataclass(frozen=True)
class Event:
    """Something heard from a person's desk.

    `what`: opened, beat, claimed, shown, covered, worse, decided, skipped, handed_back, stepped_away, came_back, signed_out, closed_desk, other_work,
    other_work_ended, too_much, postponed, reported_cover (with `covered_at`), asked (with `waiting`), heard (a refused act); and what happens to a
    case without a sign of the person: claimed, parked, released.
    """

    at: dt.datetime
    what: str
    case: str = ""
    category: str = ""
    severity: int = 0
    level: str = ""
    sound: bool = False
    medium: str = "image"
    unknown: bool = False
    covered_at: dt.datetime | None = None
    waiting: tuple[Job, ...] = ()


def quarter(at: dt.datetime) -> dt.datetime:
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def seconds(start: dt.datetime, end: dt.datetime) -> int:
    return int((end - start).total_seconds())


def severity_of(events: list[Event], case: str, labelled: int) -> int:
    """'Nothing lowers severity automatically; an `unknown` that a person decides at 0 to 2 is re-counted there for that person.'"""
    severity = labelled
    for event in events:
        if event.case != case:
            continue
        if event.what in ("worse", "claimed", "shown"):
            severity = max(severity, event.severity)
        if event.what == "decided":
            severity = (
                event.severity if event.unknown and event.severity <= 2 else max(severity, event.severity)
            )
    return severity
