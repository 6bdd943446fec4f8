"""Resumable uploads to the fake Google of the tests by Google's own client, of which only the addresses differ."""

import hashlib
import subprocess

import pytest

from tests.support.clients import GoogleClient
from tests.support.google_fake import google

pytestmark = pytest.mark.slow

PIECE = 256 * 1024


@pytest.fixture
def fake():
    with google() as fake:
        yield fake


@pytest.fixture
def client(fake):
    return GoogleClient(fake.settings, access_token=fake.tokens().current(), refresh_token=fake.refresh_token())


def resumed(client, data, **values):
    """Return what the client is told of a file that it uploads in pieces."""
    return client.run(
        """
        media = upload(bytes.fromhex(data), chunk=chunk)
        request = drive.files().create(body={"name": "big.bin"}, media_body=media, fields="id,size,md5Checksum")
        made, progress = None, []
        while made is None:
            status, made = request.next_chunk(num_retries=retries)
            progress.append(status.resumable_progress if status else None)
        show({"made": made, "progress": progress})
        """,
        data=data.hex(),
        **{"chunk": PIECE, "retries": 0} | values,
    )


def test_the_client_uploads_in_two_pieces(fake, client):
    data = bytes(range(251)) * 2000
    shown = resumed(client, data)

    (stored,) = fake.drive.named("big.bin")
    assert stored.data == data
    assert shown["progress"] == [PIECE, None]
    assert shown["made"] == {"id": stored.id, "size": str(len(data)), "md5Checksum": hashlib.md5(data).hexdigest()}
    assert len(fake.asked("^PUT ")) == 2
    assert fake.open_uploads == 0


def test_the_client_goes_on_where_a_piece_was_stored_in_part(fake, client):
    data = bytes(range(251)) * 4000
    fake.keep(100_000)
    resumed(client, data)

    assert fake.drive.named("big.bin")[0].data == data


def test_the_client_sends_a_piece_again_of_which_nothing_was_stored(fake, client):
    data = bytes(range(251)) * 2000
    fake.keep(0)
    shown = resumed(client, data)

    assert fake.drive.named("big.bin")[0].data == data
    assert shown["progress"] == [0, PIECE, None]


def test_an_empty_file_is_uploaded_without_a_range(fake, client):
    resumed(client, b"")

    assert fake.drive.named("big.bin")[0].data == b""
    assert [seen.headers.get("Content-Range") for seen in fake.asked("^PUT ")] == [None]


def test_the_client_is_refused_pieces_that_are_no_multiple_of_256_kib(fake, client):
    with pytest.raises(subprocess.CalledProcessError):
        resumed(client, bytes(600_000), chunk=100_000)

    assert not fake.drive.named("big.bin")
    assert len(fake.asked("^PUT ")) == 1
