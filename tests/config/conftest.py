"""What the tests of this folder start together is ended with them."""

from collections.abc import Iterator

import pytest

from tests.config import commands


@pytest.fixture(scope="session", autouse=True)
def commands_end() -> Iterator[None]:
    yield
    commands.end()
