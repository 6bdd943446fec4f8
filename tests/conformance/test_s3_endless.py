"""A server whose answers do not end: what is no object is not read into memory for ever."""

import socket
import threading
from contextlib import closing, contextmanager, suppress

import pytest

from app.errors import StorageError
from app.storages.s3 import S3Address, S3Storage
from app.storages.s3.peers import ANSWER_BYTES
from tests.conformance.contents import MIB, bytes_of, content
from tests.support.servers import ACCESS_KEY

OFFERED = 8 * ANSWER_BYTES
SPILLED = 32 * MIB
"""What the two systems hold of a connection that nobody reads from."""

OPERATIONS = {
    "a check": lambda storage: storage.check(),
    "a deletion": lambda storage: next(iter(storage.delete(["key"]).values()), None),
    "making the bucket": lambda storage: storage.create(),
    "dropping the bucket": lambda storage: storage.drop(),
    "a large upload": lambda storage: storage.write("key", content(bytes_of(17 * MIB))),
}


@contextmanager
def endless(status):
    """Run a server that answers everything with a body that goes on; give its endpoint and what each answer sent."""
    sent = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=_serve, args=(listener, status, sent))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", sent
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener, status, sent):
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection:
                sent.append(_answer(connection, status))


def _answer(connection, status):
    """Return how many bytes were taken."""
    done, chunk = 0, b"x" * MIB
    with suppress(OSError):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 %d Here\r\nContent-Type: application/xml\r\n\r\n<Answer>" % status)
        while done < OFFERED:
            connection.sendall(chunk)
            done += len(chunk)
    return done


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
@pytest.mark.fault(19)
def test_no_answer_is_read_for_ever(operation, status):
    with endless(status) as (endpoint, sent):
        storage = S3Storage(S3Address(endpoint, "mybucket", ACCESS_KEY, "secret"))
        with closing(storage), pytest.raises(StorageError, match="not as S3"):
            raise operation(storage) or AssertionError("It took that for an answer.")
    assert sent
    assert max(sent) <= ANSWER_BYTES + SPILLED
