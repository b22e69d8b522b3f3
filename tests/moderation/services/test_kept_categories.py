"""The categories in force are kept in a process only while a reading now would find the same.

Each kind of change is tried, by rows and not by our services. Seen red: without the triggers of one table, without the look
at when the next version holds, with what is kept serving for ever.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from moderation.models import Category, CategoryVersion
from moderation.selectors.taxonomy import categories_in_force, kept_categories
from people.models import Mark
from tests.cast import T0
from tests.taxonomy import ensure_taxonomy

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def shipped(db: None) -> None:
    ensure_taxonomy()


def mark() -> str | None:
    return Mark.objects.filter(key="taxonomy").values_list("stamp", flat=True).first()


def is_kept_as_read(*, at: object = T0) -> bool:
    return kept_categories(mark(), at=at) == categories_in_force(at=at)  # type: ignore[arg-type]


def a_version(**facts: object) -> CategoryVersion:
    first = {"category_id": "HATE", "severity": 4, "flags": "V", "effective_from": T0 - SECOND, "set_by": "x"}
    return CategoryVersion.objects.create(**(first | facts))


def raw(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


CHANGES: dict[str, Callable[[], object]] = {
    "a version": a_version,
    "a version that closes": lambda: a_version(is_enabled=False),
    "a label": lambda: Category.objects.filter(code="HATE").update(label="Another"),
    "a category that is closed": lambda: Category.objects.filter(code="HATE").update(is_enabled=False),
    "by the database's own shell": lambda: raw("UPDATE moderation_category SET position = position + 1"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_has_changed_is_read_anew(change: Callable[[], object]) -> None:
    before = kept_categories(mark(), at=T0)
    change()
    assert is_kept_as_read()
    assert kept_categories(mark(), at=T0) is not before


def test_a_new_category_is_read_anew_and_so_is_one_that_went() -> None:
    kept_categories(mark(), at=T0)
    new = Category.objects.create(code="NEWEST", label="Newest", position=999)
    moved = mark()
    a_version(category_id="NEWEST")
    assert "NEWEST" in kept_categories(mark(), at=T0)
    assert mark() != moved
    other = Category.objects.create(code="OTHER", label="Other", position=1000)
    moved = mark()
    other.delete()
    assert mark() != moved
    assert new.pk in kept_categories(mark(), at=T0)


def test_what_has_not_changed_is_not_asked_for_again() -> None:
    stamp = mark()
    kept_categories(stamp, at=T0)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        kept_categories(stamp, at=T0 + SECOND)
    assert len(asked) == 0


def test_a_version_whose_time_comes_is_told_without_any_change() -> None:
    a_version(effective_from=T0 + SECOND)
    assert kept_categories(mark(), at=T0)["HATE"].severity != 4
    assert kept_categories(mark(), at=T0 + SECOND)["HATE"].severity == 4


def test_a_change_that_came_to_nothing_leaves_nothing_behind() -> None:
    before = kept_categories(mark(), at=T0)
    savepoint = transaction.savepoint()
    a_version()
    assert kept_categories(mark(), at=T0)["HATE"].severity == 4
    transaction.savepoint_rollback(savepoint)
    assert kept_categories(mark(), at=T0) == before


def test_nothing_is_kept_longer_than_a_minute_or_without_a_mark() -> None:
    stamp = str(uuid4())
    first = kept_categories(stamp, at=T0)
    Category.objects.filter(code="HATE").update(label="Another")
    assert kept_categories(stamp, at=T0 + MINUTE - SECOND) is first
    assert kept_categories(stamp, at=T0 + MINUTE)["HATE"].label == "Another"
    Category.objects.filter(code="HATE").update(label="A third")
    assert kept_categories(None, at=T0 + MINUTE)["HATE"].label == "A third"
