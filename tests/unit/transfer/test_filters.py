"""Filter rules as a table, and the promise that a pruned folder hides nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidInput
from app.transfer.filters import Filters, Rule


def rules(text):
    """Read ``-pattern +pattern``: an exclude and an include."""
    kinds = {"-": "exclude", "+": "include"}
    return [Rule(kinds[word[0]], word[1:]) for word in text.split()]


@pytest.mark.parametrize(
    ("given_rules", "allowed", "refused"),
    [
        pytest.param("", "a a/b .hidden", "", id="no rule allows all"),
        pytest.param("-*.tmp", "a a/b", "x.tmp a/x.tmp", id="a name is excluded anywhere"),
        pytest.param("-/x.tmp", "a/x.tmp", "x.tmp", id="a leading slash means the top"),
        pytest.param(
            "-build/", "build builder/x a/build", "build/x a/build/x", id="a folder is excluded with all in it"
        ),
        pytest.param("-*.log +keep.log", "keep.log a/keep.log", "x.log", id="a later include wins"),
        pytest.param(
            "+keep.log -*.log", "", "keep.log x.log x.txt", id="a later exclude wins; include first is a whitelist"
        ),
        pytest.param("+*.jpg", "a.jpg b/c.jpg", "a.png", id="an include first refuses the rest"),
        pytest.param("+*.jpg -secret/", "a.jpg", "secret/a.jpg a.png", id="whitelist with an exception"),
        pytest.param("-a/ +a/b", "a/b a/b/c", "a/c", id="below an excluded folder something is included again"),
        pytest.param("-**/cache/**", "a/b", "cache/x a/cache/y", id="double stars"),
        pytest.param("-a?c -[xy].txt", "ac z.txt", "abc x.txt", id="one character"),
    ],
)
def test_the_last_matching_rule_decides(given_rules, allowed, refused):
    filters = Filters(rules(given_rules))

    assert [key for key in allowed.split() if not filters.allows(key)] == []
    assert [key for key in refused.split() if filters.allows(key)] == []


@pytest.mark.parametrize(
    ("given_rules", "folder", "expected"),
    [
        pytest.param("-build/", "build/", True, id="an excluded folder is not walked"),
        pytest.param("-*.tmp", "x.tmp/", True, id="nor one whose name is excluded"),
        pytest.param("-build/", "src/", False, id="another one is"),
        pytest.param("-build/ +keep", "build/", False, id="it is walked when a later include may match in it"),
        pytest.param("+keep -build/", "build/", True, id="an earlier include cannot"),
        pytest.param("+*.jpg", "a/", False, id="a whitelist says nothing of folders"),
    ],
)
def test_folders_in_which_nothing_can_be_allowed_are_pruned(given_rules, folder, expected):
    assert Filters(rules(given_rules)).prunes(folder) is expected


PATTERNS = st.sampled_from(
    ["a", "b", "a/", "/a", "a/b", "*", "**", "a/*", "*/b", "**/b", "a/**", "?", "[ab]", "b/**/a"]
)
RULES = st.lists(st.builds(Rule, st.sampled_from(["include", "exclude"]), PATTERNS), max_size=5)
PATHS = st.lists(st.sampled_from(["a", "b", "c"]), min_size=2, max_size=4)


@given(RULES, PATHS)
def test_nothing_allowed_lies_in_a_pruned_folder(given_rules, path):
    filters = Filters(given_rules)
    key = "/".join(path)

    if any(filters.prunes("/".join(path[:depth]) + "/") for depth in range(1, len(path))):
        assert not filters.allows(key)


@pytest.mark.parametrize("pattern", ["", "#comment", "/", "!a", "a[", "  ", "a\\", "a[z-a]"])
def test_what_is_no_pattern_is_refused_by_name(pattern):
    with pytest.raises(InvalidInput, match="exclude"):
        Filters([Rule("exclude", pattern)])
