"""Filter rules as a table, and the promise that a pruned folder hides nothing."""

import re
import warnings

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

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
        pytest.param(
            "-a?c -[xy].txt", "ac z.txt a\nbc", "abc x.txt aéc a\u29f5c a\U0001f600c a\nc", id="one character"
        ),
        pytest.param("-*/", "a .hidden", "a/b a/", id="all folders"),
        pytest.param("-*", "", "a a/b \n", id="everything"),
        pytest.param("-é*.tmp", "e.tmp", "é.tmp éé.tmp x\ny/é\n.tmp", id="any letters, and line breaks"),
        pytest.param("-cache", "cache\n cache\n/x", "a\nb/cache cache/x", id="a line break is a letter as any other"),
    ],
)
def test_the_last_matching_rule_decides(given_rules, allowed, refused):
    filters = Filters(rules(given_rules))

    assert [key for key in allowed.split(" ") if key and not filters.allows(key)] == []
    assert [key for key in refused.split(" ") if key and filters.allows(key)] == []


@pytest.mark.parametrize(
    ("given_rules", "folder", "expected"),
    [
        pytest.param("-build/", "build/", True, id="an excluded folder is not walked"),
        pytest.param("-*.tmp", "x.tmp/", True, id="nor one whose name is excluded"),
        pytest.param("-build/", "src/", False, id="another one is"),
        pytest.param("-build/ +keep", "build/", False, id="it is walked when a later include may match in it"),
        pytest.param("+keep -build/", "build/", True, id="an earlier include cannot"),
        pytest.param("+*.jpg", "a/", False, id="a name that is included may be anywhere"),
        pytest.param("+docs/", "a/", False, id="a folder that is included too"),
        pytest.param("+/docs/ +/a/b/*.jpg", "lost+found/", True, id="what is included lies elsewhere"),
        pytest.param("+/docs/ +/a/b/*.jpg", "a/b/c/", False, id="it may lie here"),
        pytest.param("+/docs/ +/a/b/*.jpg", "a/", False, id="it may lie further below"),
        pytest.param("+/a*/b", "a2/", False, id="a folder of any name"),
        pytest.param(r"+/a\2/b", "a2/", False, id="a letter that is escaped"),
        pytest.param("-a/ +/b/x", "a/", True, id="what is included again lies elsewhere"),
    ],
)
def test_folders_in_which_nothing_can_be_allowed_are_pruned(given_rules, folder, expected):
    assert Filters(rules(given_rules)).prunes(folder) is expected


PATTERNS = st.sampled_from(
    [
        "a",
        "b",
        "a/",
        "/a",
        "a/b",
        "*",
        "**",
        "a/*",
        "*/b",
        "**/b",
        "a/**",
        "?",
        "[ab]",
        "b/**/a",
        "/a/b/",
        "/a ",
        "/a//b",
    ]
)
RULES = st.lists(st.builds(Rule, st.sampled_from(["include", "exclude"]), PATTERNS), max_size=5)
PATHS = st.lists(st.sampled_from(["a", "b", "c"]), min_size=2, max_size=4)


@given(RULES, PATHS)
def test_nothing_allowed_lies_in_a_pruned_folder(given_rules, path):
    filters = Filters(given_rules)
    key = "/".join(path)

    if any(filters.prunes("/".join(path[:depth]) + "/") for depth in range(1, len(path))):
        assert not filters.allows(key)


LETTERS = "ab.-*?/[]!^\\:é\u29f5"


@given(
    st.text(LETTERS, min_size=1, max_size=8),
    st.lists(st.text("ab.-*/[]!^\\:é\u29f5 ", max_size=8), min_size=1, max_size=9),
)
def test_a_pattern_means_what_pathspec_says(pattern, keys):
    try:
        filters = Filters([Rule("exclude", pattern)])
    except InvalidInput:
        assume(False)

    with warnings.catch_warnings(action="ignore", category=FutureWarning):  # Python's, of [ and -- within [ ]
        known = GitIgnoreSpecPattern(pattern)

    assert [filters.allows(key) for key in keys] == [known.match_file(key) is None for key in keys]


@given(st.text(LETTERS, max_size=12))
def test_what_pathspec_reads_is_read_except_for_classes(pattern):
    assert refusal(pattern) == (None if is_read_by_pathspec(pattern) else "refused") or "[:" in pattern


def is_read_by_pathspec(pattern):
    with warnings.catch_warnings(action="ignore", category=FutureWarning):
        try:
            return bool(GitIgnoreSpecPattern(pattern).include)
        except (ValueError, re.error):
            return False


def refusal(pattern):
    try:
        Filters([Rule("exclude", pattern)])
    except InvalidInput:
        return "refused"
    return None


@pytest.mark.parametrize(
    "pattern", ["", "#comment", "/", "!a", "a[", "  ", "a\\", "a[z-a]", "[[:digit:]]", "x[^][:alpha:]]", "*a" * 30_000]
)
def test_what_is_no_pattern_is_refused_by_name(pattern):
    with pytest.raises(InvalidInput, match="exclude") as refused:
        Filters([Rule("exclude", "x"), Rule("exclude", pattern)])

    assert len(str(refused.value)) < 300


def test_rules_that_are_too_complicated_together_are_refused():
    with pytest.raises(InvalidInput, match="too many rules"):
        Filters([Rule("exclude", "*a*b*c*d*e*f*g*h" * 4)] * 1000)


@pytest.mark.parametrize(
    "pattern",
    [
        "folder-{}-of-{}-named-so-long-that-64-bytes-are-nearly-reached",
        "**/folder{}/**/*.{}x",
        "/photos/*/{}/img_????-{}.[jJ][pP]*",
        "*\u4e00{}\u4e01*{}",
    ],
    ids=["names", "below folders", "wildcards", "other letters"],
)
def test_a_thousand_ordinary_rules_are_no_problem(pattern):
    filters = Filters([Rule("exclude", pattern.format(number, number)) for number in range(1000)])

    assert filters.allows("photos/2026/x.txt")
    assert not filters.allows(
        pattern.format(777, 777)
        .replace("**", "a/b")
        .replace("*", "c")
        .replace("?", "d")
        .replace("[jJ][pP]", "jp")
        .lstrip("/")
    )


def test_half_a_character_is_any_character():
    filters = Filters([Rule("exclude", "a?c")])

    assert not filters.allows("a\udcffc")
    assert filters.allows("a\udcffx")
