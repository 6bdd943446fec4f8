"""Watching and stopping child processes, with small processes in the place of the servers."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from app.serving.processes import Child, StopRequests, stop, watch

FOREVER = "import signal; print('up', flush=True); signal.pause()"
TERM_IS_IGNORED = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + FOREVER
ALL_IS_IGNORED = "import signal; signal.signal(signal.SIGQUIT, signal.SIG_IGN); " + TERM_IS_IGNORED
ENDS_WELL = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); " + FOREVER


class Program:
    """A Python program as a stoppable process."""

    def __init__(self, code):
        self.process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert self.process.stdout
        self.output = self.process.stdout
        self.asked = []
        self.killed = False

    def wait_until_up(self):
        assert self.output.readline() == b"up\n"
        return self

    def poll(self):
        return self.process.poll()

    def ask_to_stop(self, *, hurry=False):
        self.asked.append("hurry" if hurry else "stop")
        self.process.send_signal(signal.SIGQUIT if hurry else signal.SIGTERM)

    def kill(self):
        self.killed = True
        self.process.kill()
        self.process.wait()


@pytest.fixture
def start():
    programs = []

    def start_program(code):
        programs.append(Program(code))
        return programs[-1]

    yield start_program
    for program in programs:
        program.kill()
        program.output.close()


@pytest.fixture
def requests():
    return StopRequests()


def test_a_request_ends_the_watch_as_wanted(start, requests):
    program = start(FOREVER).wait_until_up()
    requests.note(signal.SIGINT)

    assert watch([Child("The server", program, "See its log.")], requests) == 0
    assert program.poll() is None


def test_a_child_that_ends_by_itself_ends_the_watch_and_is_named(start, requests, capsys):
    lasting = start(FOREVER).wait_until_up()
    ending = start("raise SystemExit(7)")

    status = watch([Child("The web server", lasting, ""), Child("The S3 server", ending, "Its log: s3.log")], requests)

    assert status == 1
    assert capsys.readouterr().err == "The S3 server ended by itself (status 7). Its log: s3.log\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_become_requests_and_the_handlers_of_before_come_back(requests, number):
    before = signal.getsignal(number)

    with requests.from_signals():
        os.kill(os.getpid(), number)
        assert requests.wait(10)

    assert signal.getsignal(number) is before


def test_a_program_that_drains_is_neither_hurried_nor_killed(start, requests):
    program = start(ENDS_WELL).wait_until_up()

    stop(program, requests, shutdown_seconds=30)

    assert program.poll() == 0
    assert program.asked == ["stop"]
    assert not program.killed


def test_a_second_request_hurries_it(start, requests):
    program = start(TERM_IS_IGNORED).wait_until_up()
    requests.note(signal.SIGINT)

    stop(program, requests, shutdown_seconds=30)

    assert program.asked == ["stop", "hurry"]
    assert program.poll() == -signal.SIGQUIT


def test_a_third_request_kills_it(start, requests):
    program = start(ALL_IS_IGNORED).wait_until_up()
    requests.note(signal.SIGINT)
    requests.note(signal.SIGINT)

    stop(program, requests, shutdown_seconds=30)

    assert program.asked == ["stop", "hurry"]
    assert program.poll() == -signal.SIGKILL


def test_a_program_that_does_not_stop_in_time_is_killed(start, requests):
    program = start(ALL_IS_IGNORED).wait_until_up()

    stop(program, requests, shutdown_seconds=-10)

    assert program.killed


def test_what_has_ended_is_not_asked_again(start, requests, capsys):
    program = start("pass")
    program.process.wait()

    stop(program, requests, shutdown_seconds=30)

    assert program.asked == []
    assert capsys.readouterr().out == ""


def test_requests_may_come_while_another_thread_waits(requests):
    seen = []
    waiting = threading.Thread(target=lambda: seen.append(requests.wait(10)))
    waiting.start()

    requests.note(signal.SIGTERM)
    waiting.join(10)

    assert seen == [True]
