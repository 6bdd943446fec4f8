import socket

import pytest

from app.connections.fetch_policy import FetchPolicy
from app.errors import AddressRefused, SettingsError
from tests.support.places import resolver

INSIDE = {
    "the machine itself": "http://127.0.0.1/",
    "any of its loopback addresses": "http://127.8.9.1/",
    "by name": "http://localhost/",
    "by name with a dot at its end": "http://localhost./",
    "by name in capitals": "http://LOCALHOST:80/x",
    "below the name": "http://x.localhost/",
    "decimal": "http://2130706433/",
    "octal": "http://0177.0.0.1/",
    "hexadecimal": "http://0x7f000001/",
    "hexadecimal parts": "http://0x7f.1/",
    "short": "http://127.1/",
    "zero": "http://0/",
    "IPv6": "http://[::1]/",
    "IPv6, mapped": "http://[::ffff:127.0.0.1]/",
    "IPv6, mapped, in hexadecimal": "http://[::ffff:7f00:1]/",
    "IPv6, compatible": "http://[::127.0.0.1]/",
    "IPv6, translated": "http://[64:ff9b::7f00:1]/",
    "IPv6, 6to4": "http://[2002:7f00:1::]/",
    "IPv6, unspecified": "http://[::]/",
    "full-width digits": "http://１２７.0.0.1/",
    "digits in circles": "http://①②⑦.0.0.1/",
    "ideographic dots": "http://127。0。0。1/",
    "private": "http://10.1.2.3/",
    "another private": "http://172.16.0.1/",
    "a third private": "https://192.168.1.1:8443/x?y",
    "shared by carriers": "http://100.64.0.1/",
    "private IPv6": "http://[fd00::5]/",
    "link-local IPv6": "http://[fe80::1]/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata in IPv6": "http://[fd00:ec2::254]/",
    "metadata by name": "http://metadata.google.internal/",
    "metadata of Alibaba": "http://100.100.100.200/",
    "behind a path": "http://127.0.0.1/http://example.org/",
    "behind a backslash": "http://127.0.0.1\\@example.org/",
    "behind a name": "http://example.org@127.0.0.1/",
    "in front of a name": "http://127.0.0.1@example.org/",
    "behind a fragment": "http://127.0.0.1#@example.org/",
    "behind a query": "http://127.0.0.1?@example.org/",
}

NOT_FETCHED = {
    "FTP": "ftp://example.org/x",
    "a file": "file:///etc/passwd",
    "Gopher": "gopher://example.org/",
    "a source of Galaxy's": "gxfiles://genomes/x",
    "data": "data:text/plain,x",
    "no scheme": "example.org/x",
    "only slashes": "//example.org/x",
    "no host": "http:///x",
    "a space": "http://example.org/a b",
    "a line end": "http://example.org/\r\nHost: inside",
    "a tab": "http://exa\tmple.org/",
    "a name and a password": "http://ann:secret@example.org/",
    "a port that is none": "http://example.org:99999/",
    "a zone": "http://[fe80::1%25eth0]/",
    "too long": "http://example.org/" + "x" * 9000,
    "a name of two readings": "http://faß.example/",
}


@pytest.mark.parametrize("url", INSIDE.values(), ids=INSIDE)
def test_what_leads_inside_is_refused_as_it_is_written(url):
    with pytest.raises(AddressRefused):
        FetchPolicy().read(url)


@pytest.mark.parametrize("url", NOT_FETCHED.values(), ids=NOT_FETCHED)
def test_what_is_no_address_on_the_web_is_refused(url):
    with pytest.raises(AddressRefused) as refused:
        FetchPolicy(["example.org"]).read(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "read"),
    [
        pytest.param("http://example.org", "http://example.org/", id="without a path"),
        pytest.param(
            "HTTPS://Example.ORG:8443/a/B?c=D&e#f", "https://example.org:8443/a/B?c=D&e", id="with everything"
        ),
        pytest.param(" http://8.8.8.8/x ", "http://8.8.8.8/x", id="an address in public"),
        pytest.param("http://[2001:4860:4860::8888]/", "http://[2001:4860:4860::8888]/", id="one of IPv6"),
        pytest.param("http://example.org?q=1", "http://example.org?q=1", id="a query without a path"),
        pytest.param("http://example.org/@x", "http://example.org/@x", id="an at sign in the path"),
        pytest.param("http://example.org/ü", "http://example.org/ü", id="a path in another script"),
        pytest.param("http://bücher.example/", "http://xn--bcher-kva.example/", id="a name in another script"),
    ],
)
def test_what_is_outside_can_be_fetched(url, read):
    assert FetchPolicy().read(url).url == read


def test_a_query_is_never_shown():
    assert FetchPolicy().read("http://example.org/a?token=s3cr3t").shown == "http://example.org/a"


@pytest.mark.parametrize(
    ("allowed", "url"),
    [
        pytest.param("127.0.0.1", "http://127.0.0.1:8000/x", id="an address"),
        pytest.param("127.0.0.1", "http://0x7f.1/", id="the same in another spelling"),
        pytest.param("10.0.0.0/8", "http://10.2.3.4/", id="a network"),
        pytest.param("[::1]", "http://[::1]/", id="IPv6"),
        pytest.param("localhost", "http://localhost/", id="a name"),
        pytest.param("*.localhost", "http://files.localhost/", id="the end of a name"),
    ],
)
def test_what_the_operator_names_may_lead_inside(allowed, url):
    assert FetchPolicy([allowed]).read(url)


