"""The product's configuration of gunicorn, with a worker whose patience the environment sets: for tests of slow clients."""

import json
import os
import socket

from app.serving.gunicorn_conf import *  # noqa: F403  # gunicorn reads a configuration's names
from app.serving.patient_socket import PatientSocket
from app.serving.worker import PatientWorker

VARIABLE = "TEST_PATIENCE"
"""What the environment says: a JSON object of the attributes of `PatientWorker` and its ``answer_seconds``, and how many ``connections`` it has."""

_patience = json.loads(os.environ[VARIABLE])

worker_connections = _patience.get("connections", worker_connections)  # noqa: F405  # it was that of the service


class HastySocket(PatientSocket):
    """A connection of such a worker."""

    body_seconds = _patience["body_seconds"]
    answer_seconds = _patience["answer_seconds"]

    slow_seconds = 0.5

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(accepted)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)  # or the system takes megabytes for slow readers


class HastyWorker(PatientWorker):
    """A worker with the patience of a test."""

    socket_class = HastySocket
    crowded_seconds = 0.5
    head_seconds = _patience["head_seconds"]
    body_seconds = _patience["body_seconds"]
    goodbye_seconds = _patience.get("goodbye_seconds", PatientWorker.goodbye_seconds)
    waiting_bytes = _patience.get("waiting_bytes", PatientWorker.waiting_bytes)


worker_class = HastyWorker  # type: ignore[misc]  # it was that of the service
