"""A connection that keeps no thread waiting: what gunicorn does with it when an answer breaks off."""

import socket
import threading

from gunicorn import util

from app.serving.patient_socket import PatientSocket


class HastySocket(PatientSocket):
    goodbye_seconds = 0.1


def test_who_stays_after_an_answer_that_broke_off_is_not_waited_for():
    """It had a place, so its body may take as long as it likes; nobody asks for that body any more."""
    ours, theirs = socket.socketpair()
    with theirs:
        connection = HastySocket(ours)
        connection.has_place()
        connection.setblocking(True)
        closing = threading.Thread(target=util.close_graceful, args=(connection,), daemon=True)
        closing.start()
        closing.join(10)
        assert not closing.is_alive()
        assert theirs.recv(1) == b""
