"""A lead at their pages, on the day the test runs."""

import pytest

from people.models import User
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office, signs_in


@pytest.fixture
def dana(dana: User) -> User:
    return works_today(dana)


@pytest.fixture
def alice(alice: User) -> User:
    return works_today(alice)


@pytest.fixture
def charlie(charlie: User) -> User:
    return works_today(charlie)


@pytest.fixture
def lead(dana: User) -> Office:
    """Dana, signed in."""
    return Office(signs_in(dana), dana)
