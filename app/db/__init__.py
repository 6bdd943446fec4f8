"""The job database, one SQLite file: transactions, copies, upgrades, and its failures in words. Knows no table."""

from app.db.database import Base, Database

__all__ = ["Base", "Database"]
