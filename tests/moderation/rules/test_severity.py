"""How severe an item is for the person who will look at it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.rules.severity import FLAG_OF_HINT, UNKNOWN_LABEL, Label, severity_of

pytestmark = pytest.mark.any_database

HATE, GORE, KILL, SPAM = Label(2, "T"), Label(3, "G"), Label(4, "VGA"), Label(0, "T")
TRAFFICKING, ASSAULT = Label(2, "CT"), Label(2, "VA")


@pytest.mark.parametrize(
    ("category", "classified", "hints", "earlier", "expected"),
    [
        (HATE, [], [], 0, 2),  # the category's default
        (UNKNOWN_LABEL, [], [], 0, 3),  # until seen: surprise is a stressor
        (SPAM, [GORE], [], 0, 3),  # the classifier sees more
        (GORE, [SPAM], [], 0, 3),  # … and never lowers
        (HATE, [], ["child"], 0, 3),  # a child victim: one more
        (HATE, [], ["live"], 0, 3),
        (HATE, [], ["screaming"], 0, 3),
        (HATE, [], ["child", "live", "screaming"], 0, 3),  # one more, not three
        (TRAFFICKING, [], ["child"], 0, 2),  # its default knows of the child
        (ASSAULT, [], ["screaming"], 0, 2),  # … and of the sound
        (TRAFFICKING, [], ["child", "live"], 0, 3),  # but not of the live event
        (KILL, [], ["live"], 0, 4),  # at most 4
        (UNKNOWN_LABEL, [], ["child"], 0, 4),
        (SPAM, [GORE], ["child"], 0, 4),  # the hint is about the content, whoever named its category
        (SPAM, [], [], 4, 4),  # a moderator has seen it
        (GORE, [], [], 1, 3),  # nothing lowers it
    ],
)
def test_the_highest_holds(category, classified, hints, earlier, expected) -> None:
    found = severity_of(category=category, classified=classified, hints=hints, earlier=earlier)
    assert found == expected


labels = st.builds(Label, st.integers(0, 4), st.text("VGSCAT", max_size=6))
hints = st.sets(st.sampled_from(sorted(FLAG_OF_HINT)))


@given(labels, st.lists(labels, max_size=4), hints, st.integers(0, 4))
def test_it_is_between_the_category_and_four_and_more_facts_never_lower_it(
    category, more, given_hints, earlier
):
    least = severity_of(category=category)
    most = severity_of(category=category, classified=more, hints=given_hints, earlier=earlier)
    assert category.severity == least <= most <= 4
    assert most >= max([earlier, *(label.severity for label in more)], default=0)
