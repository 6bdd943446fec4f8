"""Who may read the metrics."""

import pytest

from app.monitoring.access import Reader, is_local_name, may_read, was_forwarded


@pytest.mark.parametrize(
    ("token", "authorization", "peer", "is_forwarded", "allowed"),
    [
        pytest.param("", "", "127.0.0.1", False, True, id="a program of this machine"),
        pytest.param("", "", "::1", False, True, id="the same by IPv6"),
        pytest.param("", "", "::ffff:127.0.0.1", False, True, id="the same by IPv4 within IPv6"),
        pytest.param("", "", "127.0.0.1", True, False, id="a proxy that nobody trusts, for somebody"),
        pytest.param("", "", "192.0.2.1", False, False, id="another machine"),
        pytest.param("", "Bearer ", "192.0.2.1", False, False, id="another machine with an empty token"),
        pytest.param("", "", "", False, False, id="nobody knows who"),
        pytest.param("right", "Bearer right", "192.0.2.1", True, True, id="the token"),
        pytest.param("right", "bearer  right", "192.0.2.1", True, True, id="the token, with the word in other letters"),
        pytest.param("right", "Basic right", "127.0.0.1", False, False, id="the token as something else"),
        pytest.param("right", "right", "127.0.0.1", False, False, id="the token alone"),
        pytest.param("right", "Bearer wrong", "127.0.0.1", False, False, id="another token"),
        pytest.param("right", "", "127.0.0.1", False, False, id="no token, though one is set"),
        pytest.param("right", "Bearer r\xefght", "127.0.0.1", False, False, id="a token that is no ASCII"),
    ],
)
@pytest.mark.fault("profiler")
def test_the_token_decides_and_without_one_the_machine(token, authorization, peer, is_forwarded, allowed):
    assert may_read(token, Reader(authorization, peer, is_forwarded)) is allowed


@pytest.mark.parametrize(
    ("header", "shows"),
    [
        pytest.param("HTTP_X_FORWARDED_FOR", True, id="X-Forwarded-For"),
        pytest.param("HTTP_X_FORWARDED_HOST", True, id="X-Forwarded-Host"),
        pytest.param("HTTP_FORWARDED", True, id="Forwarded"),
        pytest.param("HTTP_X_REAL_IP", True, id="X-Real-IP"),
        pytest.param("HTTP_VIA", True, id="Via"),
        pytest.param("HTTP_USER_AGENT", False, id="another header"),
    ],
)
def test_a_proxy_is_noticed_by_its_headers(header, shows):
    assert was_forwarded({"REQUEST_METHOD": "GET", header: "1"}) is shows


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("localhost", True),
        ("localhost:9464", True),
        ("LOCALHOST:9464", True),
        ("127.0.0.1:9464", True),
        ("[::1]:9464", True),
        ("[::1]", True),
        ("evil.example:9464", False),
        ("localhost.evil.example", False),
        ("192.0.2.1:9464", False),
        ("", False),
    ],
)
@pytest.mark.fault("profiler")
def test_a_name_from_outside_is_not_local(host, is_local):
    assert is_local_name(host) is is_local
