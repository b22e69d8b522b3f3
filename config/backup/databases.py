"""Which kind of database is backed up."""

from django.db import connection

from config.backup.postgres import PostgresDatabase
from config.backup.sqlite import SqliteDatabase

Database = SqliteDatabase | PostgresDatabase


def database() -> Database:
    """Return the database of this installation; nothing is asked of it yet."""
    return SqliteDatabase() if connection.vendor == "sqlite" else PostgresDatabase()
