"""The relay counts what it passes on."""

import pytest

from bench.cases.repeats import client_of
from bench.programs import ToolMissing
from bench.relay import Relay, Talk
from bench.servers import s3_server
from bench.trees import MIB
from tests.support.servers import missing

TRAFFIC = (
    b"POST /bench/large?uploads HTTP/1.1\r\nHost: x\r\n\r\n"
    b"PUT /bench/large?partNumber=1&uploadId=u HTTP/1.1\r\nHost: x\r\n\r\nPUT / HTTP/1.0 partNumber=9 is no request"
    b"PUT /bench/large?uploadId=u&partNumber=12 HTTP/1.1\r\n\r\nbody"
)
ANSWERS = b"HTTP/1.1 200 OK\r\n\r\n<x/>HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"


@pytest.mark.parametrize("length", [1, 2, 3, 7, 50, 1000])
def test_parts_are_counted_however_the_bytes_arrive(length):
    talk = Talk()
    for at in range(0, len(TRAFFIC), length):
        talk.up(TRAFFIC[at : at + length])
    for at in range(0, len(ANSWERS), length):
        talk.down(ANSWERS[at : at + length])

    assert talk.asked == [0, 1, 12]
    assert talk.answers == 2
    assert talk.unanswered == [12]


def test_the_relay_passes_all_on_and_counts_it(tmp_path):
    try:
        with s3_server(tmp_path / "server") as server, Relay(server.port) as relay:
            client = client_of(server.behind(relay.port))
            upload = client.create_multipart_upload(Bucket="bench", Key="large")["UploadId"]
            for number in (1, 2, 2):
                client.upload_part(Bucket="bench", Key="large", UploadId=upload, PartNumber=number, Body=bytes(5 * MIB))
            client.close()
            unfinished = server.unfinished_bytes()
            stored = server.stored()
    except ToolMissing as error:
        missing(str(error))

    assert sorted(relay.parts()) == [1, 2, 2]
    assert relay.in_flight() == set()
    assert 15 * MIB < relay.sent < 16 * MIB
    assert unfinished >= 5 * MIB
    assert stored == {}
