"""The warning that strangers could use the service."""

import pytest

from app.serving.exposure import exposure
from app.settings import Settings


@pytest.fixture
def sentences(tmp_path):
    def of(values):
        return exposure(Settings.load(values, tmp_path / "no.env"))

    return of


NAMED = {"TRUSTED_HOSTS": "sluice.example"}


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({}, id="as it comes"),
        pytest.param({"API_HOST": "127.0.0.2"}, id="another loopback address"),
        pytest.param({"API_HOST": "::1"}, id="IPv6"),
        pytest.param({"API_HOST": "localhost"}, id="localhost"),
        pytest.param({"API_HOST": "0.0.0.0", "SYNC_AUTH": "required", **NAMED}, id="open to others, who are asked"),
        pytest.param({"TRUSTED_PROXIES": "1", "SYNC_AUTH": "required"}, id="behind a proxy, and asked"),
    ],
)
def test_nothing_is_said_while_no_stranger_can_start_a_job(sentences, values):
    assert sentences(values) == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "sluice.example"])
def test_an_open_door_is_named_with_what_closes_it(sentences, host):
    (said,) = sentences({"API_HOST": host, **NAMED})

    assert f"API_HOST={host} " in said
    assert "SYNC_AUTH=required" in said


def test_a_proxy_before_an_open_door_is_named_too(sentences):
    (said,) = sentences({"TRUSTED_PROXIES": "1"})

    assert "TRUSTED_PROXIES=1 " in said
    assert "SYNC_AUTH=required" in said


@pytest.mark.fault(36)
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5"])
def test_a_service_that_believes_every_name_says_so(sentences, host):
    (said,) = sentences({"API_HOST": host, "SYNC_AUTH": "required"})

    assert f"API_HOST={host} " in said
    assert "TRUSTED_HOSTS" in said
