"""No secret is compared in a time that tells of it: by what the code says, since clocks would prove nothing."""

import ast
from pathlib import Path

import pytest

from app.accounts import tokens

pytestmark = [pytest.mark.fault("compare")]

ROOT = Path(__file__).resolve().parents[3]
PLACES = [
    "app/accounts",
    "app/web",
    "app/webhooks",
    "app/grants",
    "app/monitoring",
    "app/dialects",
    "app/dashboard",
    "app/library",
]
SECRET = ("password", "passwd", "secret", "token", "digest", "signature", "csrf", "api_key", "key_hash")

OURS_ALONE = {
    "app/accounts/authentication.py": {"row.password != kept"},  # two reads of one hash
    "app/grants/tokens.py": {
        "kept.access_token == refused",
        "kept.access_token != refused",
    },  # Google's, none a caller's
}
"""Comparisons of things of which none came with a request."""


def is_secret(node):
    """Whether a name sounds like a secret; a number of them, or what kind they are of, does not."""
    name = getattr(node, "attr", None) or getattr(node, "id", None) or ""
    return any(word in name.lower() for word in SECRET) and not name.isupper()


def is_column(node):
    """Whether the database compares, which looks up what has a digest: that tells nothing of a secret of this digest."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id.endswith("Row")


def compared(tree):
    """Yield what looks whether two things are equal, or the one is among others, and one sounds secret."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides, found = [node.left, *node.comparators], {type(each) for each in node.ops}
            constant = any(isinstance(side, ast.Constant) for side in sides)
            if (
                found & {ast.Eq, ast.NotEq}
                and any(map(is_secret, sides))
                and not constant
                and not any(map(is_column, sides))
            ):
                yield ast.unparse(node)


def test_no_secret_is_compared_by_what_stops_at_the_first_difference():
    found, files = {}, [path for place in PLACES for path in sorted((ROOT / place).rglob("*.py"))]
    for path in files:
        said = set(compared(ast.parse(path.read_text("utf-8"))))
        found |= {path.relative_to(ROOT).as_posix(): said} if said else {}

    assert len(files) > 100
    assert found == OURS_ALONE


@pytest.mark.parametrize(
    "code",
    [
        "given == session.csrf_token",
        "token != expected",
        "row.digest == mine",
        "x == y.secret",
        "password == kept.password",
    ],
)
def test_such_a_comparison_would_be_found(code):
    assert list(compared(ast.parse(code)))


def test_keys_are_found_by_their_digest_and_the_rest_is_compared_in_constant_time():
    assert "hmac.compare_digest" in (ROOT / "app/accounts/tokens.py").read_text()
    assert "hmac.compare_digest" in (ROOT / "app/monitoring/access.py").read_text()
    assert tokens.digest("a") != tokens.digest("b")
    assert len(tokens.digest("a")) == 64
