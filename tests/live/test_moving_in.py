"""Change numbers got an app of their own without a row or a table being touched."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from live.models import Rev

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("app", "name"), [("live", "0001_initial"), ("wellbeing", "0034_change_numbers_move_out")]
)
@pytest.mark.parametrize("backwards", [False, True])
def test_neither_migration_says_anything_to_the_database(app: str, name: str, backwards: bool) -> None:
    """Seen red with ``DeleteModel`` outside of ``SeparateDatabaseAndState``."""
    loader = MigrationLoader(connection, replace_migrations=False)
    said = loader.collect_sql([(loader.graph.nodes[app, name], backwards)])
    assert [line for line in said if not line.startswith("--") and line not in {"BEGIN;", "COMMIT;"}] == []


def test_the_table_is_where_it_was() -> None:
    assert Rev._meta.db_table == "wellbeing_rev"
    assert Rev._meta.db_table in connection.introspection.table_names()
