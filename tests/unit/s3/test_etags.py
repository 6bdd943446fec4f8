"""What etags tell, and making them again."""

import hashlib

import pytest

from app.storages.s3.etags import Recomputed, etag_of, is_md5, may_be_digest, parts_in

DATA = bytes(range(256)) * 10


def md5(data):
    return hashlib.md5(data, usedforsecurity=False)


@pytest.mark.parametrize("chunk", [1, 7, 1000, 1024, 5000])
@pytest.mark.parametrize("size", [0, 999, 1000, 1001, 2000, 2560])
def test_an_etag_of_parts_is_made_again_however_the_bytes_come(chunk, size):
    data = DATA[:size]
    recomputed = Recomputed(part_size=1000)
    for begin in range(0, size, chunk):
        recomputed.update(data[begin : begin + chunk])
    parts = [md5(data[begin : begin + 1000]).digest() for begin in range(0, size, 1000)]
    assert recomputed.etag == f"{md5(b''.join(parts)).hexdigest()}-{len(parts)}"


def test_an_etag_of_a_whole_is_its_md5():
    recomputed = Recomputed()
    recomputed.update(DATA)
    recomputed.update(DATA)
    assert recomputed.etag == md5(DATA + DATA).hexdigest()


@pytest.mark.parametrize(
    ("etag", "whole", "parts"),
    [
        ("d41d8cd98f00b204e9800998ecf8427e", True, 0),
        ("d41d8cd98f00b204e9800998ecf8427e-12", False, 12),
        ("d41d8cd98f00b204e9800998ecf8427e-", False, 0),
        ("D41D8CD98F00B204E9800998ECF8427E", False, 0),
        ("0x8DC", False, 0),
        ("", False, 0),
        (None, False, 0),
    ],
)
def test_the_form_of_an_etag(etag, whole, parts):
    assert (is_md5(etag), parts_in(etag)) == (whole, parts)


@pytest.mark.parametrize(
    ("answer", "digest"),
    [
        ({}, True),
        ({"ServerSideEncryption": "AES256"}, True),
        ({"ServerSideEncryption": "aws:kms"}, False),
        ({"ServerSideEncryption": "aws:kms:dsse"}, False),
        ({"SSECustomerAlgorithm": "AES256"}, False),
    ],
)
def test_a_key_of_kms_or_of_the_customer_makes_etags_of_something_else(answer, digest):
    assert may_be_digest(answer) is digest


def test_an_etag_is_told_without_its_quotes():
    assert etag_of({"ETag": '"abc"'}) == "abc"
    assert etag_of({"ETag": ""}) is None
    assert etag_of({}) is None
