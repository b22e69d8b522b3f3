"""The API walked by a machine, from its own document: nothing fails, and every answer is one that is written down."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from config.wsgi import application
from moderation.api import limiting
from moderation.rules.public_ids import ITEM, tell
from tests.moderation.api.caller import Caller, a_policy, a_secret
from tests.moderation.services.steps import an_item, take_in

# What only PostgreSQL refuses (NUL, numbers too large) is sent to both by tests/moderation/api/test_bad_input.py.
pytestmark = pytest.mark.any_database
EXAMPLES = 25
# A document cannot say that a category or a cursor must exist, so what fits it may still be refused with 422.
NOT_ASKED = [positive_data_acceptance]


@pytest.fixture
def calls(lumen, photos, tmp_path, settings) -> Caller:
    settings.MEDIA_ROOT = tmp_path / "media"
    a_policy(photos)
    limiting.forget()
    return Caller(a_secret(lumen))


@pytest.fixture
def known_item(calls, lumen) -> str:
    return tell(ITEM, take_in(lumen, an_item("known")).item_id)


@pytest.fixture(autouse=True)
def connection_stays_open():
    """Keep the test's transaction: outside a test the end of each request closes its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
patiently = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)


@schema.parametrize()
@patiently
def test_every_answer_is_documented(case, calls) -> None:
    limiting.forget()
    case.call_and_validate(headers=calls.headers, excluded_checks=NOT_ASKED)


@schema.include(path_regex="item_id").parametrize()
@patiently
def test_every_answer_about_an_item_that_exists_is_documented(case, calls, known_item) -> None:
    limiting.forget()
    case.path_parameters["item_id"] = known_item
    case.call_and_validate(headers=calls.headers, excluded_checks=NOT_ASKED)
