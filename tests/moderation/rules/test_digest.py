"""By what content and requests are recognised."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.rules.digest import canonical, canonical_size, content_digest, digest_of

pytestmark = pytest.mark.any_database
CONTENT: dict[str, Any] = {"text": "a", "media": ["00", "11"], "context": {"url": "u"}}
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "change",
    [{"text": "b"}, {"text": ""}, {"media": ["11", "00"]}, {"media": ["00"]}, {"context": {}}, {"context": {"url": "v"}}],
)  # fmt: skip
def test_every_part_of_the_content_counts(change) -> None:
    assert content_digest(**CONTENT) != content_digest(**(CONTENT | change))


def test_text_cannot_pass_for_a_medium() -> None:
    assert content_digest(text='","media":["x', media=[], context={}) != content_digest(
        text="", media=["x"], context={}
    )


@given(values)
def test_the_order_of_names_does_not_count(value) -> None:
    shuffled = json.loads(json.dumps(value), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert digest_of(value) == digest_of(shuffled)


@given(values, values)
def test_different_values_differ(one, other) -> None:
    assert (canonical(one) == canonical(other)) == (digest_of(one) == digest_of(other))


def test_size_counts_bytes_and_not_characters() -> None:
    assert canonical_size({"a": "é"}) == len('{"a":"é"}'.encode())
