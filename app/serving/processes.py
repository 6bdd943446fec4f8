"""Child processes that live and die together, and the requests to stop them."""

import contextlib
import signal
import time
from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue
from types import FrameType
from typing import NamedTuple, Protocol

import click

_LOOK_SECONDS = 0.2
_KILL_AFTER_SECONDS = 10  # beyond the drain; gunicorn itself kills its workers before that


class Process(Protocol):
    """Something that runs until it ends."""

    def poll(self) -> int | None:
        """Return the exit status once it has ended, else None."""
        ...


class StoppableProcess(Process, Protocol):
    """A process that can be asked to end."""

    def ask_to_stop(self, *, hurry: bool = False) -> None:
        """Ask for the end, after the operations in hand or soon; return at once."""
        ...

    def kill(self) -> None:
        """End it at once, with all that it started."""
        ...


class Child(NamedTuple):
    """A process whose end is the end of all.

    Attributes:
        name: how people are told of it, at the start of a sentence.
        advice: where to look when it has ended by itself.
    """

    name: str
    process: Process
    advice: str


class StopRequests:
    """SIGINT, SIGTERM and SIGHUP as something to wait for; an exception out of a handler could hit a stop half way."""

    def __init__(self) -> None:
        self._requests: SimpleQueue[int] = SimpleQueue()

    def note(self, number: int, frame: FrameType | None = None) -> None:  # noqa: ARG002  # handlers take a frame
        """Be the signal handler."""
        self._requests.put(number)

    def wait(self, seconds: float) -> bool:
        """Take one request; return whether there was one within ``seconds``."""
        try:
            self._requests.get(timeout=seconds)
        except Empty:
            return False
        return True

    @contextlib.contextmanager
    def from_signals(self) -> Iterator[None]:
        """Note the signals while the block runs."""
        numbers = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup wants the closing terminal to be ignored
            numbers.append(signal.SIGHUP)
        before = [signal.signal(number, self.note) for number in numbers]
        try:
            yield
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)


def watch(children: Sequence[Child], requests: StopRequests) -> int:
    """Wait for a request to stop, or for the end of a child.

    Returns:
        0 on a request, 1 when a child ended by itself.
    """
    while not requests.wait(_LOOK_SECONDS):
        for child in children:
            status = child.process.poll()
            if status is not None:
                click.echo(f"{child.name} ended by itself (status {status}). {child.advice}", err=True)
                return 1
    return 0


def stop(web: StoppableProcess, requests: StopRequests, shutdown_seconds: int) -> None:
    """Stop the web server after its operations in hand; sooner on a further request, by force on one more.

    Args:
        web: what to stop; nothing is said or waited for when it has ended already.
        requests: where further requests arrive.
        shutdown_seconds: how long the operations in hand may take.
    """
    deadline = time.monotonic() + shutdown_seconds + _KILL_AFTER_SECONDS
    hurry = False
    if web.poll() is None:
        click.echo(f"Stopping: file operations in hand finish, for up to {shutdown_seconds} s. Ctrl-C again: at once.")
        web.ask_to_stop()
    while web.poll() is None and time.monotonic() < deadline:
        if requests.wait(_LOOK_SECONDS):
            web.kill() if hurry else web.ask_to_stop(hurry=True)
            hurry = True
    if web.poll() != 0:
        web.kill()
