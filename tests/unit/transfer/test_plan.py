"""The plan as tables: two listings in, steps out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ListingBroken
from app.storages.base import Entry, Omission
from app.transfer.compare import Check, decider
from app.transfer.plan import Compare, Delete, Omitted, Protected, Same, Upload, plan_mirror


def entries(*names):
    return [Entry(name, 1, 0.0) for name in names]


def in_words(step):
    match step:
        case Upload(entry, why, blocked):
            return f"upload {entry.key} {why}" + (" blocked" if blocked else "")
        case Delete(entry, blocking):
            return f"delete {entry.key}" + (" blocking" if blocking else "")
        case Same(entry):
            return f"same {entry.key}"
        case Compare(entry, _):
            return f"compare {entry.key}"
        case Protected(entry):
            return f"protected {entry.key}"
        case Omitted(omission):
            return f"omitted {omission.key}"


def plan(source, target, check=Check.SIZE):
    return [in_words(step) for step in plan_mirror(source, target, decider(check))]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        pytest.param([], [], [], id="nothing on either side"),
        pytest.param(["a"], [], ["upload a new"], id="new in the source"),
        pytest.param([], ["a"], ["delete a"], id="gone from the source"),
        pytest.param(["a"], ["a"], ["same a"], id="on both sides"),
        pytest.param(["a", "b"], ["b", "c"], ["upload a new", "same b", "delete c"], id="all three"),
        pytest.param(
            ["a/b"], ["a"], ["delete a blocking", "upload a/b new blocked"], id="a file became a folder of its name"
        ),
        pytest.param(
            ["a"],
            ["a/b", "a/c"],
            ["delete a/b blocking", "delete a/c blocking", "upload a new blocked"],
            id="a folder became a file of its name",
        ),
        pytest.param(
            ["a.txt", "a/b", "a/c", "a0"],
            ["a", "a.txt"],
            ["same a.txt", "delete a blocking", "upload a/b new blocked", "upload a/c new blocked", "upload a0 new"],
            id="a file became a folder, with neighbours that sort between",
        ),
        pytest.param(
            ["a", "a.txt", "a0"],
            ["a.txt", "a/b/c", "a0"],
            ["same a.txt", "delete a/b/c blocking", "upload a new blocked", "same a0"],
            id="a folder became a file, with neighbours that sort between",
        ),
        pytest.param(
            ["a/b/c"], ["a/b"], ["delete a/b blocking", "upload a/b/c new blocked"], id="deeper than the first folder"
        ),
        pytest.param(["ab"], ["a"], ["delete a", "upload ab new"], id="a longer name is no folder"),
        pytest.param(["a/"], ["a"], ["delete a blocking", "upload a/ new blocked"], id="a folder marker"),
        pytest.param(
            ["a!x", "a/b"],
            ["a", "a!"],
            ["delete a!", "upload a!x new", "delete a blocking", "upload a/b new blocked"],
            id="names that begin with the blocking one",
        ),
    ],
)
def test_two_listings_become_these_steps(source, target, expected):
    assert sorted(plan(entries(*source), entries(*target))) == sorted(expected)
    blocking = [step.split()[1] for step in plan(entries(*source), entries(*target)) if step.endswith("blocking")]
    order = plan(entries(*source), entries(*target))
    for key in blocking:
        blocked = [i for i, step in enumerate(order) if step.endswith("blocked")]
        assert order.index(f"delete {key} blocking") < max(blocked)


@pytest.mark.parametrize(
    ("source", "target", "check", "expected"),
    [
        pytest.param(Entry("a", 1, 0), Entry("a", 2, 0), Check.EXACT, "upload a size", id="exact: sizes differ"),
        pytest.param(Entry("a", 1, 0), Entry("a", 1, 0), Check.EXACT, "compare a", id="exact: same size is compared"),
        pytest.param(Entry("a", 0, 0), Entry("a", 0, 9), Check.EXACT, "same a", id="exact: empty files are equal"),
        pytest.param(Entry("a", 1, 0), Entry("a", 2, 0), Check.SIZE, "upload a size", id="size: sizes differ"),
        pytest.param(Entry("a", 1, 0), Entry("a", 1, 5), Check.SIZE, "same a", id="size: same size is the same"),
        pytest.param(Entry("a", 1, 0), Entry("a", 1, 0), Check.ALWAYS, "upload a always", id="always"),
    ],
)
def test_a_key_on_both_sides_is_decided_by_the_check(source, target, check, expected):
    assert plan([source], [target], check) == [expected]


def test_an_omission_protects_the_object_in_its_place():
    source = [Omission("a", "a pipe", failed=False, subtree=False), *entries("b")]

    assert plan(source, entries("a", "a/x", "b")) == ["omitted a", "protected a", "delete a/x", "same b"]


def omitted(*folders):
    return [Omission(folder, "a link that leads outside", failed=False, subtree=True) for folder in folders]


@pytest.mark.parametrize(
    ("folders", "target", "deleted"),
    [
        pytest.param(["d"], ["d", "d!", "d-", "d/x", "d/y/z", "d0", "dx/y"], ["d!", "d-", "d0", "dx/y"], id="one"),
        pytest.param(
            ["dir", "dir-2"], ["dir", "dir-2/x", "dir-3/x", "dir/x"], ["dir-3/x"], id="one name begins another"
        ),
        pytest.param(["a", "b"], ["a/x", "ab", "b/x", "c"], ["ab", "c"], id="two apart"),
        pytest.param(
            ["a", "a-", "a-b"], ["a", "a-/x", "a-b/x", "a-c", "a/x"], ["a-c"], id="three, each begins the next"
        ),
    ],
)
def test_an_omitted_folder_protects_everything_below_it_and_nothing_else(folders, target, deleted):
    steps = plan(omitted(*folders), entries(*target))

    assert sorted(step for step in steps if step.startswith("delete")) == [f"delete {key}" for key in deleted]
    protected = {step.removeprefix("protected ") for step in steps if step.startswith("protected")}
    assert protected == {*target} - {*deleted}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        pytest.param(["b", "a"], [], id="source out of order"),
        pytest.param([], ["b", "a"], id="target out of order"),
        pytest.param(["a", "a"], [], id="source repeats a key"),
        pytest.param([], ["a", "a"], id="target repeats a key"),
        pytest.param(["a/b", "a.txt"], [], id="a naive folder walk"),
    ],
)
def test_a_listing_out_of_order_is_refused(source, target):
    with pytest.raises(ListingBroken):
        plan(entries(*source), entries(*target))


KEYS = st.text(alphabet="ab/.!0", min_size=1, max_size=6)


def without_conflicts(keys):
    """What a file system can hold: no key is a folder of another."""
    return {key for key in keys if not any(other.startswith(key + "/") for other in keys)}


@given(st.sets(KEYS, max_size=12), st.sets(KEYS, max_size=12))
def test_carrying_out_the_plan_makes_the_target_equal_to_the_source(source, target):
    source = without_conflicts(source)
    steps = list(plan_mirror(entries(*sorted(source)), entries(*sorted(target)), decider(Check.SIZE)))

    result = set(target)
    for step in steps:
        if isinstance(step, Delete):
            assert step.entry.key not in source
            result.discard(step.entry.key)
        elif isinstance(step, Upload):
            result.add(step.entry.key)
    assert result == source


@given(st.sets(KEYS, max_size=12), st.sets(KEYS, max_size=12))
def test_with_blocking_steps_last_no_upload_ever_meets_a_file_in_a_folders_place(source, target):
    source, target = without_conflicts(source), without_conflicts(target)
    steps = list(plan_mirror(entries(*sorted(source)), entries(*sorted(target)), decider(Check.SIZE)))
    free = [s for s in steps if isinstance(s, Upload) and not s.blocked]
    later = [s for s in steps if (isinstance(s, Upload) and s.blocked) or (isinstance(s, Delete) and s.blocking)]

    held = set(target)
    for step in free + later:
        if isinstance(step, Delete):
            held.discard(step.entry.key)
            continue
        key = step.entry.key
        assert not any(other != key and (other.startswith(key + "/") or key.startswith(other + "/")) for other in held)
        held.add(key)
