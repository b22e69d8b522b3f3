"""What another process committed reaches the pages connected to this one."""

import asyncio
import threading
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import connection
from pytest_django import Settings

from live import pages as live_pages
from live.events import EARS, group_of, message
from live.models import Rev
from live.pages import pages_here
from tests.live.listening import Listener, Waiting

pytestmark = pytest.mark.django_db(transaction=True)


def commit_elsewhere(subject: UUID, number: int) -> None:
    """Write as a process without this one's channel layer would: on a connection of its own."""

    def write() -> None:
        try:
            Rev.objects.update_or_create(group=group_of(subject), defaults={"number": number})
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()


async def a_page(subject: UUID) -> Listener:
    page = Listener()
    await pages_here().add(group_of(subject), page)
    return page


async def leaves(subject: UUID, page: Listener) -> None:
    await pages_here().remove(group_of(subject), page)


async def until_watched(*subjects: UUID) -> None:
    groups = [group_of(subject) for subject in subjects]
    async with asyncio.timeout(5):
        while not pages_here().watcher.has_seen(groups):  # noqa: ASYNC110 - the watcher has no such event
            await asyncio.sleep(0.01)


async def tells(numbers: dict[UUID, int]) -> None:
    """Send what a process sends whose layer is the one of this process."""
    await says(message({group_of(subject): number for subject, number in numbers.items()}))


async def says(what: dict[str, object]) -> None:
    layer = get_channel_layer()
    assert layer is not None
    await layer.group_send(EARS, what)


async def test_a_commit_elsewhere_is_told_to_every_page_of_that_person_and_to_nobody_else() -> None:
    mine, other = uuid4(), uuid4()
    pages = [await a_page(mine), await a_page(mine)]
    stranger = await a_page(other)
    await until_watched(mine, other)
    await sync_to_async(commit_elsewhere, thread_sensitive=False)(mine, 7)
    assert [await page.heard() for page in pages] == [7, 7]
    assert await stranger.hears_nothing()
    for page in pages:
        await leaves(mine, page)
    await leaves(other, stranger)


async def test_one_message_tells_each_page_its_own_number_and_nobody_elses() -> None:
    alice, amina, absent, stranger = uuid4(), uuid4(), uuid4(), uuid4()
    pages = {subject: await a_page(subject) for subject in (alice, amina, stranger)}
    await tells({alice: 3, amina: 8, absent: 5})
    assert [await pages[alice].heard(), await pages[amina].heard()] == [3, 8]
    assert await pages[stranger].hears_nothing()
    for subject, page in pages.items():
        await leaves(subject, page)


async def test_who_has_left_hears_nothing_and_the_others_of_the_group_still_do() -> None:
    subject = uuid4()
    gone, here = await a_page(subject), await a_page(subject)
    await leaves(subject, gone)
    await tells({subject: 4})
    assert await here.heard() == 4
    assert await gone.hears_nothing()
    await leaves(subject, here)


async def test_a_page_that_takes_its_time_holds_up_no_other() -> None:
    slow, quick = uuid4(), uuid4()
    waits, page = Waiting(), await a_page(quick)
    await pages_here().add(group_of(slow), waits)
    await tells({slow: 1, quick: 1})
    await tells({quick: 2})
    assert [await page.heard(), await page.heard()] == [1, 2]
    waits.go_on.set()
    await pages_here().remove(group_of(slow), waits)
    await leaves(quick, page)


async def test_a_message_that_nobody_can_read_makes_no_page_deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_pages, "DEAF_SECONDS", 0.01)
    subject = uuid4()
    page = await a_page(subject)
    await says({"type": "revs"})
    await tells({subject: 2})
    assert await page.heard() == 2
    await leaves(subject, page)


async def test_a_layer_that_refuses_admits_no_page(settings: Settings) -> None:
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "tests.live.broken_layer.BrokenLayer"}}
    subject = uuid4()
    with pytest.raises(ConnectionError):
        await a_page(subject)
    assert group_of(subject) not in pages_here().groups


async def test_after_the_last_page_the_layer_knows_nobody() -> None:
    subject = uuid4()
    page = await a_page(subject)
    layer = get_channel_layer()
    assert isinstance(layer, InMemoryChannelLayer)
    assert layer.groups[EARS]
    await leaves(subject, page)
    assert EARS not in layer.groups
    again = await a_page(subject)
    await tells({subject: 1})
    assert await again.heard() == 1
    await leaves(subject, again)


async def test_the_watcher_starts_with_the_first_page_and_ends_with_the_last() -> None:
    subject = uuid4()
    assert not pages_here().watcher.is_running
    first, last = await a_page(subject), await a_page(subject)
    await leaves(subject, first)
    assert pages_here().watcher.is_running
    await leaves(subject, last)
    assert not pages_here().watcher.is_running


@pytest.mark.parametrize("again", [1, 2])
async def test_every_event_loop_has_a_watcher_of_its_own(again: int) -> None:
    subject = uuid4()
    page = await a_page(subject)
    await until_watched(subject)
    await sync_to_async(commit_elsewhere, thread_sensitive=False)(subject, again)
    assert await page.heard() == again
    await leaves(subject, page)
    assert not pages_here().watcher.is_running


async def test_leaving_twice_is_no_error() -> None:
    subject = uuid4()
    page = await a_page(subject)
    await leaves(subject, page)
    await leaves(subject, page)
    assert not pages_here().watcher.is_running
