"""What the worker leans on inside gunicorn, so that an update that moves it is noticed here first."""

import inspect

import pytest
from gunicorn import util
from gunicorn.config import Config
from gunicorn.http import get_parser
from gunicorn.http.parser import Parser
from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from app.serving import gunicorn_conf
from app.serving.connections import Connection
from app.serving.patient_socket import PatientSocket
from app.serving.worker import PatientWorker

OVERRIDDEN = {
    "accept": ["self", "listener"],
    "on_client_socket_readable": ["self", "conn", "client"],
    "handle": ["self", "conn"],
    "finish_request": ["self", "conn", "fs"],
    "murder_pending": ["self"],
    "_cap_keepalive": ["self", "deadline"],
    "_keepalive_after": ["self", "conn", "keepalive"],
}


def body(function):
    """Return what a function does, without its documentation."""
    return inspect.getsource(function).replace(function.__doc__ or "", "")


@pytest.mark.parametrize("name", OVERRIDDEN)
def test_gunicorn_has_what_is_overridden_and_calls_it_so(name):
    ours, theirs = getattr(PatientWorker, name), getattr(ThreadWorker, name)
    assert list(inspect.signature(theirs).parameters) == list(inspect.signature(ours).parameters) == OVERRIDDEN[name]
    assert ours is not theirs


def test_the_loop_looks_at_what_waits_also_while_it_stops():
    assert inspect.getsource(ThreadWorker.run).count("self.murder_pending()") == 2
    assert "self._cap_keepalive(" in body(ThreadWorker.run)
    assert "self.nr_conns < self.worker_connections" in body(ThreadWorker.run)


def test_all_that_a_thread_is_given_is_given_by_what_is_counted():
    assert "submit(self.handle, conn)" in body(ThreadWorker.enqueue_req)
    assert "self.finish_request, conn, fut" in body(ThreadWorker.enqueue_req)
    assert body(ThreadWorker).count("tpool.submit") == 1


def test_a_request_begins_with_what_was_read_before():
    assert {"initialized", "data_ready", "sock", "parser"} <= set(TConn.__init__.__code__.co_names)
    assert {"unread", "take_buffered"} <= set(dir(Unreader))
    assert {"max_bytes"} <= set(inspect.signature(Parser.finish_body).parameters)
    assert list(inspect.signature(get_parser).parameters)[:3] == ["cfg", "source", "source_addr"]
    assert list(inspect.signature(util.write_error).parameters) == ["sock", "status_int", "reason", "mesg"]


def test_nothing_but_http_1_in_clear_is_spoken():
    config = Config()
    assert not config.is_ssl
    assert config.settings["http_protocols"].get() in ("h1", ["h1"])
    assert config.proxy_protocol == "off"


def test_a_connection_is_one_of_gunicorns():
    assert issubclass(Connection, TConn)
    assert PatientWorker.head_seconds == 10
    assert PatientWorker.body_seconds == PatientSocket.body_seconds == PatientSocket.answer_seconds == 30


def test_an_idle_connection_stays_for_longer_than_proxies_keep_theirs():
    """nginx and most load balancers hold one for 60 seconds, and would send a request into one that is being closed."""
    assert gunicorn_conf.keepalive > 60
    assert "self.cfg.keepalive" in body(TConn.set_timeout)
