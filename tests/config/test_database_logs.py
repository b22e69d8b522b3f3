"""PostgreSQL's log repeats nothing, or a cluster does not start.

Seen red without the second look, and with a role that is taken at its word.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from config import database_logs
from config.cluster import database_talks
from config.database_logs import DatabaseTalks
from tests.queues.work import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def loud() -> Iterator[None]:
    """This role's sessions write every statement into the log."""
    change("ALTER ROLE CURRENT_USER SET log_statement = 'all'")
    change("ALTER ROLE CURRENT_USER SET log_error_verbosity = 'default'")
    connection.close()
    yield
    change("RESET ROLE")
    change("ALTER ROLE CURRENT_USER RESET ALL")
    connection.close()


@pytest.fixture
def may_not(loud: None) -> Iterator[None]:
    """The role may not change that: it is no superuser."""
    change("DROP ROLE IF EXISTS somebody_ordinary")
    change("CREATE ROLE somebody_ordinary")
    change("SET ROLE somebody_ordinary")
    yield
    change("RESET ROLE")
    change("DROP ROLE somebody_ordinary")


def change(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.usefixtures("loud")
def test_what_is_loud_is_named_and_hushed_for_the_role() -> None:
    assert database_logs.talking() == ["log_error_verbosity", "log_statement"]
    database_logs.hush()
    assert database_logs.talking() == []


@pytest.mark.usefixtures("may_not")
def test_where_the_role_may_not_it_does_not_start_and_says_what_to_do() -> None:
    with pytest.raises(DatabaseTalks):
        database_logs.insist()
    [line] = database_talks()
    assert "log_error_verbosity, log_statement" in line
    assert "DATABASE_LOGS_ACKNOWLEDGED=1" in line


@pytest.mark.usefixtures("may_not")
def test_an_operator_who_says_that_they_know_may_start(settings: Settings) -> None:
    settings.DATABASE_LOGS_ACKNOWLEDGED = True
    assert database_talks() == []
    assert database_logs.talking()


@pytest.mark.usefixtures("loud")
def test_all_processes_of_a_cluster_may_hush_it_at_once() -> None:
    """Seen red without the lock: a cluster that started at once lacked one of its workers (tuple concurrently updated)."""
    for _ in range(5):
        change("ALTER ROLE CURRENT_USER SET log_statement = 'all'")
        connection.close()
        assert at_once(*[database_logs.hush] * 8) == [None] * 8
    connection.close()
    assert database_logs.talking() == []


def test_a_quiet_server_is_left_as_it_is() -> None:
    database_logs.hush()
    assert database_talks() == []
