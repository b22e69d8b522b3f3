"""The officer, the representative and the operator at the safeguard."""

import pytest

from people.models import User
from tests.taxonomy import ensure_taxonomy
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office, signs_in


@pytest.fixture(autouse=True)
def taxonomy(db: None) -> None:
    ensure_taxonomy()


@pytest.fixture
def officer(wim: User) -> Office:
    return Office(signs_in(wim), wim)


@pytest.fixture
def representative(rosa: User) -> Office:
    return Office(signs_in(works_today(rosa)), rosa)


@pytest.fixture
def operator(olga: User) -> Office:
    return Office(signs_in(olga), olga)


@pytest.fixture
def lead(dana: User) -> Office:
    return Office(signs_in(works_today(dana)), dana)


@pytest.fixture
def moderator(alice: User) -> Office:
    return Office(signs_in(works_today(alice)), alice)
