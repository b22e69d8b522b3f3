"""A team's tightened limit reaches every desk of a team of 200, and no other desk.

Seen red without: the change number that a limit of a team moves, and with a loop over the team instead of one statement.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from live.events import group_of
from live.pages import RevWatcher, pages_here
from people.models import Subject, Team, TeamMembership, TimeZonePeriod, User
from tests.cast import T0, a_team, an_organisation
from tests.live.listening import Listener
from tests.wellbeing.steps import MINUTE
from wellbeing.limits.services.setting import set_limit

pytestmark = pytest.mark.django_db(transaction=True)

DESKS = 200


def people_of(team: Team, count: int) -> list[UUID]:
    """Put *count* people into a team; nobody of them ever signs in."""
    an_organisation()
    names = [f"{team.name}-{number}" for number in range(count)]
    users = User.objects.bulk_create(User(username=name, display_name=name, created_at=T0) for name in names)
    TeamMembership.objects.bulk_create(TeamMembership(user=u, team=team, effective_from=T0) for u in users)
    TimeZonePeriod.objects.bulk_create(
        TimeZonePeriod(user=user, zone="UTC", effective_from=T0 - timedelta(days=1)) for user in users
    )
    subjects = Subject.objects.bulk_create(Subject(id=uuid4(), user=user, created_at=T0) for user in users)
    return [subject.id for subject in subjects]


def tighten(team: Team, value: int) -> None:
    set_limit(
        scope="team",
        scope_ref=str(team.pk),
        name="seconds_3",
        value=value,
        set_by="system",
        reason="",
        at=T0 + MINUTE,
    )


def tighten_here(team: Team, value: int) -> None:
    """Tighten as a request of this process does, on a connection of its own."""
    try:
        tighten(team, value)
    finally:
        connection.close()


def tighten_elsewhere(team: Team, value: int) -> None:
    """Tighten as a process does whose channel layer nobody here hears: only the commit can be seen."""
    try:
        with transaction.atomic():
            tighten(team, value)
            connection.run_on_commit.clear()
    finally:
        connection.close()


async def pages_of(subjects: Sequence[UUID]) -> list[Listener]:
    pages = [Listener() for _ in subjects]
    for subject, page in zip(subjects, pages, strict=True):
        await pages_here().add(group_of(subject), page)
    return pages


async def leave(subjects: Sequence[UUID], pages: Sequence[Listener]) -> None:
    for subject, page in zip(subjects, pages, strict=True):
        await pages_here().remove(group_of(subject), page)


async def what_each_hears(pages: Sequence[Listener]) -> list[int]:
    """Wait until every page has heard something, and return the first of it."""
    return [await page.heard() for page in pages]


@dataclass(frozen=True)
class House:
    """A team of 200, and somebody of another team."""

    north: Team
    subjects: list[UUID]
    stranger: UUID


@pytest.fixture
def house(transactional_db: None) -> House:
    north = a_team("North")
    return House(north, people_of(north, DESKS), people_of(a_team("South"), 1)[0])


async def test_on_this_process_every_desk_of_the_team_is_told_and_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RevWatcher, "start", lambda _: None)
    pages, [stranger] = await pages_of(house.subjects), await pages_of([house.stranger])
    await sync_to_async(tighten_here, thread_sensitive=False)(house.north, 600)
    assert await what_each_hears(pages) == [1] * DESKS
    assert await stranger.hears_nothing()
    await leave([*house.subjects, house.stranger], [*pages, stranger])


async def test_a_commit_of_another_process_reaches_every_desk_of_the_team_and_no_other(house: House) -> None:
    everybody = [*house.subjects, house.stranger]
    *pages, stranger = await pages_of(everybody)
    await until_watched([group_of(subject) for subject in everybody])
    for number, value in ((1, 600), (2, 300)):
        await sync_to_async(tighten_elsewhere, thread_sensitive=False)(house.north, value)
        assert await what_each_hears(pages) == [number] * DESKS
    assert await stranger.hears_nothing()
    await leave(everybody, [*pages, stranger])


async def until_watched(groups: Sequence[str]) -> None:
    async with asyncio.timeout(10):
        while not pages_here().watcher.has_seen(groups):  # noqa: ASYNC110 - the watcher has no such event
            await asyncio.sleep(0.01)


def statements_to_tighten(team: Team, value: int) -> int:
    with CaptureQueriesContext(connection) as asked:
        tighten(team, value)
    return len(asked)


def test_a_large_team_is_told_in_as_many_statements_as_a_small_one() -> None:
    small, large = a_team("North"), a_team("South")
    people_of(small, 2)
    people_of(large, DESKS)
    # Before the first there is nothing to be compared with, so it asks for less.
    for team in (small, large):
        tighten(team, 900)
    assert statements_to_tighten(small, 600) == statements_to_tighten(large, 600)
