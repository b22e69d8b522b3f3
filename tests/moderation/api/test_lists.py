"""Lists that stay themselves while things are written."""

import pytest

from moderation.api.cursors import DECISIONS, ITEMS, cursor, place
from moderation.api.problems import Problem
from tests.moderation.api.caller import an_item


def all_pages(calls, limit: int, **query) -> list[str]:
    found, cursor = [], None
    for _page in range(20):
        page = calls.get("/items", limit=limit, **query, **({"cursor": cursor} if cursor else {})).json()
        found += [item["external_id"] for item in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return found
    raise AssertionError("the list does not end")


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 200])
def test_every_item_is_listed_once_newest_first(lumen_calls, limit) -> None:
    for number in range(6):
        lumen_calls.post("/items", an_item(f"post-{number}"))
    assert all_pages(lumen_calls, limit) == [f"post-{number}" for number in (5, 4, 3, 2, 1, 0)]


def test_what_arrives_while_a_reader_pages_changes_no_later_page(lumen_calls) -> None:
    for number in range(4):
        lumen_calls.post("/items", an_item(f"post-{number}"))
    first = lumen_calls.get("/items", limit=2).json()
    lumen_calls.post("/items", an_item("late"))
    second = lumen_calls.get("/items", limit=2, cursor=first["next_cursor"]).json()
    assert [item["external_id"] for item in first["data"] + second["data"]] == [
        "post-3", "post-2", "post-1", "post-0",
    ]  # fmt: skip


def test_only_what_an_item_is_now_is_listed(lumen_calls) -> None:
    lumen_calls.post("/items", an_item())
    lumen_calls.post("/items", an_item(text="Changed.", revision=4))
    listed = lumen_calls.get("/items").json()["data"]
    assert [item["revision"] for item in listed] == [4]
    assert lumen_calls.get("/items", status="withdrawn").json()["data"] == []


def test_a_list_takes_the_same_number_of_queries_whatever_its_length(
    lumen_calls, django_assert_max_num_queries
) -> None:
    for number in range(5):
        lumen_calls.post("/items", an_item(f"post-{number}"))
    with django_assert_max_num_queries(3):
        assert len(lumen_calls.get("/items").json()["data"]) == 5


def test_the_categories_are_those_of_the_taxonomy(lumen_calls) -> None:
    body = lumen_calls.get("/categories").json()
    assert body["next_cursor"] is None
    by_code = {category["code"]: category for category in body["data"]}
    assert len(by_code) == 26
    assert by_code["VIO_KILL"] == {
        "code": "VIO_KILL",
        "label": "Killing, execution, torture",
        "severity": 4,
        "flags": ["violent", "graphic", "audio"],
        "dsa_category": "STATEMENT_CATEGORY_VIOLENCE",
        "accepted": True,
    }
    assert not by_code["CSAM"]["accepted"]
    assert [c["severity"] for c in body["data"]] == sorted(
        (c["severity"] for c in body["data"]), reverse=True
    )


def test_a_cursor_tells_no_number() -> None:
    """Items of all platforms share a sequence."""
    first, second = cursor(ITEMS, 41), cursor(ITEMS, 42)
    assert first != second
    assert "41" not in str(first)
    assert place(ITEMS, first, name="cursor") == 41
    with pytest.raises(Problem):
        place(DECISIONS, first, name="after")
