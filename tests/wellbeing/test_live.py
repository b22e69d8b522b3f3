"""What another process committed reaches the pages connected to this one."""

import asyncio
import threading
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import connection

from wellbeing import live
from wellbeing.events import group_of
from wellbeing.models import Rev

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


async def a_page(subject: UUID) -> str:
    layer = get_channel_layer()
    assert layer is not None
    channel: str = await layer.new_channel()
    await layer.group_add(group_of(subject), channel)
    await live.watch(group_of(subject))
    return channel


async def what_comes(channel: str) -> object:
    layer = get_channel_layer()
    assert layer is not None
    async with asyncio.timeout(5):
        return await layer.receive(channel)


async def until_watched(subject: UUID) -> None:
    async with asyncio.timeout(5):
        while group_of(subject) not in live.watcher()._told:  # noqa: ASYNC110 - the watcher has no such event
            await asyncio.sleep(0.01)


async def test_a_commit_elsewhere_is_told_to_every_page_of_that_person_and_to_nobody_else() -> None:
    mine, other = uuid4(), uuid4()
    pages = [await a_page(mine), await a_page(mine)]
    stranger = await a_page(other)
    await until_watched(mine)
    await until_watched(other)
    await sync_to_async(commit_elsewhere, thread_sensitive=False)(mine, 7)
    assert [await what_comes(page) for page in pages] == [{"type": "rev", "rev": 7}] * 2
    layer = get_channel_layer()
    assert layer is not None
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await layer.receive(stranger)
    for subject in (mine, mine, other):
        await live.unwatch(group_of(subject))


async def test_the_watcher_starts_with_the_first_page_and_ends_with_the_last() -> None:
    subject = uuid4()
    assert not live.watcher().is_running
    await a_page(subject)
    await a_page(subject)
    await live.unwatch(group_of(subject))
    assert live.watcher().is_running
    await live.unwatch(group_of(subject))
    assert not live.watcher().is_running


@pytest.mark.parametrize("again", [1, 2])
async def test_every_event_loop_has_a_watcher_of_its_own(again: int) -> None:
    subject = uuid4()
    await a_page(subject)
    await until_watched(subject)
    await sync_to_async(commit_elsewhere, thread_sensitive=False)(subject, again)
    await live.unwatch(group_of(subject))
    assert not live.watcher().is_running


async def test_leaving_twice_is_no_error() -> None:
    await live.unwatch(group_of(uuid4()))
    assert not live.watcher().is_running
