"""Change numbers: in the same commit for limits, right after it for a person's own acts; never content."""

from datetime import timedelta
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import OperationalError, connection, transaction
from pytest_django import Settings

from live import events
from live.models import Rev
from tests.cast import T0
from tests.live.counting_layer import CountingLayer
from tests.numbers import rev_of
from tests.wellbeing.steps import Desk, a_look
from wellbeing.core.services import breaks, exposure
from wellbeing.core.services.locking import hold


@pytest.fixture(autouse=True)
def an_announcer_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that met a broken layer rests for a while, and drops what it is given."""
    monkeypatch.setattr(events, "_announcers", {})


def test_numbers_begin_at_one_and_rise(db: None) -> None:
    subject = uuid4()
    assert rev_of(subject) == 0
    events.bump([subject])
    events.bump([subject, uuid4()])
    assert rev_of(subject) == 2
    assert Rev.objects.count() == 2


def test_a_rolled_back_change_moves_nothing(db: None) -> None:
    subject = uuid4()
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        events.bump([subject])
        raise RuntimeError
    assert rev_of(subject) == 0


def test_an_act_that_a_page_would_show_moves_the_number_once(
    desk: Desk, django_capture_on_commit_callbacks: object
) -> None:
    desk.show(a_look(1))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        desk.act(exposure.cover, reason="esc")
    assert rev_of(desk.subject) == 1


def test_an_act_that_changes_no_page_moves_nothing(
    desk: Desk, django_capture_on_commit_callbacks: object
) -> None:
    desk.show(a_look(1))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        desk.beat()
    assert rev_of(desk.subject) == 0


def test_a_broken_layer_is_no_error(
    db: None, settings: object, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: object
) -> None:
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "tests.live.broken_layer.BrokenLayer"}}  # type: ignore[attr-defined]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        events.bump([uuid4()])
    events.drain()
    assert "did not take" in caplog.text


@pytest.mark.django_db(transaction=True)
async def test_a_number_is_all_that_is_pushed() -> None:
    layer, subject = get_channel_layer(), uuid4()
    assert layer is not None
    channel = await layer.new_channel()
    await layer.group_add(events.EARS, channel)
    await database_sync_to_async(events.bump)([subject])
    assert await layer.receive(channel) == {"type": "revs", "numbers": {events.group_of(subject): 1}}


@pytest.mark.django_db(transaction=True)
def test_however_many_a_change_concerns_it_is_one_message(settings: Settings) -> None:
    """Seen red with a message for each group."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "tests.live.counting_layer.CountingLayer"}}
    subjects = [uuid4() for _ in range(200)]
    events.bump(subjects)
    events.drain()
    layer = get_channel_layer()
    assert isinstance(layer, CountingLayer)
    assert layer.sent == [(events.EARS, events.message({events.group_of(one): 1 for one in subjects}))]


@pytest.mark.django_db(transaction=True)
def test_a_tick_that_ends_a_break_is_told() -> None:
    subject = uuid4()
    with transaction.atomic():
        rest = breaks.too_much(locked=hold(subject=subject, at=T0))
    before = rev_of(subject)
    for n in range(1, 92):
        with transaction.atomic():
            hold(subject=subject, at=T0 + timedelta(seconds=10 * n))
    rest.refresh_from_db()
    assert rest.served_ms >= rest.length_ms
    assert rev_of(subject) == before + 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_after_the_commit_takes_nothing_back() -> None:
    """Django names a callback that failed by its ``__qualname__``, which a ``partial`` lacks: seen red with one."""

    def refuse_to_read(execute, sql, params, many, context):
        if sql.startswith("SELECT") and "wellbeing_rev" in sql:
            raise OperationalError
        return execute(sql, params, many, context)

    subject = uuid4()
    with connection.execute_wrapper(refuse_to_read):
        events.bump([subject])
    assert rev_of(subject) == 1
