"""Arrange steps of the audit tests."""

from datetime import datetime

from django.db import connection, transaction

from audit.services import record, seal_next
from tests.cast import T0


def write(count: int, *, at: datetime = T0) -> None:
    for number in range(count):
        with transaction.atomic():
            record(
                actor="system",
                action="limit.set",
                target_kind="team",
                target_id=str(number),
                at=at,
                detail={"to": number, "from": None},
                reason="Föhn",
            )


def seal_all(*, at: datetime = T0) -> int:
    count = 0
    while seal_next(at=at):
        count += 1
    return count


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
