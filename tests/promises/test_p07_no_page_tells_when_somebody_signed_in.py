"""P7, P8, P10. When somebody signs in and out, and what was refused to them, stands in the record for the auditor, and on no page.

Seen red with ``last_login`` on the operator's list, and with rows about people in the queues' history.
"""

import ast
from pathlib import Path

import pytest
from django.test import Client

from audit.models import AuditRow
from people.models import User
from tests import cast
from tests.cast import PASSWORD
from tests.promises.team_with_a_day import Day
from tests.promises.test_p10_no_speed_no_score_no_rank import without_clock
from tests.promises.walking import walks
from tests.web.desk.scene import works_today
from tests.web.lead.office import signs_in

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
READERS = {"audit", "config/backup/proofs.py", "web/lead/queue_history.py"}
"""Who reads rows of the record: its own commands, a restored backup's proof, and what was done to a lead's queues."""


def they_come_and_go(day: Day) -> None:
    """Two of them sign in by their passwords, are refused a door, leave, and are tried in vain by somebody else."""
    for who in day.people[:2]:
        client = Client()
        client.post("/accounts/login/", {"login": who.username, "password": PASSWORD})
        assert client.get("/people/").status_code == 403
        client.post("/accounts/logout/")
        client.post("/accounts/login/", {"login": who.username, "password": "wrong"})


@pytest.mark.parametrize("role", ["lead", "wellbeing_officer", "representative", "operator", "moderator"])
def test_no_answer_changes_by_it(day: Day, role: str) -> None:
    client = signs_in(works_today(cast.a_user("norma", role, team=day.teams[0])))
    before = without_clock(walks(client, day.ids))
    they_come_and_go(day)
    assert AuditRow.objects.filter(action="sign_in.done").count() == 2
    assert User.objects.filter(last_login__isnull=False, pk__in=[who.pk for who in day.people]).count() == 2
    after = without_clock(walks(client, day.ids))
    assert [address for address in before if before[address] != after[address]] == []


@pytest.mark.any_database
def test_nothing_else_reads_the_record() -> None:
    """A new reader fails here until somebody has thought about what of a person it tells."""
    found = set()
    for app in ("config", "web", "moderation", "queues", "wellbeing", "people", "outbox", "live"):
        for path in (ROOT / app).rglob("*.py"):
            if any(_reads(node) for node in ast.walk(ast.parse(path.read_text()))):
                found.add(str(path.relative_to(ROOT)))
    assert found == READERS - {"audit"}


def _reads(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module in {"audit.models", "audit.selectors"}
