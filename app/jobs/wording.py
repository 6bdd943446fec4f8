"""Looking for words that people type in columns of the database, whatever capitals they are written with."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, or_


def contains(column: SQLColumnExpression[Any], text: str) -> ColumnElement[bool]:
    """Return whether the text of a column has ``text`` as a part, in any case; ``%`` and ``_`` stand for themselves.

    SQLite folds the case of ASCII letters only. Other letters are found as they are typed, and where all of them are
    small, all are capital, or only the first of each word or of the whole is: not in any other mixture.
    """
    return or_(*(column.icontains(spelling, autoescape=True) for spelling in sorted(spellings(text))))


def spellings(text: str) -> set[str]:
    """Return what must be looked for by a search that knows the case of ASCII letters only."""
    text = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is nothing that a database could hold
    if text.isascii():
        return {text}
    return {text, text.lower(), text.upper(), text.title(), text.capitalize()}
