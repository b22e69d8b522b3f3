"""Writes what an act has changed about one person: once, and on PostgreSQL in one statement."""

from collections.abc import Iterator
from dataclasses import asdict, astuple
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from people.statements import Part, Statement, change_all, columns, fields_of
from wellbeing.core.locked import Locked, Unwritten
from wellbeing.core.rules.dates import Moved
from wellbeing.core.rules.limits import Spent
from wellbeing.models import CaseSeen, Exposure, PersonState

STATE_FIELDS = tuple(field.attname for field in fields_of(PersonState) if not field.primary_key)
EXPOSURE_FIELDS = (
    "quarter_at",
    "level",
    "opened_at",
    "last_beat_at",
    "falls_back_at",
    "covers_at",
    "shown_ms",
    "unheard_ms",
    "cleared_at",
    "closed_at",
    "closed_reason",
    "continues_id",
    "load_units",
    "line_ms",
    "clearest",
    "units_at_one",
    "case_ms",
    "was_covered",
)
"""What may change on a row of the ledger while it is open; what it was opened with does not."""


def _set(fields: tuple[str, ...], prefix: str) -> str:
    return ", ".join(f"{name} = %({prefix}{name})s" for name in fields)


STATE = Statement(
    f"UPDATE wellbeing_personstate SET {_set(STATE_FIELDS, 'state_')} WHERE subject = %(subject)s"  # noqa: S608 - from names of fields
)
EXPOSURE = Statement(
    f"UPDATE wellbeing_exposure SET {_set(EXPOSURE_FIELDS, 'shown_')} WHERE id = %(shown_id)s"  # noqa: S608 - as above
)


def _insert(model: type[Model], prefix: str) -> str:
    """Return the statement that writes a new row of a model."""
    values = ", ".join(f"%({prefix}{field.attname})s" for field in fields_of(model))
    return f"INSERT INTO {model._meta.db_table} ({columns(model)}) VALUES ({values})"  # noqa: S608, SLF001 - from names of fields


BEGUN = Statement(_insert(Exposure, "begun_"))
PRESENCE = Statement(
    "UPDATE wellbeing_presence SET last_beat_at = %(presence_last_beat_at)s WHERE id = %(presence_id)s"
)
REST = Statement(
    "UPDATE wellbeing_break SET served_ms = %(rest_served_ms)s, ticked_at = %(rest_ticked_at)s WHERE id = %(rest_id)s"
)
ADDED = Statement("""
INSERT INTO wellbeing_exposuresum (subject, quarter_at, severity, shown_ms, cases, load_units, units_at_one)
VALUES (%(subject)s, %(sum_quarter_at)s, %(sum_severity)s, %(sum_shown_ms)s, %(sum_cases)s, %(sum_load_units)s,
        %(sum_units_at_one)s)
ON CONFLICT (subject, quarter_at, severity) DO UPDATE
SET shown_ms = wellbeing_exposuresum.shown_ms + excluded.shown_ms,
    cases = wellbeing_exposuresum.cases + excluded.cases,
    load_units = wellbeing_exposuresum.load_units + excluded.load_units,
    units_at_one = wellbeing_exposuresum.units_at_one + excluded.units_at_one
""")
# What is taken away was there; as a row to be inserted it would be below zero, which the table refuses.
TAKEN = Statement("""
UPDATE wellbeing_exposuresum SET shown_ms = shown_ms + %(taken_shown_ms)s, cases = cases + %(taken_cases)s,
    load_units = load_units + %(taken_load_units)s, units_at_one = units_at_one + %(taken_units_at_one)s
WHERE subject = %(subject)s AND quarter_at = %(taken_quarter_at)s AND severity = %(taken_severity)s
""")

DATED = Statement("""
INSERT INTO wellbeing_daysum (subject, local_date, severity, shown_ms, cases, load_units, units_at_one, night_ms, late_ms)
VALUES (%(subject)s, %(date_on)s, %(date_severity)s, %(date_shown_ms)s, %(date_cases)s, %(date_load_units)s,
        %(date_units_at_one)s, %(date_night_ms)s, %(date_late_ms)s)
ON CONFLICT (subject, local_date, severity) DO UPDATE
SET shown_ms = wellbeing_daysum.shown_ms + excluded.shown_ms,
    cases = wellbeing_daysum.cases + excluded.cases,
    load_units = wellbeing_daysum.load_units + excluded.load_units,
    units_at_one = wellbeing_daysum.units_at_one + excluded.units_at_one,
    night_ms = wellbeing_daysum.night_ms + excluded.night_ms,
    late_ms = wellbeing_daysum.late_ms + excluded.late_ms
""")
# After midnight a night, or the last hour of a shift, still counts under the date on which it began: a second row of the
# same table in one act, so a text of its own, for two parts of one text cannot go together.
BEGUN_BEFORE = Statement("""
INSERT INTO wellbeing_daysum (subject, local_date, severity, shown_ms, cases, load_units, units_at_one, night_ms, late_ms)
VALUES (%(subject)s, %(begun_on)s, %(begun_severity)s, 0, 0, 0, 0, %(begun_night_ms)s, %(begun_late_ms)s)
ON CONFLICT (subject, local_date, severity) DO UPDATE
SET night_ms = wellbeing_daysum.night_ms + excluded.night_ms,
    late_ms = wellbeing_daysum.late_ms + excluded.late_ms
""")
UNDATED = Statement("""
UPDATE wellbeing_daysum SET shown_ms = shown_ms + %(undated_shown_ms)s, cases = cases + %(undated_cases)s,
    load_units = load_units + %(undated_load_units)s, units_at_one = units_at_one + %(undated_units_at_one)s,
    night_ms = night_ms + %(undated_night_ms)s, late_ms = late_ms + %(undated_late_ms)s
WHERE subject = %(subject)s AND local_date = %(undated_on)s AND severity = %(undated_severity)s
""")
SEEN = Statement("""
INSERT INTO wellbeing_caseseen (subject, case_ref, local_date, quarter_at, severity, openings)
VALUES (%(subject)s, %(seen_case)s, %(seen_on)s, %(seen_quarter_at)s, %(seen_severity)s, %(seen_openings)s)
""")
OPENED = Statement("""
UPDATE wellbeing_caseseen SET openings = openings + 1
WHERE subject = %(subject)s AND case_ref = %(opened_case)s AND local_date = %(opened_on)s
""")


