"""How new starters, people who come back and people after a red flag get their limits by and by (WELLBEING.md 'Limits')."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from wellbeing.core.rules.scopes import InForce
from wellbeing.core.rules.worked import first_worked_after

SEVERE_LIMITS = ("seconds_3", "seconds_4", "cases_3", "cases_4")
ALL_LIMIT = "seconds_1"
WHOLE = 100
STEPS = ((2, 0), (4, 25), (6, 50), (8, 75))
"""Up to and with which week which share, in percent, of the limits at severity 3 and up."""
HALF_OF_ALL_UNTIL_WEEK = 2
EXTREME_FROM_WEEK = 9
RETURNING = ((7, 50), (14, 75))
"""After 14 days away or a red flag: fewer than so many days after it, which share."""
AWAY_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Share:
    """A share of some limits, in percent, because of ``scope``, from ``since`` on."""

    percent: int
    scope: str
    since: datetime | None
    names: tuple[str, ...] = SEVERE_LIMITS


def week_of(began_on: date, *, on: date) -> int:
    """Return in which week of this work *on* lies, 1 the first; a beginning that is yet to come counts as the first."""
    return max((on - began_on).days // 7, 0) + 1


def percent_in_week(week: int) -> int:
    """Return which share of the limits at severity 3 and up a new starter has."""
    return next((percent for last, percent in STEPS if week <= last), WHOLE)


def most_in_week(week: int) -> int | None:
    """Return the highest severity of a new starter: 2, then 3; None when nothing is capped any more."""
    if week <= STEPS[0][0]:
        return 2
    return 3 if week < EXTREME_FROM_WEEK else None


def last_week_of(week: int) -> int:
    """Return with which week that highest severity ends."""
    return STEPS[0][0] if week <= STEPS[0][0] else EXTREME_FROM_WEEK - 1


def percent_after(days: int) -> int:
    """Return which share holds *days* whole days after a return or a red flag."""
    return next((percent for before, percent in RETURNING if days < before), WHOLE)


def is_starting(began_on: date | None, *, on: date) -> bool:
    """Say whether a new starter had a share of the limits on that date."""
    return began_on is not None and began_on <= on < began_on + timedelta(weeks=STEPS[-1][0])


def is_returning(returned_on: date | None, *, on: date) -> bool:
    """Say whether somebody who came back had a share of the limits on that date."""
    return returned_on is not None and returned_on <= on < returned_on + timedelta(days=RETURNING[-1][0])


def percent_after_red(on: date, worked_on: frozenset[date], *, today: date) -> int:
    """Return which share holds after a red flag of the date *on*: at once, and counted from the first worked day after it.

    A holiday is no part of it.
    """
    if today <= on:
        return percent_after(0)
    return percent_after((today - first_worked_after(on, worked_on, today=today)).days)


def shares_of_starter(began_on: date, *, on: date, since: datetime | None) -> list[Share]:
    """Return what a new starter has of the limits."""
    week = week_of(began_on, on=on)
    shares = [Share(percent_in_week(week), "starter", since)]
    if week <= HALF_OF_ALL_UNTIL_WEEK:
        shares.append(Share(50, "starter", since, (ALL_LIMIT,)))
    return shares


def shared(limits: Mapping[str, InForce], shares: Iterable[Share]) -> dict[str, InForce]:
    """Return the limits as these shares leave them; of several shares of one limit the least holds."""
    found = dict(limits)
    for share in sorted(shares, key=lambda one: one.percent, reverse=True):
        for name in share.names:
            value = limits[name].value * share.percent // WHOLE
            if value < found[name].value:
                found[name] = replace(
                    found[name], value=value, scope=share.scope, scope_ref="", since=share.since, set_by=""
                )
    return found
