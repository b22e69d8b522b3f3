"""Two connections at once: everything about one person happens one after the other."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from live import events
from live.models import Rev
from tests.cast import T0
from tests.wellbeing.steps import a_look
from wellbeing.core.services import exposure, presence
from wellbeing.core.services.locking import hold
from wellbeing.models import Exposure, ExposureSum, LimitRow, PersonState

pytestmark = pytest.mark.django_db(transaction=True)

S = timedelta(seconds=1)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run each act on a connection of its own, all from one barrier; return results, or what was raised."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            results[place] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def sit_down(subject: UUID) -> None:
    with transaction.atomic():
        presence.open_desk(locked=hold(subject=subject, at=T0), beating=True)


def test_the_row_of_a_person_is_made_once() -> None:
    subject = uuid4()

    def first() -> object:
        with transaction.atomic():
            return hold(subject=subject, at=T0).subject

    assert at_once(*[first] * 4) == [subject] * 4
    assert PersonState.objects.count() == 1


def test_two_tabs_that_show_at_once_leave_one_exposure_open() -> None:
    subject = uuid4()
    sit_down(subject)

    def show() -> object:
        with transaction.atomic():
            locked = hold(subject=subject, at=T0)
            return exposure.show(locked=locked, look=a_look(2), level="grey", beating=True).pk

    results = at_once(*[show] * 6)
    assert all(isinstance(result, UUID) for result in results)
    assert Exposure.objects.filter(closed_at__isnull=True).count() == 1
    assert sum(ExposureSum.objects.values_list("cases", flat=True)) == 6


def test_beats_at_once_add_up_to_the_raw_rows() -> None:
    subject = uuid4()
    sit_down(subject)
    with transaction.atomic():
        locked = hold(subject=subject, at=T0)
        page = exposure.show(locked=locked, look=a_look(3), level="grey", beating=True).pk

    def beat(n: int) -> Callable[[], object]:
        def act() -> object:
            with transaction.atomic():
                locked = hold(subject=subject, at=T0 + n * S)
                return exposure.beat(locked=locked, exposure_id=page, holding=False).level

        return act

    assert at_once(*[beat(n) for n in (5, 6, 7, 8)]) == ["grey"] * 4
    assert ExposureSum.objects.get(shown_ms__gt=0).shown_ms == Exposure.objects.get().shown_ms
    assert Exposure.objects.get().shown_ms >= 8000


def test_the_last_second_of_a_limit_is_given_once() -> None:
    """Six tabs show new cases while one case is left: one is shown, five are refused."""
    subject = uuid4()
    sit_down(subject)
    LimitRow.objects.create(
        scope="own", scope_ref=str(subject), name="cases_4", value=1, set_at=T0, set_by="system"
    )

    def show() -> object:
        with transaction.atomic():
            locked = hold(subject=subject, at=T0)
            return exposure.show(locked=locked, look=a_look(4), level="grey", beating=True).pk

    results = at_once(*[show] * 6)
    assert sorted(type(result).__name__ for result in results) == ["LimitReached"] * 5 + ["UUID"]
    assert ExposureSum.objects.get(severity=4).cases == 1


def test_numbers_of_one_person_raised_at_once_are_all_counted() -> None:
    subject = uuid4()
    at_once(*[lambda: events.bump([subject])] * 6)
    assert Rev.objects.get().number == 6
