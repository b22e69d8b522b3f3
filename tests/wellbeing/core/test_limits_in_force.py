"""Whatever is changed by whomever, over days and time zones: the value in force is the one that a naive reading gives,
and no desk is served beyond it by more than a beat (promise P6).

The naive reading keeps a log of what services accepted and asks it for every instant anew. It shares no code with the
rules: of one scope it takes the last value that has become ripe, and every value after that, and of these the tightest.

Seen red: with a looser value at once (``_follow`` without ``waits``), with ``waits`` kept by a tighter value that follows,
with the day of UTC for that of the person, with ``stay.left_at is None`` alone in ``_binds``, with plain ``>`` for
``is_looser``; the desk without ``_cover_at_limit`` in the guard.

``LIMITS_EXAMPLES`` asks for more than the few of every run.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from people.exceptions import AlreadyInTeam
from people.models import Team, User
from people.services.accounts import set_team, set_time_zone
from tests.cast import a_team, a_user, subject_of
from tests.wellbeing.steps import Desk, a_look
from wellbeing.core.person import read_person_then
from wellbeing.core.selectors.stage import may_serve
from wellbeing.exceptions import Refused
from wellbeing.limits.services.setting import lift_own, move_ceiling, set_limit
from wellbeing.models import ExposureSum

# The second database is to say the same; what there is to find in the rules, the first one finds.
EXAMPLES = int(os.environ.get("LIMITS_EXAMPLES", "25" if connection.vendor == "sqlite" else "8"))
BEGINS_AT = datetime(2026, 10, 23, 9, tzinfo=UTC)  # two days before the clocks change in Brussels
ZONES = ("UTC", "Asia/Kathmandu", "Europe/Brussels", "Pacific/Auckland", "Pacific/Honolulu")
SHIPPED = {"seconds_3": 7200, "work_rest_seconds": 600}
VALUES = {"seconds_3": (0, 30, 600, 3600, 7200, 10_000), "work_rest_seconds": (300, 600, 900, 1800, 7200)}
UNDONE = {"seconds_3": 86_400, "work_rest_seconds": 60}
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)

anew = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@dataclass
class Naive:
    """What services accepted, as it was said, and what follows from it."""

    zones: list[tuple[datetime, str]]
    stays: list[tuple[int, datetime, datetime | None]] = field(default_factory=list)  # team, from, until
    said: list[tuple[str, object, str, datetime, int]] = field(default_factory=list)

    def midnight_after(self, at: datetime) -> datetime:
        zone = ZoneInfo([name for since, name in self.zones if since <= at][-1])
        tomorrow = at.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(0), tzinfo=zone).astimezone(UTC)

    def binds(self, team: object, said_at: datetime, at: datetime) -> bool:
        for where, since, until in self.stays:
            if where == team and since <= at:
                if until is None or until > at:
                    return True
                if said_at < until and at < self.midnight_after(until):
                    return True
        return False

    def of_scope(self, scope: str, who: object, name: str, at: datetime) -> list[int]:
        """The last ripe value and all after it; empty if nothing was said. What is shipped was said long ago."""
        values = [(ALWAYS, SHIPPED[name])] if scope == "ceiling" else []
        values += [
            (said_at, value)
            for its_scope, whose, its_name, said_at, value in self.said
            if (its_scope, whose, its_name) == (scope, who, name) and said_at <= at
            if scope != "team" or self.binds(who, said_at, at)
        ]
        ripe = [place for place, (said_at, _) in enumerate(values) if self.midnight_after(said_at) <= at]
        return [value for _, value in values[ripe[-1] if ripe else 0 :]]

    def in_force(self, name: str, at: datetime) -> int:
        tightest: Callable[[list[int]], int] = max if name.endswith("rest_seconds") else min
        found = [self.of_scope("ceiling", "", name, at)]
        found += [self.of_scope(scope, "me", name, at) for scope in ("person", "own")]
        found += [self.of_scope("team", team, name, at) for team in {where for where, _, _ in self.stays}]
        return tightest([tightest(values) for values in found if values])


@dataclass
class House:
    """Alice, two teams, and a clock; every change goes to the services and, if they accept it, to the naive log."""

    user: User
    teams: list[Team]
    naive: Naive
    at: datetime = BEGINS_AT

    @classmethod
    def founded(cls, zone: str) -> "House":
        teams = [a_team("North"), a_team("South")]
        user = a_user("alice", "moderator", zone=zone)
        return cls(user, teams, Naive([(ALWAYS, zone)]))

    def do(self, kind: str, *facts: object) -> None:
        try:
            with transaction.atomic():
                getattr(self, f"do_{kind}")(*facts)
        except (Refused, AlreadyInTeam):
            return

    def do_set(self, scope: str, team: int, name: str, value: int) -> None:
        whose = {"team": str(self.teams[team].pk)}.get(scope, str(subject_of(self.user)))
        known = {"team": self.teams[team].pk}.get(scope, "me")
        if scope == "ceiling":
            known = ""
            move_ceiling(name=name, value=value, set_by="system", reason="r", at=self.at)
        else:
            set_limit(
                scope=scope,
                scope_ref=whose,
                name=name,
                value=value,
                set_by="system",
                reason="r",
                at=self.at,
            )
        self.naive.said.append((scope, known, name, self.at, value))

    def do_undo(self, name: str) -> None:
        lift_own(subject=subject_of(self.user), name=name, at=self.at)
        self.naive.said.append(("own", "me", name, self.at, UNDONE[name]))

    def do_move(self, where: int | None) -> None:
        team = None if where is None else self.teams[where]
        set_team(user=self.user, team=team, actor="system", at=self.at)
        self.naive.stays = [(where, since, until or self.at) for where, since, until in self.naive.stays]
        if team is not None:
            self.naive.stays.append((team.pk, self.at, None))

    def do_fly(self, zone: str) -> None:
        holds_from = set_time_zone(user=self.user, zone=zone, actor="system", at=self.at)
        self.naive.zones = [one for one in self.naive.zones if one[0] <= self.at] + [(holds_from, zone)]

    def check(self) -> None:
        """Now, and beforehand a second each side of the midnight that follows, and half a day and a day later."""
        midnight = self.naive.midnight_after(self.at)
        second, hour = timedelta(seconds=1), timedelta(hours=1)
        for at in (self.at, midnight - second, midnight, self.at + 12 * hour, self.at + 25 * hour):
            limits = read_person_then(subject_of(self.user), at=at).limits
            for name in SHIPPED:
                assert limits[name].value == self.naive.in_force(name, at), (name, at)


names = st.sampled_from(sorted(SHIPPED))
setting = st.one_of(
    *(
        st.tuples(
            st.just("set"),
            st.sampled_from(["team", "team", "team", "own", "person", "ceiling"]),
            st.integers(0, 1),
            st.just(name),
            st.sampled_from(VALUES[name]),
        )
        for name in sorted(SHIPPED)
    )
)
moving = st.tuples(st.just("move"), st.sampled_from([0, 1, None]))
flying = st.tuples(st.just("fly"), st.sampled_from(ZONES))
undoing = st.tuples(st.just("undo"), names)
changes = st.one_of(*[setting] * 7, moving, flying, undoing)
passing = st.one_of(st.integers(1, 3600), st.integers(1, 3600), st.integers(3600, 12 * 3600), st.just(90_000))
scripts = st.lists(st.tuples(passing, changes), min_size=8, max_size=20)


class RolledBack(Exception):
    pass


def in_a_house(zone: str, live: Callable[[House], None]) -> None:
    """Run one example and leave no row behind."""
    try:
        with transaction.atomic():
            live(House.founded(zone))
            raise RolledBack  # noqa: TRY301 - the way out of the transaction
    except RolledBack:
        return


@pytest.mark.django_db
@anew
@example("Asia/Kathmandu", [(60, ("set", "team", 0, "seconds_3", value)) for value in (600, 3600, 30)])
@given(st.sampled_from(ZONES), scripts)
def test_the_value_in_force_is_that_of_a_naive_reading(
    zone: str, script: list[tuple[int, tuple[object, ...]]]
) -> None:
    def live(house: House) -> None:
        house.do("move", 0)
        for seconds, change in script:
            house.at += timedelta(seconds=seconds)
            house.do(*change)  # type: ignore[arg-type]
            house.check()

    in_a_house(zone, live)


at_the_desk = st.lists(
    st.one_of(
        st.tuples(st.just("beat"), st.sampled_from([5, 5, 4, 9])),
        st.tuples(st.just("beat"), st.sampled_from([5, 5, 4, 9])),
        st.tuples(st.just("show"), st.integers(0, 5)),
        st.tuples(st.just("set"), st.sampled_from(["team", "own", "person", "ceiling"]), st.integers(0, 60)),
        st.tuples(st.just("move"), st.sampled_from([0, 1, None])),
    ),
    min_size=15,
    max_size=40,
)


def used_ms() -> int:
    return sum(ExposureSum.objects.filter(severity__gte=3).values_list("shown_ms", flat=True))


@pytest.mark.django_db
@anew
@given(at_the_desk)
def test_no_desk_that_beats_is_served_beyond_it_by_more_than_a_beat(
    script: list[tuple[object, ...]],
) -> None:
    """After every beat and every change: what is still served is below the value in force at that moment."""

    def live(house: House) -> None:
        house.do("move", 0)
        desk = Desk(subject_of(house.user), at=house.at).open()
        desk.show(a_look(3))
        for step in script:
            _one_step(house, desk, step)
            _check_served(house, desk)

    in_a_house("Asia/Kathmandu", live)


def _one_step(house: House, desk: Desk, step: tuple[object, ...]) -> None:
    kind, *facts = step
    house.at = desk.at
    if kind == "set":
        scope, value = facts
        house.do("set", scope, 0, "seconds_3", value)
    elif kind == "move":
        house.do("move", *facts)
    elif kind == "show":
        desk.wait(timedelta(seconds=int(facts[0])))  # type: ignore[call-overload]
        try:
            desk.show(a_look(3))
        except Refused:
            desk.page = None
    else:
        desk.beat(after=timedelta(seconds=int(facts[0])))  # type: ignore[call-overload]


def _check_served(house: House, desk: Desk) -> None:
    if used_ms() < house.naive.in_force("seconds_3", desk.at) * 1000:
        return
    page = desk.page
    assert page is None or may_serve(subject=desk.subject, exposure_id=page, level="grey", at=desk.at) is None
    shown = desk.locked().exposure
    assert shown is None or shown.level == "shielded"
