"""Tells what images say of themselves, as a program that stays and forks a process for each image.

So Python and Pillow start once. A line of its standard input is a path, as JSON; the line that it answers with is an
object of JSON, or empty: nothing is known. It ends when its standard input does, and so outlives nobody who asks. It
has a single thread, or it could not fork.
"""

import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from app.pictures.facts import CPU_SECONDS, MEMORY, facts, prepare
from app.pictures.limits import ANSWER_MAX, SECONDS, limit_this_process


def _answer(path: Path) -> bytes:
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        _tell(path, writing)
    os.close(writing)
    try:
        return _read(reading)
    finally:
        os.close(reading)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _tell(path: Path, writing: int) -> NoReturn:
    """Write what is known, in the process of one image."""
    try:
        signal.alarm(SECONDS)  # for when nobody is left to end it
        os.close(sys.stdin.fileno())
        os.dup2(writing, sys.stdout.fileno())  # neither other questions nor other answers are within its reach
        limit_this_process(MEMORY, CPU_SECONDS)
        os.write(writing, json.dumps(facts(path)).encode())
    finally:
        os._exit(0)  # whatever went wrong with it, nothing is known


def _read(reading: int) -> bytes:
    deadline = time.monotonic() + SECONDS
    answer = b""
    while len(answer) <= ANSWER_MAX and select.select([reading], [], [], max(0, deadline - time.monotonic()))[0]:
        part = os.read(reading, ANSWER_MAX)
        if not part:
            return b"" if b"\n" in answer else answer
        answer += part
    return b""


def main() -> None:
    """Answer until nobody can ask any more."""
    prepare()
    for question in sys.stdin.buffer:
        sys.stdout.buffer.write(_answer(Path(json.loads(question))) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
