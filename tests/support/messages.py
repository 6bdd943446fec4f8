"""Takes the messages that a `CeleryRunner` sends from a real broker, in threads of the test's process.

A real worker cannot call what a test holds in its hands; real ones are in tests/faults/cluster.
"""

import contextlib
import socket
import threading

from kombu.connection import Connection
from kombu.entity import Queue
from kombu.messaging import Consumer

from app.jobs.celery_runner import BATCH, BATCHES, JOBS, PLAN, CeleryRunner, celery_app


class WorkingRunner:
    """A `CeleryRunner` together with somebody who does what it tells of; used as a `ThreadRunner` is in tests."""

    def __init__(self, database, box, handlers, settings, batch_handlers=None):
        self._runner = CeleryRunner(database, box, handlers, batch_handlers or {}, settings, celery_app(settings))
        self._does = {PLAN: self._runner.plan_one, BATCH: self._runner.do_batch}
        self._broker = settings.celery_broker_url
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._take_messages, daemon=True)

    @property
    def runner_id(self):
        return self._runner.runner_id

    def start(self):
        self._runner.start()
        self._thread.start()

    def job_submitted(self):
        self._runner.job_submitted()

    def wake(self):
        self._runner.job_submitted()

    def cancel_requested(self, job_id):
        self._runner.cancel_requested(job_id)

    def drain(self, timeout):
        drained = self._runner.drain(timeout)
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return drained

    def _take_messages(self):
        with (
            Connection(self._broker, transport_options={"socket_timeout": 2}) as connection,
            Consumer(
                connection, [Queue(JOBS), Queue(BATCHES)], callbacks=[self._do], accept=["json"], prefetch_count=64
            ),
        ):
            while not self._ended.is_set():
                with contextlib.suppress(socket.timeout):
                    connection.drain_events(timeout=0.2)

    def _do(self, body, message):
        """Each has a thread of its own: nobody waits for a place here, but for what the test is about."""
        message.ack()
        arguments = body[0]
        threading.Thread(target=self._does[message.headers["task"]], args=arguments, daemon=True).start()
