"""Answers to everything but listings and reads, as bombs: botocore reads them, within bounds that are ours."""

import gzip
import pyexpat
import time

import pytest

from app.errors import StorageError
from app.storages.s3.peers import ANSWER_BYTES
from tests.conformance.contents import content
from tests.support.hostile_s3 import OK, answered, at, memory, raw_server

pytestmark = [pytest.mark.fault(19)]

MIB = 1024 * 1024
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
OUTSIDE = '<!DOCTYPE l [<!ENTITY i SYSTEM "file:///etc/passwd">]>'


def around(inner):
    return f"<ListBucketResult><IsTruncated>false</IsTruncated><Name>{inner}</Name></ListBucketResult>"


BOMBS = [
    pytest.param([answered(LAUGHS + "]>" + around("&i;"))], id="entities in entities"),
    pytest.param([answered(OUTSIDE + around("&i;"))], id="an entity of a file"),
    pytest.param([answered("<a/>" * (4 * MIB - 100))], id="wide"),
    pytest.param([answered("<a>" * (5 * MIB))], id="deep"),
    pytest.param([answered("<a " + " ".join(f'b{n}=""' for n in range(600_000)) + "/>")], id="attributes"),
    pytest.param([answered(gzip.compress(b" " * 64 * MIB), headers=b"Content-Encoding: gzip\r\n")], id="packed"),
    pytest.param([answered(b"\xff\xfe" + around("a").encode("utf-16-le"))], id="another encoding"),
    pytest.param([answered(b"<ListBucketResult>\xff\xff</ListBucketResult>")], id="no encoding"),
    pytest.param([OK + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + b"\r\n"], id="many headers"),
    pytest.param([OK + b"X: " + b"y" * 100_000 + b"\r\n\r\n"], id="a long header"),
    pytest.param([OK + b"Content-Length: 1" + b"0" * 5000 + b"\r\n\r\n"], id="a long length"),
    pytest.param([OK + b"\r\n", *[b" " * MIB] * 64], id="endless"),
]

ASKED = [
    pytest.param(lambda storage: storage.check(), id="check"),
    pytest.param(lambda storage: storage.delete(["a", "b"]), id="delete"),
    pytest.param(lambda storage: storage.write("key", content(b"x" * (17 * MIB))), id="upload in parts"),
]


def raise_told(left):
    """Raise what a deletion tells of a key that is left."""
    raise next(iter(left.values()))


@pytest.mark.parametrize("ask", ASKED)
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_within_bounded_time_and_memory(bomb, ask):
    before, began = memory("VmRSS"), time.process_time()
    with raw_server(lambda _: bomb) as endpoint, at(endpoint) as storage, pytest.raises(StorageError) as raised:
        raise_told(ask(storage))
    assert "root:" not in str(raised.value)
    assert time.process_time() - began < 20
    assert memory("VmRSS") - before < 8 * ANSWER_BYTES


def test_the_parser_of_botocore_knows_how_to_refuse_entities_in_entities():
    assert pyexpat.version_info >= (2, 4, 1)
