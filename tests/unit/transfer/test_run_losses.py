"""Spread runs whose planner dies where it has just met an error, or has just counted: nothing is lost by that."""

import pytest

from app.errors import StorageUnreachable
from app.transfer.batching import Limits
from app.transfer.filters import Filters, Rule
from app.transfer.guards import DeletionLimit
from tests.support.faulty_storage import FaultyStorage
from tests.support.ledger import Died, MemoryLedger
from tests.unit.transfer.test_run_gone_on_with import MANY, Tree, died, ended, job_of

NO_ROUTE = StorageUnreachable("no route to the host")
EXTRA = {f"y{number}": b"" for number in range(6)}


class BreaksOnce(Tree):
    """Its first listing ends with an error when it has come to ``k6``."""

    is_broken = True

    def list(self, prefix="", after="", prune=None):
        for entry in super().list(prefix, after, prune):
            if self.is_broken and entry.key >= "k6":
                self.is_broken = False
                raise NO_ROUTE
            yield entry


def erring(folder, who):
    """A job of which the planner, or a batch, meets an error once."""
    job = job_of(folder, MANY, (), EXTRA, {}, limits=Limits(2, 1000))
    if who == "planner":
        job.source = BreaksOnce(MANY)
    else:
        job.target = FaultyStorage(job.target.inner)
        job.target.faults["write k3"].append(NO_ROUTE)
    return job


@pytest.mark.parametrize("has_settled", [False, True], ids=["before it settles", "once it has settled"])
@pytest.mark.parametrize("who", ["planner", "batch"])
def test_a_planner_that_dies_over_an_error_is_followed_by_one_that_fails_and_deletes_nothing(
    tmp_path, monkeypatch, who, has_settled
):
    settle = MemoryLedger.settle

    def die(ledger):
        if has_settled:
            settle(ledger)
        raise Died

    job = erring(tmp_path, who)
    with monkeypatch.context() as patch:
        patch.setattr(MemoryLedger, "settle", die)
        with pytest.raises(Died):
            job.attempt()
    job.rows.is_settled = False

    said, objects, counted, history = ended(job)

    assert said == ("storage_unreachable", "no route to the host")
    assert set(EXTRA) <= set(objects)
    assert counted["done"]["uploads"] == len(set(objects) & set(MANY)) == len(history) - counted["failed"]
    assert job.rows.batches == {}


@pytest.mark.parametrize("who", ["planner", "batch"])
def test_whenever_a_planner_dies_about_an_error_nothing_is_deleted_before_all_is_uploaded(tmp_path, who):
    for after in range(100):
        job = erring(tmp_path, who)
        if not died(job, after):
            break
        job.rows.is_settled = False
        said, objects, *_ = ended(job)
        assert objects == MANY or (said[0] == "storage_unreachable" and set(EXTRA) <= set(objects)), after
    assert after > 3


def test_percent_of_a_filtered_target_are_those_of_objects_that_are_counted_once_however_often_planners_die(tmp_path):
    source = {f"c{number:02}": b"x" for number in range(30)}
    target = {f"a{number}": b"" for number in range(5)} | {f"b/{number:02}": b"" for number in range(45)}
    options = {"filters": Filters([Rule("exclude", "/b/")]), "limit": DeletionLimit(5, is_percentage=True)}
    expected = ended(job_of(tmp_path, source, (), target, options))
    assert expected[0][0], "five of fifty are more than allowed"

    job = job_of(tmp_path, source, (), target, options)
    deaths = 0
    while died(job, 4):
        deaths += 1
    assert deaths > 5

    assert ended(job) == expected
