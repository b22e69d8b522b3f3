"""SQL that reads or writes in one statement what the ORM would need several for; the same text on both databases.

A person's lock is held while these run, and every round trip, and every text that is built anew, makes that longer.
The text is constant, so PostgreSQL prepares it once for each connection. Rows of several tables travel as JSON arrays:
``{array}`` and ``{list}`` in a text stand for the functions that make them, ``{each}`` for the one that yields the
``value`` of each text of a list, ``{greatest}`` for the larger of two, ``{lock}`` for FOR UPDATE, which SQLite neither
has nor needs: its transactions are IMMEDIATE; ``{now_ms}`` for the database's clock, in ms since 1970 (SQLite has none);
``{latest_id}`` for the id of the row that the statement before has written, run together with this one (``keeps_id``).
It lives with people because everybody who asks in this way stands above them.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.models.base import ModelState
from psycopg.types.numeric import Int8

from people.exceptions import TwoValues

Model = TypeVar("Model", bound=models.Model)

WORDS = {
    "postgresql": {
        "array": "json_build_array",
        "list": "json_agg",
        "each": "json_array_elements_text",
        "greatest": "greatest",
        "lock": "FOR UPDATE",
        "now_ms": "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
        "latest_id": "(SELECT id FROM latest)",
    },
    "sqlite": {
        "array": "json_array",
        "list": "json_group_array",
        "each": "json_each",
        "greatest": "max",
        "lock": "",
        "now_ms": "0",
        "latest_id": "last_insert_rowid()",
    },
}


AS_SENT: Final[dict[type, Callable[[Any], Any]]] = {int: Int8, list: json.dumps}
"""What a value is sent as. Every whole number as the same type: a statement is prepared anew for each combination of types."""

NAMED = re.compile(r"%\((\w+)\)s")


class Prepared(psycopg.RawCursor[tuple[Any, ...]]):
    """A cursor whose statements are prepared on the server; those of Django's own cursors are not.

    Raw: a statement has its parameters numbered already, where psycopg would look through the text each time.
    """

    def execute(self, query: Any, params: Any = None, **how: Any) -> "Prepared":
        """Run *query* as a prepared statement."""
        return super().execute(query, params, **(how | {"prepare": True}))


class Logged(Prepared):
    """The same while queries are logged: Django asks for the text that was sent, of which psycopg keeps none here."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> "Logged":
        """Run *query*, and keep its text."""
        super().execute(query, params, **how)
        self._query: Any = SimpleNamespace(query=str(query).strip().encode())
        return self


class Statement:
    """One SQL text with named parameters. *template*: with the words of ``WORDS`` in braces.

    ``keeps_id``: it writes one row, whose id the next statement of the same act asks for.
    """

    def __init__(self, template: str, *, keeps_id: bool = False) -> None:
        self._template, self.keeps_id = template, keeps_id
        self._texts: dict[str, str] = {}
        self._numbered: tuple[str, tuple[str, ...]] | None = None

    @property
    def text(self) -> str:
        """The text for the database in use, with named parameters."""
        vendor = connection.vendor
        if vendor not in self._texts:
            self._texts[vendor] = self._template.format(**WORDS[vendor])
        return self._texts[vendor]

    @property
    def numbered(self) -> tuple[str, tuple[str, ...]]:
        """The text as PostgreSQL prepares it, and the names of its parameters in the order of their numbers."""
        if self._numbered is None:
            names = tuple(dict.fromkeys(NAMED.findall(self.text)))
            number = {name: str(index) for index, name in enumerate(names, 1)}
            self._numbered = NAMED.sub(lambda found: "$" + number[found[1]], self.text), names
        return self._numbered

    def sent(self, parameters: dict[str, Any], mine: Any = None) -> Any:
        """Run it on *mine*, the connection in use unless told, and return the cursor, which the caller closes."""
        mine = mine or _opened()
        cursor = _cursor(mine)
        if mine.vendor == "sqlite":
            cursor.execute(self.text, {name: _for_sqlite(value) for name, value in parameters.items()})
        else:
            text, names = self.numbered
            values = [parameters[name] for name in names]
            cursor.execute(text, [AS_SENT[type(one)](one) if type(one) in AS_SENT else one for one in values])
        return cursor

    def row(self, **parameters: Any) -> "Row | None":
        """Run it and return its first row."""
        with self.sent(parameters) as cursor:
            found: Row | None = cursor.fetchone()
            return found

    def rows(self, **parameters: Any) -> "list[Row]":
        """Run it and return all rows."""
        with self.sent(parameters) as cursor:
            found: list[Row] = cursor.fetchall()
            return found

    def change(self, **parameters: Any) -> int:
        """Run it and return how many rows it changed."""
        with self.sent(parameters) as cursor:
            return int(cursor.rowcount)


