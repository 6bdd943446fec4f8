"""gunicorn with our configuration, as a real process with a small application behind it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.servers import free_port

ROOT = Path(__file__).parents[3]

APPLICATION = '''
import sys, threading, types
from flask import Flask, Response

class OneOperation:
    """A runner with one operation in hand, which ends a moment after the drain began."""

    def start(self):
        print("runner started", flush=True)

    def drain(self, timeout):
        print("drain began", flush=True)
        threading.Event().wait(0.05)
        print("operation ended", flush=True)
        return True

class OneScheduler:
    """A scheduler that says when it is asked to stop."""

    def start(self):
        print("scheduler started", flush=True)

    def stop(self, timeout):
        print("scheduler stopped", flush=True)
        return True

class NoWebhooks:
    """An announcer that has nothing to announce."""

    def start(self):
        pass

    def stop(self, timeout):
        return True

def create_app():
    app = Flask("small")
    draining = threading.Event()
    settings = types.SimpleNamespace(shutdown_seconds=20)
    app.extensions["sluice_started"] = threading.Event()
    app.extensions["sluice"] = types.SimpleNamespace(
        runner=OneOperation(), scheduler=OneScheduler(), announcer=NoWebhooks(), draining=draining, settings=settings
    )

    @app.get("/events")
    def events():
        def stream():
            yield "data: first\\n\\n"
            draining.wait()
            yield "data: last\\n\\n"
        return Response(stream(), mimetype="text/event-stream")

    @app.get("/get")
    def get():
        return "ok"

    return app

def refuse():
    raise SystemExit("Error: The disk of the database is full.")

def break_down():
    app = create_app()
    def start():
        from app.errors import DatabaseUnavailable
        raise DatabaseUnavailable("The disk of the database is full.")
    app.extensions["sluice"].runner.start = start
    return app
'''


class Gunicorn:
    """gunicorn in the foreground, its output in a file."""

    def __init__(self, folder, call):
        (folder / "small.py").write_text(APPLICATION)
        self.port = free_port()
        self.output = folder / "output"
        environ = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{folder}", "API_PORT": str(self.port)}
        command = [sys.executable, "-m", "gunicorn", "-c", "python:app.serving.gunicorn_conf", f"small:{call}()"]
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=folder, env={**environ, "HOME": str(folder / "home")}, stdout=out, stderr=subprocess.STDOUT
            )

    def said(self):
        return self.output.read_text()

    def wait_until_said(self, text):
        deadline = time.monotonic() + 90
        while text not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.02)

    def request(self, target, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", target, headers=headers)
        return connection, connection.getresponse()


@pytest.fixture
def run(tmp_path):
    started = []

    def run_gunicorn(call="create_app"):
        started.append(Gunicorn(tmp_path, call))
        return started[-1]

    yield run_gunicorn
    for gunicorn in started:
        gunicorn.process.terminate()
        gunicorn.process.wait(30)


@pytest.fixture
def running(run):
    gunicorn = run()
    gunicorn.wait_until_said("scheduler started")
    return gunicorn


pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT], ids=lambda number: number.name)
@pytest.mark.fault(3)
def test_a_stop_drains_at_once_though_an_event_stream_is_open(running, number):
    connection, response = running.request("/events")
    assert response.readline() == b"data: first\n"

    running.process.send_signal(number)

    assert b"data: last" in response.read()
    connection.close()
    assert running.process.wait(90) == 0
    said = running.said()
    assert said.index("scheduler stopped") < said.index("drain began") < said.index("operation ended")
    assert "resume at the next start" not in said


def test_the_access_log_has_path_and_status_and_no_secret(running):
    for target in ("/get?secret_key=hidden1", "/%0Aforged?x=hidden2"):
        connection, response = running.request(target, Referer="http://other/?hidden3", Authorization="hidden4")
        response.read()
        connection.close()
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as raw:
        raw.sendall(b"GET /sync?secret_key=hidden5 and hidden6 HTTP/9.x\r\n\r\n")
        raw.recv(1000)
    running.wait_until_said("Invalid request")
    running.wait_until_said("forged")

    said = running.said()
    assert re.search(r"^\[[^]]+\] GET /get 200 2 \d+\.\d+s$", said, re.MULTILINE)
    assert "GET /\\nforged 404" in said
    assert "hidden" not in said


@pytest.mark.usefixtures("running")
def test_nothing_is_written_into_the_home_folder(tmp_path):
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("call", ["refuse", "break_down"])
def test_an_application_that_cannot_start_ends_the_server_with_one_sentence(run, call):
    gunicorn = run(call)

    assert gunicorn.process.wait(30) != 0
    assert "The disk of the database is full." in gunicorn.said()
    assert "Traceback" not in gunicorn.said()