@pytest.mark.parametrize(
    ("allowed", "url"),
    [
        pytest.param("127.0.0.1", "http://127.0.0.2/", id="another address"),
        pytest.param("127.0.0.1", "http://localhost/", id="a name of that address"),
        pytest.param("10.0.0.0/8", "http://11.0.0.1.nip.example@10.0.0.1/", id="a name in front of it"),
        pytest.param("169.254.169.254", "http://169.254.169.254/", id="metadata, even if named"),
        pytest.param("0.0.0.0/0", "http://169.254.169.254/", id="metadata, even if all is allowed"),
        pytest.param("metadata.google.internal", "http://metadata.google.internal/", id="metadata by name"),
        pytest.param("127.0.0.0/8", "http://[64:ff9b::7f00:1]/", id="behind a translation that nobody named"),
    ],
)
def test_what_the_operator_did_not_name_stays_refused(allowed, url):
    with pytest.raises(AddressRefused):
        FetchPolicy([allowed]).read(url)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://files.example.org/x", id="a name"),
        pytest.param("http://a.example.net/x", id="the end of a name"),
        pytest.param("http://93.184.216.34/x", id="an address"),
        pytest.param("http://[::ffff:93.184.216.34]/x", id="an address in another spelling"),
        pytest.param("http://10.1.2.3/x", id="an address that is allowed too"),
    ],
)
def test_what_the_operator_denies_is_not_fetched_from(url):
    policy = FetchPolicy(["10.0.0.0/8"], ["files.example.org", "*.example.net", "93.184.216.0/24", "10.1.2.3"])
    with pytest.raises(AddressRefused, match="STORAGE_HOSTS_DENIED"):
        policy.read(url)


def test_a_name_that_leads_to_what_is_denied_is_not_fetched_from(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolver("example.org", lambda: ["8.8.8.8", "93.184.216.34"]))
    policy = FetchPolicy([], ["93.184.216.34"])
    with pytest.raises(AddressRefused, match="STORAGE_HOSTS_DENIED"):
        policy.refuse_resolution(policy.read("http://example.org/x"))
    assert policy.forbids("example.org", "93.184.216.34")


def test_a_setting_that_is_none_is_told():
    with pytest.raises(SettingsError, match="FETCH_HOSTS_ALLOWED"):
        FetchPolicy(["http://intranet/"])


@pytest.mark.parametrize(
    ("allowed", "ip", "forbidden"),
    [
        pytest.param([], "8.8.8.8", False, id="public"),
        pytest.param([], "10.0.0.5", True, id="private"),
        pytest.param([], "::ffff:10.0.0.5", True, id="private, mapped"),
        pytest.param([], "fe80::1%eth0", True, id="with a zone"),
        pytest.param([], "169.254.169.254", True, id="metadata"),
        pytest.param([], "rubbish", True, id="no address"),
        pytest.param(["files.example.org"], "10.0.0.5", False, id="private, of a name that is allowed"),
        pytest.param(["files.example.org"], "169.254.169.254", True, id="metadata, of a name that is allowed"),
        pytest.param(["*.example.org"], "10.0.0.5", False, id="private, of a name whose end is allowed"),
        pytest.param(["10.0.0.0/24"], "10.0.0.5", False, id="in a network that is allowed"),
        pytest.param(["10.0.0.0/24"], "10.0.1.5", True, id="in another network"),
        pytest.param(["other.example.org"], "10.0.0.5", True, id="private, of another name"),
    ],
)
def test_where_a_name_leads_is_looked_at(monkeypatch, allowed, ip, forbidden):
    policy = FetchPolicy(allowed)
    assert policy.forbids("files.example.org", ip) is forbidden
    monkeypatch.setattr(socket, "getaddrinfo", resolver("files.example.org", lambda: ["8.8.8.8", ip]))
    address = policy.read("http://files.example.org/")
    if forbidden:
        with pytest.raises(AddressRefused, match=r"files\.example\.org is not fetched from"):
            policy.refuse_resolution(address)
    else:
        policy.refuse_resolution(address)


def test_a_name_that_nobody_knows_is_left_to_the_fetch(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    FetchPolicy().refuse_resolution(FetchPolicy().read("http://nowhere.example/"))


@pytest.mark.parametrize("target", INSIDE.values(), ids=INSIDE)
def test_a_redirect_inside_is_refused(target):
    policy = FetchPolicy()
    with pytest.raises(AddressRefused):
        policy.read(target, policy.read("http://example.org/a/b"))


@pytest.mark.parametrize(
    ("target", "url"),
    [
        pytest.param("c", "https://example.org/a/c", id="relative"),
        pytest.param("/c?d", "https://example.org/c?d", id="from the root"),
        pytest.param("//other.example/c", "https://other.example/c", id="to another host"),
        pytest.param("?d", "https://example.org/a/b?d", id="to another query"),
    ],
)
def test_a_redirect_is_read_from_where_it_is(target, url):
    policy = FetchPolicy()
    assert policy.read(target, policy.read("https://example.org/a/b?q")).url == url


@pytest.mark.parametrize("target", ["http://[", "//[::1", "http://[v1.x]/", "http://a\u2100b/"])
def test_a_redirect_that_cannot_be_read_is_refused(target):
    policy = FetchPolicy()
    with pytest.raises(AddressRefused):
        policy.read(target, policy.read("http://example.com/"))