Part = tuple[Statement, dict[str, Any]]
Row = tuple[Any, ...]


def rows_of(parts: Sequence[Part]) -> list[Row | None]:
    """Run several reads one after the other and return the first row of each; on PostgreSQL in one round trip.

    Each sees what was committed before it began, not before they were sent: what stands behind a lock reads what the
    lock's last holder left.
    """
    # Opened before the pipeline: in it, a look at the connection's health would wait for its own answer.
    mine = _opened()
    if mine.vendor == "sqlite" or len(parts) == 1:
        return [statement.row(**parameters) for statement, parameters in parts]
    with mine.wrap_database_errors, mine.connection.pipeline():
        sent = [statement.sent(parameters, mine) for statement, parameters in parts]
    return [cursor.fetchone() for cursor in sent]


@contextmanager
def undoable(*errors: type[Exception]) -> Iterator[None]:
    """Undo what the block has written where it raises one of *errors*, which goes on to the caller; inside a transaction.

    On PostgreSQL its savepoint takes no round trip: it goes with the first statement of the block, and ends with the
    transaction. What was to be done after the commit is forgotten with the rest. Objects are the caller's.
    """
    mine = _opened()
    hooks, name = len(mine.run_on_commit), f"undoable_{uuid4().hex}"
    first = _WithFirst(mine, f"SAVEPOINT {name}")
    try:
        with mine.execute_wrapper(first):
            yield
    except errors:
        if first.is_sent:
            with mine.cursor() as cursor:
                # A statement that failed has marked the transaction; the savepoint is from before that.
                transaction.set_rollback(False)
                cursor.execute(f"ROLLBACK TO SAVEPOINT {name}")
        del mine.run_on_commit[hooks:]
        raise


class _WithFirst:
    """Sends a text together with the first statement that is run while it wraps a connection."""

    def __init__(self, mine: Any, text: str) -> None:
        self._mine, self._text = mine, text
        self.is_sent = False

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if self.is_sent:
            return execute(sql, params, many, context)
        self.is_sent = True
        if self._mine.vendor == "sqlite":
            self._mine.connection.execute(self._text)
            return execute(sql, params, many, context)
        with self._mine.wrap_database_errors, self._mine.connection.pipeline():
            self._mine.connection.execute(self._text, prepare=False)
            return execute(sql, params, many, context)


def change_all(parts: Iterable[Part]) -> None:
    """Run changes of different rows in as few statements as can be: of each text one together with the others."""
    together: dict[Statement, dict[str, Any]] = {}
    alone: list[Part] = []
    for statement, parameters in parts:
        if statement in together:
            alone.append((statement, parameters))
        else:
            together[statement] = parameters
    if connection.vendor == "sqlite":
        change_together([*together.items(), *alone])
    elif together:
        change_and_read(list(together.items()), [(_together((one,)), what) for one, what in alone])


def change_together(parts: Sequence[Part]) -> list[int]:
    """Run several changes of different rows as one statement where the database can; return how many rows each changed.

    None of them sees what another one does, or may need to.

    Raises:
        TwoValues: parameters of the same name differ.
    """
    return change_and_read(parts, [])[0]


def change_and_read(parts: Sequence[Part], then: Sequence[Part]) -> tuple[list[int], list[Row | None]]:
    """Do the same, and *then* run what yields rows; on PostgreSQL in one round trip. Return the first row of each as well.

    These do see what was changed, also if it was less than was meant: whoever asks looks at the counts first.
    """
    if connection.vendor == "sqlite":
        return [statement.change(**parameters) for statement, parameters in parts], rows_of(then)
    row, *rows = rows_of([_merged(parts), *then])
    return [int(count) for count in row or ()], rows


