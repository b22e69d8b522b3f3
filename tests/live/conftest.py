"""One desk of alice, opened at T0."""

import pytest

from people.models import User
from tests.cast import subject_of
from tests.wellbeing.steps import Desk


@pytest.fixture
def desk(alice: User) -> Desk:
    return Desk(subject_of(alice)).open()
