"""The web processes' own entry needs nothing that its server would have to set.

Seen red with ``config.health`` imported before ``config.wsgi``: no web process of a cluster came up.
"""

import os

import pytest

from tests.config import commands

pytestmark = pytest.mark.any_database


def test_it_names_its_settings_itself_and_then_insists_on_a_cluster() -> None:
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    done = commands.run_anew("-c", "import config.web", environment=environment | {"DATA_DIR": "/none"})
    assert done.returncode != 0
    assert "DATABASE_URL (PostgreSQL) and REDIS_URL are both needed here." in done.stderr
