"""Buddies: asked, agreed, ended; only by the two of them.

Seen red without ``mine`` in ``buddies._held`` (a third person ended it) and without ``OwnName``.
"""

from uuid import UUID

import pytest

from people.models import User
from tests.cast import T0, subject_of
from wellbeing.choices.selectors.buddies import buddies_of, is_asked
from wellbeing.choices.services import buddies
from wellbeing.exceptions import (
    AlreadyAnswered,
    AlreadyAsked,
    NobodyCalledSo,
    NotFound,
    OwnName,
    SeveralCalledSo,
)

pytestmark = pytest.mark.django_db


def asks(user: User, name: str) -> UUID:
    return buddies.ask(subject=subject_of(user), name=name, at=T0).pk


def test_whoever_is_asked_says_yes_and_both_know(alice: User, charlie: User) -> None:
    asked = asks(alice, "  charlie ")
    assert is_asked(subject_of(charlie))
    buddies.agree(buddy=subject_of(charlie), buddy_id=asked, at=T0)
    [mine], [theirs] = buddies_of(subject_of(alice)), buddies_of(subject_of(charlie))
    assert (mine.other, mine.is_mine, mine.has_agreed) == (subject_of(charlie), True, True)
    assert (theirs.other, theirs.is_mine, theirs.has_agreed) == (subject_of(alice), False, True)
    assert not is_asked(subject_of(charlie))


def test_either_of_them_ends_it_and_another_may_be_asked(alice: User, amina: User, charlie: User) -> None:
    asked = asks(alice, "Charlie")
    with pytest.raises(AlreadyAsked):
        asks(alice, "Amina")
    buddies.end(subject=subject_of(charlie), buddy_id=asked, at=T0)
    assert buddies_of(subject_of(alice)) == []
    asks(alice, "Amina")


def test_nobody_else_can_say_yes_or_end_it(alice: User, amina: User, charlie: User) -> None:
    asked = asks(alice, "charlie")
    for third in (amina, alice):
        with pytest.raises(NotFound):
            buddies.agree(buddy=subject_of(third), buddy_id=asked, at=T0)
    with pytest.raises(NotFound):
        buddies.end(subject=subject_of(amina), buddy_id=asked, at=T0)


def test_a_second_yes_says_so(alice: User, charlie: User) -> None:
    asked = asks(alice, "charlie")
    buddies.agree(buddy=subject_of(charlie), buddy_id=asked, at=T0)
    with pytest.raises(AlreadyAnswered):
        buddies.agree(buddy=subject_of(charlie), buddy_id=asked, at=T0)


def test_a_name_that_is_not_there_or_ones_own_is_refused(alice: User, dana: User) -> None:
    for name in ("", "Zoe", "Dana"):
        with pytest.raises(NobodyCalledSo):
            asks(alice, name)
    with pytest.raises(OwnName):
        asks(alice, "Alice")


def test_a_name_that_two_have_is_refused(alice: User, amina: User, charlie: User) -> None:
    User.objects.filter(pk=charlie.pk).update(display_name="Amina")
    User.objects.filter(pk=amina.pk).update(username="amina.k")
    with pytest.raises(SeveralCalledSo):
        asks(alice, "Amina")
    asks(alice, "amina.k")
