"""Who may read the metrics."""

import pytest

from app.monitoring.access import Reader, may_read


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
        pytest.param("right", "Bearer wrong", "127.0.0.1", False, False, id="another token"),
        pytest.param("right", "", "127.0.0.1", False, False, id="no token, though one is set"),
        pytest.param("right", "Bearer r\xefght", "127.0.0.1", False, False, id="a token that is no ASCII"),
    ],
)
def test_the_token_decides_and_without_one_the_machine(token, authorization, peer, is_forwarded, allowed):
    assert may_read(token, Reader(authorization, peer, is_forwarded)) is allowed
