"""The pool of file operations: bounded, stopped by the first error or a cancel, and gone when it is left."""

import threading

import pytest

from app.cancellation import Cancelled, CancelToken
from app.errors import StorageFailure
from app.transfer.pool import WAITING_PER_THREAD, OperationPool
from tests.support.jobs import eventually

SECONDS = 10


@pytest.fixture
def token():
    return CancelToken()


def test_everything_submitted_is_done_before_a_join_returns(token):
    done = []
    with OperationPool(4, 0, token) as pool:
        for number in range(1000):
            pool.submit(lambda number=number: done.append(number))
        pool.join()
        assert sorted(done) == list(range(1000))


def test_as_many_operations_run_at_once_as_there_are_threads(token):
    meeting = threading.Barrier(3, timeout=SECONDS)
    with OperationPool(3, 0, token) as pool:
        for _ in range(6):
            pool.submit(meeting.wait)
        pool.join()


def test_no_more_threads_are_started_than_there_are_operations(token):
    def started():
        return [thread for thread in threading.enumerate() if thread.name.startswith("operation-")]

    gate = threading.Event()
    with OperationPool(8, 0, token) as pool:
        pool.submit(lambda: gate.wait(SECONDS) and None)
        assert len(started()) == 1
        gate.set()
        pool.join()
    assert started() == []


def test_what_waits_is_bounded(token):
    gate, submitted = threading.Event(), []
    pool = OperationPool(1, 0, token)

    def submit_many():
        for number in range(3 * WAITING_PER_THREAD):
            pool.submit(lambda: gate.wait(SECONDS) and None)
            submitted.append(number)

    with pool:
        submitter = threading.Thread(target=submit_many)
        submitter.start()
        while len(submitted) < 1 + WAITING_PER_THREAD:
            submitter.join(0.001)
        submitter.join(0.05)  # it would go on now if nothing held it back
        assert len(submitted) == 1 + WAITING_PER_THREAD
        gate.set()
        submitter.join(SECONDS)
        pool.join()
    assert len(submitted) == 3 * WAITING_PER_THREAD


def test_the_first_error_is_raised_where_operations_are_submitted_and_the_rest_never_starts(token):
    failing, done = threading.Event(), []

    def fail():
        failing.wait(SECONDS)
        raise StorageFailure("broken")

    with OperationPool(1, 0, token) as pool:
        pool.submit(fail)
        pool.submit(lambda: done.append("second"))
        failing.set()
        with pytest.raises(StorageFailure, match="broken"):
            pool.join()
    assert not done


def test_a_cancel_lets_the_operation_in_hand_finish_and_starts_no_other(token):
    started, gate, done = threading.Event(), threading.Event(), []

    def first():
        started.set()
        gate.wait(SECONDS)
        done.append("first")

    with OperationPool(1, 0, token) as pool:
        pool.submit(first)
        pool.submit(lambda: done.append("second"))
        started.wait(SECONDS)
        token.cancel("cancelled_by_user")
        gate.set()
        with pytest.raises(Cancelled):
            pool.join()
    assert done == ["first"]


def test_leaving_the_pool_on_an_exception_drops_what_waits(token):
    submitted, done = threading.Event(), []

    def first(pool):
        assert submitted.wait(SECONDS)
        eventually(lambda: pool._waiting.qsize() <= 1)  # but for what ends its thread
        done.append("first")

    def leave_early():
        with OperationPool(1, 0, token) as pool:
            pool.submit(lambda: first(pool))
            for _ in range(10):
                pool.submit(lambda: done.append("later"))
            eventually(lambda: pool._waiting.qsize() == 10)  # the first one is in hand
            submitted.set()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        leave_early()
    assert done == ["first"]


def test_with_a_pause_operations_run_one_at_a_time(token):
    running, most = [], []

    def operation():
        pool.pace()
        running.append(1)
        most.append(len(running))
        running.pop()

    with OperationPool(8, 0.001, token) as pool:
        for _ in range(5):
            pool.submit(operation)
        pool.join()
    assert most == [1] * 5
