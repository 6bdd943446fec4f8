"""How long is waited between attempts, told by a clock that only the waits move."""

import threading

import pytest

from app.errors import StorageFailure, Throttled
from app.storages.http_api.backoff import Backoff, Rule
from app.storages.http_api.meanings import Passing

GOOGLES = Rule(attempts=6, seconds=120, first=1, spread=1, most=32)


class Watch:
    """A clock and its waits."""

    def __init__(self, spread=0.0, is_whole=True, each=0.0):
        self.now, self.slept, self.asked = 0.0, [], 0
        self._spread, self._is_whole, self._each = spread, is_whole, each

    def backoff(self, rule):
        return Backoff(rule, lambda: self.now, lambda: self._spread, self._sleep)

    def failing(self, retry_after=0):
        def attempt():
            self.asked += 1
            self.now += self._each
            raise Passing(StorageFailure(f"attempt {self.asked}"), retry_after)

        return attempt

    def answering_after(self, failures):
        outcomes = iter([*[Passing(StorageFailure(""))] * failures, "answered"])

        def attempt():
            outcome = next(outcomes)
            if isinstance(outcome, Passing):
                raise outcome
            return outcome

        return attempt

    def _sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds
        return self._is_whole


@pytest.mark.parametrize(
    ("rule", "spread", "retry_after", "slept"),
    [
        pytest.param(GOOGLES, 0, 0, [1, 2, 4, 8, 16], id="doubled each time"),
        pytest.param(GOOGLES, 0.5, 0, [1.5, 2.5, 4.5, 8.5, 16.5], id="and a random second more"),
        pytest.param(GOOGLES._replace(attempts=8), 0, 0, [1, 2, 4, 8, 16, 32, 32], id="32 seconds at most"),
        pytest.param(GOOGLES._replace(attempts=8), 1, 0, [2, 3, 5, 9, 17, 32, 32], id="with the random part too"),
        pytest.param(GOOGLES, 0, 5, [5, 5, 5, 8, 16], id="never less than the server asks"),
        pytest.param(GOOGLES, 0, 50, [50, 50], id="as long as it fits into the whole"),
        pytest.param(GOOGLES, 0, 121, [], id="not at all when the server asks for more than that"),
        pytest.param(GOOGLES._replace(attempts=1), 0, 0, [], id="one attempt"),
        pytest.param(GOOGLES._replace(seconds=7), 0, 0, [1, 2, 4], id="until the whole is used up"),
    ],
)
def test_waits_follow_the_rule(rule, spread, retry_after, slept):
    watch = Watch(spread)
    with pytest.raises(StorageFailure, match=f"attempt {len(slept) + 1}"):
        watch.backoff(rule).until_answered(watch.failing(retry_after))
    assert watch.slept == slept


def test_the_time_of_the_attempts_counts():
    watch = Watch(each=30)
    with pytest.raises(StorageFailure):
        watch.backoff(GOOGLES).until_answered(watch.failing())
    assert (watch.asked, watch.slept) == (4, [1, 2, 4])


def test_what_was_achieved_begins_the_count_anew():
    watch = Watch()
    backoff = watch.backoff(GOOGLES)
    for failures in (5, 1):
        assert backoff.until_answered(watch.answering_after(failures)) == "answered"
    assert watch.slept == [1, 2, 4, 8, 16, 1]


def test_an_answer_ends_it():
    assert Watch().backoff(GOOGLES).until_answered(lambda: "answered") == "answered"


def test_what_cannot_pass_is_not_tried_again():
    watch = Watch()

    def attempt():
        watch.asked += 1
        raise Throttled("for good")

    with pytest.raises(Throttled):
        watch.backoff(GOOGLES).until_answered(attempt)
    assert watch.asked == 1


def test_a_wait_that_ends_early_is_the_last():
    watch = Watch(is_whole=False)
    with pytest.raises(StorageFailure):
        watch.backoff(GOOGLES).until_answered(watch.failing())
    assert watch.asked == 1


def test_closing_wakes_who_waits_and_nobody_who_comes_later():
    backoff = Backoff(GOOGLES._replace(first=3600, most=3600, seconds=7200, spread=0))
    asked, ended = threading.Event(), []

    def attempt():
        asked.set()
        raise Passing(StorageFailure("closed"))

    def ask():
        try:
            backoff.until_answered(attempt)
        except StorageFailure as error:
            ended.append(str(error))

    waiting = threading.Thread(target=ask, daemon=True)
    waiting.start()
    assert asked.wait(30)
    while waiting.is_alive():  # it may not have begun to wait yet
        backoff.close()
        waiting.join(0.01)
    assert ended == ["closed"]
    assert backoff.sleep(0)
