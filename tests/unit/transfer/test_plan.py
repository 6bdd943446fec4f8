"""The plan as tables: two listings in, steps out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ListingBroken
from app.storages.base import Entry, Omission
from app.transfer.compare import Check, decider
from app.transfer.index import Seen
from app.transfer.plan import LONGEST_RUN, plan_mirror
from app.transfer.steps import Compare, Delete, Omitted, Protected, Same, Stale, Upload


def entries(*names):
    return [Entry(name, 1, 0.0) for name in names]


def in_words(step):
    match step:
        case Upload(entry, why, blocked):
            return f"upload {entry.key} {why}" + (" blocked" if blocked else "")
        case Delete(entry, blocking):
            return f"delete {entry.key}" + (" blocking" if blocking else "")
        case Compare(entry, _, why):
            return f"compare {entry.key} {why}"
        case Protected(entry):
            return f"protected {entry.key}"
        case Omitted(omission):
            return f"omitted {omission.key}"
        case Stale(key):
            return f"stale {key}"


def plan(source, target, check=Check.SIZE, seen=()):
    """Return the steps in words, with the keys that are equal told one by one: ``same a index``."""
    decide, equal, steps = decider(check), [], []

    def noting(left, right, row):
        decided = decide(left, right, row)
        if isinstance(decided, Same):
            equal.append(f"same {left.key} {decided.why}")
        return decided

    for step in plan_mirror(source, target, noting, seen):
        if isinstance(step, Same):
            told, equal[: step.count] = equal[: step.count], []
            assert len(told) == step.count
            assert {word.split()[2] for word in told} == {step.why}
            steps += told
        else:
            steps.append(in_words(step))
    assert equal == []
    return steps


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        pytest.param([], [], [], id="nothing on either side"),
        pytest.param(["a"], [], ["upload a new"], id="new in the source"),
        pytest.param([], ["a"], ["delete a"], id="gone from the source"),
        pytest.param(["a"], ["a"], ["same a size"], id="on both sides"),
        pytest.param(["a", "b"], ["b", "c"], ["upload a new", "same b size", "delete c"], id="all three"),
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
            [
                "same a.txt size",
                "delete a blocking",
                "upload a/b new blocked",
                "upload a/c new blocked",
                "upload a0 new",
            ],
            id="a file became a folder, with neighbours that sort between",
        ),
        pytest.param(
            ["a", "a.txt", "a0"],
            ["a.txt", "a/b/c", "a0"],
            ["same a.txt size", "delete a/b/c blocking", "upload a new blocked", "same a0 size"],
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
        pytest.param(
            Entry("a", 1, 0), Entry("a", 1, 0), Check.EXACT, "compare a unknown", id="exact: same size is compared"
        ),
        pytest.param(
            Entry("a", 0, 0), Entry("a", 0, 9), Check.EXACT, "compare a unknown", id="exact: so is an empty one"
        ),
        pytest.param(Entry("a", 1, 0), Entry("a", 2, 0), Check.SIZE, "upload a size", id="size: sizes differ"),
        pytest.param(Entry("a", 1, 0), Entry("a", 1, 5), Check.SIZE, "same a size", id="size: same size is the same"),
        pytest.param(Entry("a", 1, 0), Entry("a", 1, 0), Check.ALWAYS, "upload a always", id="always"),
    ],
)
def test_a_key_on_both_sides_is_decided_by_the_check(source, target, check, expected):
    assert plan([source], [target], check) == [expected]


def test_an_omission_protects_the_object_in_its_place():
    source = [Omission("a", "a pipe", failed=False, subtree=False), *entries("b")]

    assert plan(source, entries("a", "a/x", "b")) == ["omitted a", "protected a", "delete a/x", "same b size"]


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


def known(key, version="1", size=1):
    return Seen(key, size, f"s{version}", f"t{version}")


def pair(source="s1", target="t1", size=1):
    return [Entry("a", size, 0.0, None, source)], [Entry("a", size, 0.0, target)]


@pytest.mark.parametrize(
    ("listed", "seen", "expected"),
    [
        pytest.param(pair(), known("a"), "same a index", id="both sides as the index saw them"),
        pytest.param(pair(), None, "compare a unknown", id="no row"),
        pytest.param(pair(source="s2"), known("a"), "compare a edited", id="the source is another version"),
        pytest.param(pair(target="t2"), known("a"), "compare a replaced", id="the target is another version"),
        pytest.param(pair("s2", "t2"), known("a"), "compare a both", id="both are other versions"),
        pytest.param(pair(source=None), known("a"), "compare a edited", id="a source without marks"),
        pytest.param(pair(target=None), known("a"), "compare a replaced", id="a target without marks"),
        pytest.param(pair(None, None), known("a"), "compare a both", id="no marks at all"),
        pytest.param(pair(size=0), None, "compare a unknown", id="an empty file is as any other"),
        pytest.param(pair(size=0), known("a", size=0), "same a index", id="an empty one as the index saw it"),
        pytest.param(pair(size=2), known("a"), "compare a replaced", id="the row knows another size"),
    ],
)
def test_only_what_both_sides_prove_unchanged_is_not_looked_at(listed, seen, expected):
    assert plan(*listed, Check.EXACT, [seen] if seen else []) == [expected]


@pytest.mark.parametrize(
    ("why", "after"),
    [("unknown", "content"), ("edited", "edited"), ("replaced", "replaced"), ("both", "content")],
)
def test_an_upload_after_a_comparison_says_what_made_us_look(why, after):
    assert Compare(*entries("a", "a"), why).why_different == after


def test_rows_without_a_pair_are_stale_and_said_to_be_so_at_their_place():
    source, target = entries("b", "c", "e", "g/x"), entries("a", "c", "d", "f")
    seen = [known(key) for key in ("a", "a!", "b", "c", "d", "e", "f!", "z")]

    assert plan(source, target, Check.SIZE, seen) == [
        "stale a",
        "stale a!",
        "delete a",
        "stale b",
        "upload b new",
        "same c size",
        "stale d",
        "delete d",
        "stale e",
        "upload e new",
        "stale f!",
        "delete f",
        "upload g/x new",
        "stale z",
    ]


def test_what_an_omission_hides_is_not_stale():
    source = [Omission("d", "The folder cannot be read.", failed=True, subtree=True), *entries("e")]
    seen = [known(key) for key in ("d", "d!", "d/x", "d/y", "e")]

    assert plan(source, entries("d/x", "e"), Check.SIZE, seen) == [
        "omitted d",
        "stale d!",
        "protected d/x",
        "same e size",
    ]


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(["a", "c", "b", "d"], id="a smaller key"),
        pytest.param(["a", "c", "c", "d"], id="the same key"),
    ],
)
def test_an_index_out_of_order_is_not_used_any_more_but_fails_nothing(seen):
    listed = [Entry(key, 1, 0.0, "e", None) for key in "abcd"]
    rows = [Seen(key, 1, "e", "e") for key in seen]

    assert plan(listed, listed, Check.EXACT, rows) == [
        "same a index",
        "compare b unknown",
        "same c index",
        "compare d unknown",
    ]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        pytest.param([1] * 5, [("size", 5)], id="one run"),
        pytest.param([1, 1, 2, 1], [("size", 2), "upload", ("size", 1)], id="cut by another step"),
        pytest.param([1] * (2 * LONGEST_RUN + 1), [("size", LONGEST_RUN)] * 2 + [("size", 1)], id="not too long"),
    ],
)
def test_equal_keys_in_a_row_are_counted_in_one_step(sizes, expected):
    source = [Entry(f"{number:04d}", 1, 0.0) for number in range(len(sizes))]
    target = [entry._replace(size=size) for entry, size in zip(source, sizes, strict=True)]

    steps = list(plan_mirror(source, target, decider(Check.SIZE)))
    assert [(step.why, step.count) if isinstance(step, Same) else "upload" for step in steps] == expected


@pytest.mark.parametrize("side", ["source", "target"])
def test_what_a_listing_raises_passes_through(side):
    def cut_short():
        yield from entries("a", "b")
        raise ListingBroken("cut short")

    sides = {"source": entries("a", "b"), "target": entries("a", "b")} | {side: cut_short()}
    with pytest.raises(ListingBroken, match="cut short"):
        list(plan_mirror(**sides, decide=decider(Check.SIZE)))


KEYS = st.text(alphabet="ab/.!0", min_size=1, max_size=6)


def without_conflicts(keys):
    """What a file system can hold: no key is a folder of another."""
    return {key for key in keys if not any(other.startswith(key + "/") for other in keys)}


@given(st.sets(KEYS, max_size=12), st.sets(KEYS, max_size=12), st.lists(KEYS, max_size=12))
@pytest.mark.fault("I1")
def test_carrying_out_the_plan_makes_the_target_equal_to_the_source(source, target, seen):
    source = without_conflicts(source)
    listed = entries(*sorted(source)), entries(*sorted(target))
    steps = list(plan_mirror(*listed, decider(Check.SIZE), [known(key) for key in seen]))

    result = set(target)
    for step in steps:
        if isinstance(step, Delete):
            assert step.entry.key not in source
            result.discard(step.entry.key)
        elif isinstance(step, Upload):
            result.add(step.entry.key)
    assert result == source


@given(st.sets(KEYS, max_size=12), st.sets(KEYS, max_size=12), st.sets(KEYS, max_size=12))
def test_rows_are_stale_exactly_when_one_side_has_not_their_key(source, target, seen):
    steps = list(
        plan_mirror(
            entries(*sorted(source)),
            entries(*sorted(target)),
            decider(Check.SIZE),
            [known(key) for key in sorted(seen)],
        )
    )

    assert [step.key for step in steps if isinstance(step, Stale)] == sorted(seen - (source & target))
    assert sum(step.count for step in steps if isinstance(step, Same)) == len(source & target)
    for number, step in enumerate(steps):
        if isinstance(step, Upload) and step.entry.key in seen:
            assert Stale(step.entry.key) in steps[:number], "it would be forgotten after it was noted"


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
