"""No address that somebody gives leads inside: each parameter that is one, each spelling, and all that is made of it used."""

import ipaddress
import socket

import pytest

from tests.support.hostile_text import INSIDE
from tests.support.inhabited import inhabited
from tests.support.jobs import eventually
from tests.support.leading_inside import PROBES, followed
from tests.support.meanings import ADDRESSES
from tests.support.places import place

pytestmark = [pytest.mark.fault(33)]


@pytest.fixture(scope="module")
def inside():
    """A listener at this machine that must not be reached."""
    with place() as here:
        yield here


@pytest.fixture(scope="module")
def reached():
    """Every address that was connected to; the one name that is known leads inside, and no other name anywhere."""
    found, real = [], socket.socket.connect

    def resolve(host, port, *_, **__):
        try:
            ip = ipaddress.ip_address(host)
        except ValueError:
            if host not in ("inside.example", "localhost", "metadata.google.internal"):
                raise socket.gaierror(socket.EAI_NONAME, "no network here") from None
            ip = ipaddress.ip_address("127.0.0.1")
        family, rest = (socket.AF_INET, ()) if ip.version == 4 else (socket.AF_INET6, (0, 0))
        return [(family, socket.SOCK_STREAM, 6, "", (str(ip), port, *rest))]

    def connect(sock, address):
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            found.append(address)
        return real(sock, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", resolve)
        patch.setattr(socket.socket, "connect", connect)
        yield found


@pytest.fixture(scope="module")
def house(tmp_path_factory, reached):  # noqa: ARG001  # nothing else is reached while it runs
    """One whose jobs run and whose webhooks are sent, and which may not reach private networks."""
    with inhabited(tmp_path_factory.mktemp("ssrf"), storage_private_networks="false", jobs_running_limit=16) as house:
        house.person("ann")
        house.services.runner.start()
        house.services.announcer.start()
        yield house
        house.services.announcer.stop(30)
        house.services.runner.drain(30)


def test_each_parameter_that_is_an_address_is_tried():
    assert PROBES.keys() == ADDRESSES


@pytest.mark.parametrize("spelling", INSIDE.values(), ids=INSIDE)
def test_nothing_inside_is_reached(house, inside, reached, spelling):
    url, answers = spelling.format(port=inside.port), []
    for probe in PROBES.values():
        answers += [answer.status_code for answer in probe(house, url)]
    answers += [answer.status_code for answer in followed(house)]
    eventually(lambda: not house.services.jobs.list(include_finished=False, limit=100))

    assert inside.arrivals() == []
    assert [each for each in reached if each[1] != inside.port or each[0] != inside.host] == []
    assert 500 not in answers


NOT_ASKED = {"redirect_uri", "key_file"}
"""A browser is sent to the one if the operator knows it, and of the other the address is dropped."""


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ADDRESSES - NOT_ASKED))
def test_where_the_operator_allows_it_the_same_requests_arrive(tmp_path, name):
    """Otherwise the test above would prove nothing."""
    allowed = {"fetch_hosts_allowed": "127.0.0.1", "webhook_hosts_allowed": "127.0.0.1"}
    with place() as here, inhabited(tmp_path, **allowed) as house:
        house.person("ann")
        house.services.runner.start()
        house.services.announcer.start()
        for answer in PROBES[name](house, f"http://127.0.0.1:{here.port}/"):
            assert answer.status_code < 500 or answer.status_code in (502, 503)
        for answer in followed(house):
            answer.close()
        eventually(here.arrivals)
        house.services.announcer.stop(30)
        house.services.runner.drain(30)
