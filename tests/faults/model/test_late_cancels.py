"""A cancel is obeyed while a mirror goes through keys of which it makes no step."""

from itertools import count

import pytest

from app.cancellation import Cancelled, CancelToken
from app.errors import ListingBroken
from app.storages.base import Entry
from app.storages.memory import MemoryContent, MemoryStorage
from app.transfer.batching import Limits
from app.transfer.events import PlanCompleted
from app.transfer.filters import Filters, Rule
from app.transfer.run import MirrorOptions, MirrorRun
from app.transfer.spreading import Spread
from tests.support.ledger import MemoryLedger, Rows
from tests.support.spread_runs import doer
from tests.support.storages import WrappedStorage

pytestmark = [pytest.mark.fault("I6")]

MOST = 10


class Endless(WrappedStorage):
    """Lists files of which no rule allows any, and counts those that are asked for."""

    asked = 0

    def __init__(self, token, last):
        super().__init__(MemoryStorage(exists=True))
        self._token, self._last = token, last

    def list(self, prefix="", after="", prune=None):  # noqa: ARG002  # of the protocol
        for self.asked in count(1):
            if self.asked == MOST:
                self._token.cancel("cancelled_by_user")
            if self.asked == self._last:
                return
            if self.asked > MOST + 1:
                raise ListingBroken("It was asked on and on.")
            yield Entry(f"{self.asked:09}.txt", 1, 0.0)


@pytest.mark.parametrize("last", [None, MOST], ids=["endless", "at its end"])
@pytest.mark.parametrize("side", ["source", "target"])
@pytest.mark.parametrize("way", ["local", "spread"])
def test_a_listing_of_what_is_left_out_ends_with_the_cancel(tmp_path, way, side, last):
    token, told = CancelToken(), []
    endless, other = Endless(token, last), MemoryStorage(exists=True)
    if last is None:
        other.write("a.jpg", MemoryContent(b"1", 0))
    source, target = (endless, other) if side == "source" else (other, endless)
    rules = [Rule("include", "*.jpg")]
    options = MirrorOptions(name="bucket", spool_dir=tmp_path, filters=Filters(rules))
    ledger = MemoryLedger(Rows(), doer(source, target, token))
    spread = Spread(ledger, Limits(3, 1000), always=True) if way == "spread" else None
    with pytest.raises(Cancelled):
        MirrorRun(source, target, options, told.append, token, spread=spread).run()
    assert PlanCompleted() not in told
