"""A name that is not ours leads nowhere, on every route of the URL map and however it comes."""

import pytest

from tests.support.inhabited import inhabited
from tests.support.raw import raw_answer
from tests.support.service import running_service

pytestmark = [pytest.mark.fault(36, "headers")]

EVIL = "evil.example"
NOT_OURS = {
    "another": EVIL,
    "empty": "",
}
SPELT = {
    "ours and more": f"localhost.{EVIL}",
    "ours as a user": f"localhost@{EVIL}",
    "a port that is none": "localhost:x",
    "a name that leads here": "127.0.0.1.nip.io",
    "the loopback of IPv6": "[::1]",
    "a port": f"{EVIL}:80",
    "a short address": "127.1",
    "an address as a number": "2130706433",
    "an address in octal": "0177.0.0.1",
    "a dot at the end": "localhost.",
    "a path": f"localhost/{EVIL}",
    "a list": f"localhost, {EVIL}",
    "a space": f"localhost {EVIL}",
    "full width": "ｌｏｃａｌｈｏｓｔ",
}


@pytest.mark.parametrize("host", NOT_OURS.values(), ids=NOT_OURS)
def test_every_route_refuses_a_name_that_is_not_ours(house, anns, host):
    before = house.rows()
    for route in house.routes:
        with house.ask("root", route.method, anns.address(route), headers={"Host": host}) as answer:
            assert answer.status_code == 400, route
            assert EVIL not in answer.headers.get("Location", ""), route
    assert house.rows() == before


@pytest.mark.parametrize("host", SPELT.values(), ids=SPELT)
def test_a_name_is_not_ours_however_it_is_spelt(house, host):
    with house.ask("root", "GET", "/runnings", headers={"Host": host.encode().decode("latin-1")}) as answer:
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-Host", "X-Host", "X-Original-Host", "X-Forwarded-Server", "X-HTTP-Host-Override", "Forwarded"],
)
def test_a_name_in_another_header_is_not_looked_at(house, header):
    value = f"host={EVIL}" if header == "Forwarded" else EVIL
    for path in ("/api/cloudstorages?page_size=1", "/docs", "/connections/", "/api/users", "/start"):
        with house.ask("root", "GET", path, headers={header: value, "X-Forwarded-Proto": "gopher"}) as answer:
            assert answer.status_code in (200, 301, 308, 404), path
            assert EVIL not in answer.text
            assert EVIL not in str(answer.headers)
            assert "gopher" not in answer.text + str(answer.headers)


def test_the_name_that_a_trusted_proxy_was_called_by_is_not_believed_either(tmp_path):
    with inhabited(tmp_path, trusted_proxies=1) as house:
        house.person("ann")
        with house.ask("ann", "GET", "/api/users", headers={"X-Forwarded-Host": EVIL}) as answer:
            assert EVIL not in answer.text + str(answer.headers)


@pytest.fixture(scope="module")
def port(tmp_path_factory, rclone):
    with running_service(tmp_path_factory.mktemp("hosts"), rclone) as service:
        yield int(service.environ["API_PORT"])


RAW = {
    "two names": b"GET /runnings HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    "two names, ours last": b"GET /runnings HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\n\r\n",
    "a whole address of another": b"GET http://evil.example/runnings HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "a name before a space": b"GET /runnings HTTP/1.1\r\nHost : localhost\r\n\r\n",
    "a folded name": b"GET /runnings HTTP/1.1\r\nHost: localhost\r\n .evil.example\r\n\r\n",
    "an authority": b"GET evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a length and chunks": b"POST /sync HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"POST /sync HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n{}  \r\n",
    "a length that is none": b"POST /sync HTTP/1.1\r\nHost: localhost\r\nContent-Length: +2\r\n\r\n{}",
    "a name with NUL": b"GET /runnings HTTP/1.1\r\nHost: localhost\0\r\n\r\n",
    "a header without a name": b"GET /runnings HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n",
    "101 headers": b"GET /runnings HTTP/1.1\r\nHost: localhost\r\n"
    + b"".join(b"X-%d: 1\r\n" % n for n in range(101))
    + b"\r\n",
    "a header of 9,000 bytes": b"GET /runnings HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 9000 + b"\r\n\r\n",
    "a request line of 9,000 bytes": b"GET /runnings?x=" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("request_", RAW.values(), ids=RAW)
def test_a_request_that_can_be_read_in_two_ways_or_has_no_bounds_is_refused(port, request_):
    status, came = raw_answer(port, request_)

    assert 400 <= status < 500
    assert came.count(b"HTTP/1.1 ") == 1


@pytest.mark.slow
def test_a_whole_address_that_is_ours_is_one_and_the_name_beside_it_says_nothing_else(port):
    assert raw_answer(port, b"GET http://localhost/health HTTP/1.1\r\nHost: localhost\r\n\r\n")[0] == 200
    status, came = raw_answer(port, b"GET http://evil.example/docs HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert status == 308
    assert b"evil" not in came