def _merged(parts: Sequence[Part]) -> Part:
    merged: dict[str, Any] = {}
    for _, parameters in parts:
        for name, value in parameters.items():
            if merged.setdefault(name, value) != value:
                raise TwoValues(name)
    return _together(tuple(statement for statement, _ in parts)), merged


@cache
def _together(statements: tuple[Statement, ...]) -> Statement:
    names = ["latest" if one.keeps_id else f"c{n}" for n, one in enumerate(statements)]
    changes = ", ".join(
        f"{name} AS ({one.text} RETURNING {'id' if one.keeps_id else '1'})"
        for name, one in zip(names, statements, strict=True)
    )
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in names)  # noqa: S608 - only names of ours
    return Statement(f"WITH {changes} SELECT {counts}")


def _opened() -> Any:
    """Return Django's connection itself, open: not the proxy, which looks it up for each attribute."""
    mine: Any = connections[DEFAULT_DB_ALIAS]
    mine.close_if_health_check_failed()
    if mine.connection is None:
        mine.ensure_connection()
    return mine


def _cursor(mine: Any) -> Any:
    """Return a cursor that Django wraps as its own: errors are translated, and query logs see the statement."""
    if mine.vendor == "sqlite":
        return mine.cursor()
    is_logged = mine.queries_logged
    with mine.wrap_database_errors:
        cursor: Any = (Logged if is_logged else Prepared)(mine.connection)
    return mine.make_debug_cursor(cursor) if is_logged else mine.make_cursor(cursor)


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return json.dumps(value) if isinstance(value, list) else value


# ── rows that came as JSON ───────────────────────────────────────────────────────────────────────────────────────


def columns(model: type[models.Model], alias: str = "") -> str:
    """Return the columns of a model for a text, in the order in which ``from_json`` takes them."""
    prefix = f"{alias}." if alias else ""
    return ", ".join(f'{prefix}"{field.column}"' for field in fields_of(model))


def fields_of(model: type[models.Model]) -> "Sequence[models.Field[Any, Any]]":
    """Return the fields that are columns."""
    return model._meta.concrete_fields  # noqa: SLF001 - its name is Django's, its use is documented


def one_from_json(model: type[Model], text: str | None) -> Model | None:
    """Return the instance that an ``{array}`` of ``columns`` describes, or None."""
    return None if text is None else from_values(model, json.loads(text))


def from_values(model: type[Model], values: Sequence[Any]) -> Model:
    """Return the instance that these values of ``columns`` describe, as JSON has them.

    It is what ``from_db`` makes of all columns of a model without an ``__init__`` of its own, which looks at each anew.
    """
    names, kinds = _fields(model)
    found = model.__new__(model)
    read = [kind(value) for kind, value in zip(kinds, values, strict=True)]
    found.__dict__.update(zip(names, read, strict=True))
    found._state = ModelState()  # noqa: SLF001 - Django's documented API
    found._state.adding, found._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - as above
    return found


def many_from_json(text: str | None) -> Iterator[Any]:
    """Yield what a ``{list}`` holds, in no order."""
    yield from json.loads(text) if text else ()


def moment(text: str | None) -> datetime | None:
    """Return an instant as JSON has it; SQLite leaves out that it is UTC."""
    return None if text is None else instant(text)


def instant(text: str) -> datetime:
    """Return an instant that is there."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _uuid(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _document(value: Any) -> Any:
    """SQLite keeps a document as its text, and hands that on."""
    return json.loads(value) if connection.vendor == "sqlite" and value is not None else value


def _same(value: Any) -> Any:
    return value


def _truth(value: Any) -> bool | None:
    return None if value is None else bool(value)


@cache
def _fields(model: type[models.Model]) -> tuple[list[str], list[Any]]:
    fields = fields_of(model)
    return [field.attname for field in fields], [_reader_of(field) for field in fields]


def _reader_of(field: "models.Field[Any, Any]") -> Any:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.DateTimeField):
        return moment
    if isinstance(target, models.DateField):
        return _date
    if isinstance(target, models.UUIDField):
        return _uuid
    if isinstance(target, models.JSONField):
        return _document
    return _truth if isinstance(target, models.BooleanField) else _same