def write_back(locked: Locked) -> None:
    """Write the state row, whose lock the caller holds, and everything else that changed since the last writing."""
    _note_sign(locked)
    change_all(_changes(locked))
    locked.unwritten = Unwritten()


def _note_sign(locked: Locked) -> None:
    """Note by both clocks when this person was last heard of, and whether something was before their eyes then."""
    if not locked.has_sign:
        return
    state = locked.state
    state.signed_wall_at, state.signed_looking = locked.now.wall_at, locked.stretch is not None
    state.signed_ms, state.signed_source = locked.now.second.ms, locked.now.second.source


def write_shown(locked: Locked) -> None:
    """Write only what has changed on the stage: a stretch is closed before another one is opened."""
    change_all(shown(locked))


def shown(locked: Locked) -> list[Part]:
    """Return the changes of what has changed on the stage, for whoever writes them with others now."""
    parts = [(EXPOSURE, _exposure(exposure)) for exposure in locked.unwritten.exposures.values()]
    locked.unwritten.exposures.clear()
    return parts


def _changes(locked: Locked) -> Iterator[Part]:
    unwritten = locked.unwritten
    yield STATE, _state(locked)
    yield from _stage(locked)
    if unwritten.presence is not None:
        presence = unwritten.presence
        yield PRESENCE, {"presence_id": presence.pk, "presence_last_beat_at": presence.last_beat_at}
    if unwritten.rest is not None:
        rest = unwritten.rest
        yield REST, {"rest_id": rest.pk, "rest_served_ms": rest.served_ms, "rest_ticked_at": rest.ticked_at}
    for (quarter_at, severity), moved in unwritten.sums.items():
        if moved != Spent():
            yield _sum(locked, quarter_at, severity, moved)
    for (on, severity), moved_on in unwritten.dates.items():
        if moved_on != Moved():
            yield _date(locked, on, severity, moved_on)
    yield from unwritten.others


def _stage(locked: Locked) -> Iterator[Part]:
    """Yield what has changed on the stage, what has come onto it, and how often its case was seen."""
    unwritten, begun = locked.unwritten, locked.unwritten.begun
    for exposure in unwritten.exposures.values():
        if exposure is not begun:
            yield EXPOSURE, _exposure(exposure)
    if begun is not None:
        yield (
            BEGUN,
            {f"begun_{field.attname}": getattr(begun, field.attname) for field in fields_of(Exposure)},
        )
    if unwritten.seen is not None:
        yield SEEN, _seen(locked, unwritten.seen)
    if unwritten.opened is not None:
        case_ref, opened_on = unwritten.opened
        yield OPENED, {"subject": locked.subject, "opened_case": case_ref, "opened_on": str(opened_on)}


def _seen(locked: Locked, seen: CaseSeen) -> dict[str, Any]:
    return {
        "subject": locked.subject,
        "seen_case": seen.case_ref,
        "seen_on": str(seen.local_date),
        "seen_quarter_at": seen.quarter_at,
        "seen_severity": seen.severity,
        "seen_openings": seen.openings,
    }


def _sum(locked: Locked, quarter_at: datetime, severity: int, moved: Spent) -> Part:
    is_less = min(astuple(moved)) < 0
    values = {"quarter_at": quarter_at, "severity": severity, **asdict(moved)}
    prefix = "taken_" if is_less else "sum_"
    parameters = {f"{prefix}{name}": value for name, value in values.items()}
    return TAKEN if is_less else ADDED, {"subject": locked.subject, **parameters}


def _date(locked: Locked, on: date, severity: int, moved: Moved) -> Part:
    values = {"on": str(on), "severity": severity, "night_ms": moved.night_ms, "late_ms": moved.late_ms}
    whole = {
        "shown_ms": moved.shown_ms,
        "cases": moved.cases,
        "load_units": moved.load_units,
        "units_at_one": moved.units_at_one,
    }
    if min(*whole.values(), moved.night_ms, moved.late_ms) < 0:
        statement, prefix, values = UNDATED, "undated_", values | whole
    elif any(whole.values()):
        statement, prefix, values = DATED, "date_", values | whole
    else:
        statement, prefix = BEGUN_BEFORE, "begun_"
    return statement, {"subject": locked.subject} | {
        f"{prefix}{name}": value for name, value in values.items()
    }


def _state(locked: Locked) -> dict[str, Any]:
    return {"subject": locked.subject} | {
        f"state_{name}": getattr(locked.state, name) for name in STATE_FIELDS
    }


def _exposure(exposure: Exposure) -> dict[str, Any]:
    return {"shown_id": exposure.pk} | {f"shown_{name}": getattr(exposure, name) for name in EXPOSURE_FIELDS}
