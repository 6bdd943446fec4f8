"""The job database, SQLite or PostgreSQL: transactions, copies, upgrades, its failures in words. Knows no table."""

from app.db.base import Base, rows_where, sorted_text
from app.db.database import Database
from app.db.opening import open_database
from app.db.sqlite import SqliteDatabase

__all__ = ["Base", "Database", "SqliteDatabase", "open_database", "rows_where", "sorted_text"]
