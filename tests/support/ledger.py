"""A ledger in memory that keeps what `app.jobs.contract.Ledger` promises, and a planner in it that dies where a test says.

Everything goes through JSON, as it would in a database. Batches are done by whoever calls `help`, or `work_on` for
somebody else.
"""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.jobs.contract import DoneBatch, NewBatch, StepRecord

Doer = Callable[[str, Sequence[Any]], tuple[Sequence[Any], Sequence[Any]]]
"""Does a batch: takes its kind and steps, returns result and what is left."""


class Died(BaseException):
    """The planner's process is gone: nothing of it runs any more, not even what handles exceptions."""


class Rows:
    """What the database holds of one job; outlives planners."""

    def __init__(self) -> None:
        self.kept: str | None = None
        self.steps: list[StepRecord] = []
        self.batches: dict[int, dict[str, Any]] = {}
        self.next_number = 1
        self.is_settled = False

    def put(self, kind: str, steps: Sequence[Any], state: str) -> None:
        self.batches[self.next_number] = {"kind": kind, "steps": json.dumps(steps), "state": state}
        self.next_number += 1

    def of(self, state: str, kind: str | None = None) -> list[int]:
        return [
            number
            for number, batch in sorted(self.batches.items())
            if batch["state"] == state and kind in (None, batch["kind"])
        ]

    def steps_of(self, number: int) -> Sequence[Any]:
        return list(json.loads(self.batches[number]["steps"]))

    def work_on(self, number: int, do: Doer) -> None:
        """Do a batch, as a worker: the result is stored once."""
        batch = self.batches[number]
        result, left = do(batch["kind"], self.steps_of(number))
        if left and not self.is_settled:
            self.put(batch["kind"], left, "waiting")
        batch.update(state="done", result=json.dumps(result))


class MemoryLedger:
    """The ledger of one attempt.

    Args:
        do: does a batch.
        dies_after: so many calls that write, before the call returns: the planner is then gone. None: it lives.
        chooses: which batch `help` does.
    """

    moving = 0

    def __init__(
        self, rows: Rows, do: Doer, dies_after: int | None = None, chooses: random.Random | None = None
    ) -> None:
        self.rows = rows
        self.writes = 0
        self.most_ahead = 0
        self._do = do
        self._dies_after = dies_after
        self._chooses = chooses

    @property
    def kept(self) -> Mapping[str, Any] | None:
        return None if self.rows.kept is None else json.loads(self.rows.kept)

    def do_without(self) -> None:
        assert self.rows.kept is None

    def keep(
        self,
        kept: Mapping[str, Any],
        put: Sequence[NewBatch] = (),
        folded: Sequence[int] = (),
        steps: Sequence[StepRecord] = (),
    ) -> None:
        self._written("before")
        self.rows.kept = json.dumps(kept)
        for batch in put:
            self.rows.put(batch.kind, batch.steps, "held" if batch.held else "waiting")
        for number in folded:
            del self.rows.batches[number]
        self.rows.steps.extend(steps)
        self.most_ahead = max(self.most_ahead, len(self.rows.of("waiting")))
        self._written("after")

    def done(self, limit: int = 8) -> Sequence[DoneBatch]:
        batches = [(number, self.rows.batches[number]) for number in self.rows.of("done")[:limit]]
        return [DoneBatch(number, batch["kind"], json.loads(batch["result"])) for number, batch in batches]

    def left(self) -> Mapping[str, int]:
        kinds = [batch["kind"] for batch in self.rows.batches.values()]
        return {kind: kinds.count(kind) for kind in kinds}

    def release(self, kind: str) -> None:
        for number in self.rows.of("held", kind):
            self.rows.batches[number]["state"] = "waiting"
        self._written("after")

    def withdraw(self, kind: str) -> int:
        count = sum(len(json.loads(self.rows.batches.pop(number)["steps"])) for number in self.rows.of("held", kind))
        self._written("after")
        return count

    def first_held(self, kind: str) -> DoneBatch | None:
        for number in self.rows.of("held", kind):
            return DoneBatch(number, kind, json.loads(self.rows.batches[number]["steps"]))
        return None

    def help(self) -> bool:
        waiting = self.rows.of("waiting")
        if not waiting:
            return False
        self.rows.work_on(self._chooses.choice(waiting) if self._chooses else waiting[0], self._do)
        self._written("after")
        return True

    def wait(self, seconds: float) -> None:  # noqa: ARG002  # of the protocol
        raise AssertionError("nobody else is there to wait for")

    def settle(self) -> None:
        self.rows.is_settled = True
        for number in self.rows.of("waiting") + self.rows.of("held"):
            del self.rows.batches[number]

    def _written(self, _when: str) -> None:
        if self._dies_after is not None and self.writes >= self._dies_after:
            raise Died
        self.writes += 1
