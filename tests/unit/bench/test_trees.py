"""The trees of the benchmark: the same everywhere, and every difference is seen."""

import pytest

from bench.trees import MIB, change, differing, hide_edit, make_large_files, make_small_files, manifest


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "tree"
    make_small_files(root, 250, 64)
    return root


def test_the_same_tree_is_made_everywhere(tree, tmp_path):
    make_small_files(tmp_path / "again", 250, 64)
    make_large_files(tmp_path / "large", 2, 2 * MIB)

    assert manifest(tree) == manifest(tmp_path / "again")
    assert len(manifest(tree)) == 250
    assert {size for size, _ in manifest(tmp_path / "large").values()} == {2 * MIB}


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(b"x" * 64), id="other bytes"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes() + b"x"), id="one byte more"),
        pytest.param(lambda path: path.unlink(), id="missing"),
        pytest.param(lambda path: path.with_name("file-00.bin.part").write_bytes(b""), id="one too many"),
    ],
)
def test_any_difference_between_two_trees_is_seen(tree, spoil):
    before = manifest(tree)
    spoil(tree / "folder-0001" / "file-00.bin")

    (found,) = differing(before, manifest(tree))
    assert found.startswith("folder-0001/file-00.bin")


def test_half_of_the_changes_keep_their_size(tree):
    before = manifest(tree)
    changed = change(tree, 10, seed=1)
    after = manifest(tree)

    assert differing(before, after) == sorted(changed)
    assert sum(before[key][0] == after[key][0] for key in changed) == 5


def test_a_hidden_edit_changes_nothing_that_a_listing_shows(tree):
    before = manifest(tree)
    times = {path: path.stat().st_mtime_ns for path in tree.rglob("*.bin")}
    key = hide_edit(tree, seed=1)
    after = manifest(tree)

    assert differing(before, after) == [key]
    assert before[key][0] == after[key][0]
    assert {path: path.stat().st_mtime_ns for path in tree.rglob("*.bin")} == times
