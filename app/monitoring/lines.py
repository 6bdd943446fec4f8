"""Makes one printable line of any text, so that no line of a log pretends to be two."""

from app.monitoring.redaction import without_secrets


def printable(text: str) -> str:
    """Return ``text`` on one line, with what cannot be printed spelt out: escape sequences of terminals too."""
    return text if text.isprintable() else "".join(c if c.isprintable() else _spelt(c) for c in text)


def _spelt(character: str) -> str:
    return character.encode("unicode_escape").decode()


def clean(text: str) -> str:
    """Return a sentence as a line of a log may have it."""
    return printable(without_secrets(text))
