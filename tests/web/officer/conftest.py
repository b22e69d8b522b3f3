"""The officer, a second officer, the representative, a lead and a moderator at the officer's pages."""

import pytest

from people.models import User
from tests.cast import a_user
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office, signs_in


@pytest.fixture
def officer(wim: User) -> Office:
    return Office(signs_in(wim), wim)


@pytest.fixture
def second_officer(wim: User) -> Office:
    willa = a_user("willa", "wellbeing_officer")
    return Office(signs_in(willa), willa)


@pytest.fixture
def representative(rosa: User) -> Office:
    return Office(signs_in(works_today(rosa)), rosa)


@pytest.fixture
def lead(dana: User) -> Office:
    return Office(signs_in(works_today(dana)), dana)


@pytest.fixture
def moderator(alice: User) -> Office:
    return Office(signs_in(works_today(alice)), alice)
