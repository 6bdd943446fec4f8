"""The policy for addresses that users name."""

import ipaddress
import os
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from app.connections.address import AddressPolicy, target_of
from app.errors import InvalidInput, SettingsError, StorageUnreachable
from app.settings import Settings

NO_FILE = Path(os.devnull)
POLICY = AddressPolicy()
PUBLIC_ONLY = AddressPolicy(private_allowed=False)


def refused(policy, url):
    """Return the sentence that refuses an address, empty when it is accepted."""
    try:
        policy.normal(url)
    except InvalidInput as error:
        return error.message
    return ""


class TestNormalForm:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            pytest.param("http://minio:9000", "http://minio:9000", id="as usual"),
            pytest.param("HTTPS://S3.Example.COM/", "https://s3.example.com", id="case and slash"),
            pytest.param("  http://minio ", "http://minio", id="white space around it"),
            pytest.param("http://my_minio:9000", "http://my_minio:9000", id="a name of Compose"),
            pytest.param("http://minio.:9000", "http://minio:9000", id="a dot at the end"),
            pytest.param("http://minio:09000", "http://minio:9000", id="a port with a zero before it"),
            pytest.param("http://minio:65535", "http://minio:65535", id="the last port"),
            pytest.param("https://minio:443", "https://minio:443", id="the port of the scheme stays"),
            pytest.param("http://127.0.0.1:9000", "http://127.0.0.1:9000", id="loopback is where MinIO lives"),
            pytest.param("http://192.168.1.5:9000", "http://192.168.1.5:9000", id="a private network too"),
            pytest.param("http://[::1]:9000", "http://[::1]:9000", id="IPv6"),
            pytest.param("http://[FD00:0:0::05]", "http://[fd00::5]", id="IPv6 at length"),
            pytest.param("http://[::ffff:10.0.0.5]", "http://10.0.0.5", id="IPv4 in IPv6"),
            pytest.param("http://127.1", "http://127.0.0.1", id="a short form"),
            pytest.param("http://2130706433", "http://127.0.0.1", id="one number"),
            pytest.param("http://0x7f000001", "http://127.0.0.1", id="hexadecimal"),
            pytest.param("http://0X7F.0.0.0x1", "http://127.0.0.1", id="hexadecimal pieces"),
            pytest.param("http://0177.0.0.01", "http://127.0.0.1", id="octal"),
            pytest.param("http://１２７．0。0｡１", "http://127.0.0.1", id="full-width digits and dots of the East"),
            pytest.param("http://①②⑦.⓪.⓪.①", "http://127.0.0.1", id="digits in circles"),
            pytest.param("http://ｍｉｎｉｏ", "http://minio", id="full-width letters"),
            pytest.param("http://ﬁle.example", "http://file.example", id="a ligature"),
            pytest.param("http://bücher.example", "http://xn--bcher-kva.example", id="a name of another script"),
            pytest.param("http://xn--bcher-kva.example", "http://xn--bcher-kva.example", id="the same as it travels"),
        ],
    )
    def test_an_address_is_accepted_in_one_form(self, given, expected):
        assert POLICY.normal(given) == expected
        assert POLICY.normal(expected) == expected

    @pytest.mark.parametrize(
        "given",
        [
            pytest.param("", id="nothing"),
            pytest.param("minio:9000", id="no scheme"),
            pytest.param("//minio", id="no scheme but slashes"),
            pytest.param("ftp://minio", id="another scheme"),
            pytest.param("file:///etc/passwd", id="a file"),
            pytest.param("gopher://minio:6379/_x", id="gopher"),
            pytest.param("httpſ://minio", id="a scheme with a long s"),
            pytest.param("http://", id="no host"),
            pytest.param("http:///minio", id="a host where the path is"),
            pytest.param("http:/minio", id="one slash"),
            pytest.param("http:minio", id="no slash"),
            pytest.param("http://.", id="a dot"),
            pytest.param("http://:9000", id="a port without a host"),
            pytest.param("http://a b", id="a space"),
            pytest.param("http://a\u3000b", id="a wide space"),
            pytest.param("http://minio\n:9000", id="a line feed"),
            pytest.param("http://mi\tnio", id="a tab"),
            pytest.param("http://minio\r\nHost: other", id="a header"),
            pytest.param("http://minio\x00", id="a zero byte"),
            pytest.param("http://mi\u200bnio", id="a space without width"),
            pytest.param("http://user:password@minio", id="keys"),
            pytest.param("http://user@minio", id="a user"),
            pytest.param("http://@minio", id="an empty user"),
            pytest.param("http://minio@169.254.169.254", id="a host as a user"),
            pytest.param("http://minio:80@169.254.169.254:80", id="a host and port as a user"),
            pytest.param("http://minio\\@169.254.169.254", id="a backslash before the user"),
            pytest.param("http://minio＠169.254.169.254", id="a full-width at sign"),
            pytest.param("http://minio#@169.254.169.254", id="a fragment before the user"),
            pytest.param("http://minio?@169.254.169.254", id="a query before the user"),
            pytest.param("http:\\\\minio", id="backslashes for slashes"),
            pytest.param("http://minio\\path", id="a path after a backslash"),
            pytest.param("http://minio/bucket", id="a path"),
            pytest.param("http://minio//", id="two slashes"),
            pytest.param("http://minio／bucket", id="a full-width slash"),
            pytest.param("http://minio?x=1", id="a query"),
            pytest.param("http://minio?", id="an empty query"),
            pytest.param("http://minio#x", id="a fragment"),
            pytest.param("http://minio:", id="an empty port"),
            pytest.param("http://minio:0", id="port 0"),
            pytest.param("http://minio:65536", id="a port too many"),
            pytest.param("http://minio:99999", id="many ports too many"),
            pytest.param("http://minio:4295032832", id="a port that wraps around to 65536"),
            pytest.param("http://minio:x", id="a port of letters"),
            pytest.param("http://minio:+80", id="a port with a sign"),
            pytest.param("http://minio:８０", id="a full-width port"),
            pytest.param("http://minio：80", id="a full-width colon"),
            pytest.param("http://minio:80:80", id="two ports"),
            pytest.param("http://[::1", id="half a bracket"),
            pytest.param("http://::1", id="no brackets"),
            pytest.param("http://[127.0.0.1]", id="IPv4 in brackets"),
            pytest.param("http://[minio]", id="a name in brackets"),
            pytest.param("http://[::1]minio", id="a name after brackets"),
            pytest.param("http://[v1.x]", id="an address of the future"),
            pytest.param("http://[fe80::1%25eth0]", id="a zone"),
            pytest.param("http://[fe80::1%eth0]", id="a zone, not encoded"),
            pytest.param("http://[::1%25lo]", id="a zone of loopback"),
            pytest.param("http://%6d%69nio", id="an encoded name"),
            pytest.param("http://127.0.0.%31", id="an encoded address"),
            pytest.param("http://minio%00.example", id="an encoded zero byte"),
            pytest.param("http://minio%2f@x", id="an encoded slash"),
            pytest.param("http://256.1.1.1", id="a byte too large"),
            pytest.param("http://4294967296", id="a number too large"),
            pytest.param("http://1.2.3.4.5", id="five bytes"),
            pytest.param("http://1.2.3.08", id="octal with an eight"),
            pytest.param("http://0x", id="hexadecimal without digits"),
            pytest.param("http://1..1", id="an empty byte"),
            pytest.param("http://minio.1", id="a name that ends in a number"),
            pytest.param("http://a..b", id="an empty label"),
            pytest.param("http://minio..", id="two dots at the end"),
            pytest.param("http://-minio", id="a hyphen at the start"),
            pytest.param("http://mi*nio", id="a star"),
            pytest.param("http://mi,nio", id="a comma"),
            pytest.param("http://mi'nio", id="a quote"),
            pytest.param("http://" + "a" * 64, id="a label too long"),
            pytest.param("http://" + "a." * 127 + "aa", id="a name too long"),
            pytest.param("http://" + "a" * 3000, id="an address too long"),
            pytest.param("http://stra\u00dfe.example", id="a name that two standards read differently"),
            pytest.param("http://mi\u00adnio.example", id="a hyphen that is not seen"),
        ],
    )
    @pytest.mark.fault("commands")
    def test_what_is_no_address_of_just_a_host_is_refused(self, given):
        with pytest.raises(InvalidInput, match=r"^endpoint: [A-Z].*\.$"):
            POLICY.normal(given, field="endpoint")

    def test_a_refusal_does_not_repeat_a_password(self):
        assert "hunter2" not in refused(POLICY, "http://user:hunter2@minio")


METADATA = [
    pytest.param("169.254.169.254", id="AWS, Azure, Google, and most others"),
    pytest.param("169.254.170.2", id="ECS"),
    pytest.param("169.254.170.23", id="EKS"),
    pytest.param("169.254.0.23", id="Tencent"),
    pytest.param("168.63.129.16", id="Azure's agent"),
    pytest.param("100.100.100.200", id="Alibaba"),
    pytest.param("192.0.0.192", id="Oracle"),
]


class TestNeverAStorage:
    @pytest.mark.parametrize("address", METADATA)
    @pytest.mark.parametrize(
        "spelt",
        [
            pytest.param("{0}.{1}.{2}.{3}".format, id="dotted"),
            pytest.param("{0}.{1}.{2}.{3}.".format, id="a dot at the end"),
            pytest.param("{n}".format, id="decimal"),
            pytest.param("{n:#x}".format, id="hexadecimal"),
            pytest.param("{n:#X}".format, id="upper case"),
            pytest.param("0{n:o}".format, id="octal"),
            pytest.param("{0:#x}.{1:#x}.{2:#x}.{3:#x}".format, id="hexadecimal pieces"),
            pytest.param("0{0:o}.0{1:o}.0{2:o}.0{3:o}".format, id="octal pieces"),
            pytest.param("00000{0:o}.{1}.{2:#x}.{3}".format, id="mixed pieces"),
            pytest.param("{0}.{1}.{low16}".format, id="three pieces"),
            pytest.param("{0}.{low24}".format, id="two pieces"),
            pytest.param("[::ffff:{0}.{1}.{2}.{3}]".format, id="IPv4-mapped"),
            pytest.param("[0:0:0:0:0:FFFF:{high:x}:{low16:X}]".format, id="IPv4-mapped at length"),
            pytest.param("[::{0}.{1}.{2}.{3}]".format, id="IPv4-compatible"),
            pytest.param("[::ffff:0:{high:x}:{low16:x}]".format, id="IPv4-translated"),
            pytest.param("[64:ff9b::{0}.{1}.{2}.{3}]".format, id="NAT64"),
            pytest.param("[64:ff9b:1::{high:x}:{low16:x}]".format, id="NAT64 of a network's own"),
            pytest.param("[2002:{high:x}:{low16:x}::1]".format, id="6to4"),
            pytest.param("[2001:0:{high:x}:{low16:x}::1]".format, id="the server of Teredo"),
            pytest.param("[2001:0:0808:0808:0:0:{inverted_high:x}:{inverted_low:x}]".format, id="the client of Teredo"),
            pytest.param("[fd00::5efe:{high:x}:{low16:x}]".format, id="ISATAP"),
            pytest.param("[2001:db8::200:5efe:{high:x}:{low16:x}]".format, id="ISATAP with a unique address"),
        ],
    )
    @pytest.mark.fault(33)
    def test_metadata_is_refused_in_every_spelling(self, address, spelt):
        number = int(ipaddress.IPv4Address(address))
        inverted = number ^ 0xFFFFFFFF
        host = spelt(
            *ipaddress.IPv4Address(address).packed,
            n=number,
            high=number >> 16,
            low16=number & 0xFFFF,
            low24=number & 0xFFFFFF,
            inverted_high=inverted >> 16,
            inverted_low=inverted & 0xFFFF,
        )
        assert "metadata" in refused(POLICY, f"http://{host}/")

    @pytest.mark.parametrize(
        "host",
        [
            pytest.param("１６９．２５４．１６９．２５４", id="full-width digits and dots"),
            pytest.param("169。254｡169.254", id="dots of the East"),
            pytest.param("①⑥⑨.②⑤④.169.254", id="digits in circles"),
            pytest.param("𝟙𝟞𝟡.254.169.254", id="digits of mathematics"),
            pytest.param("[fd00:ec2::254]", id="AWS by IPv6"),
            pytest.param("[FD00:0EC2:0:0:0:0:0:254]", id="AWS by IPv6 at length"),
            pytest.param("[fd00:ec2::23]", id="EKS by IPv6"),
            pytest.param("[fd20:ce::254]", id="Google by IPv6"),
            pytest.param("[fd00:c1::a9fe:a9fe]", id="Oracle by IPv6"),
            pytest.param("[fd00:42::42]", id="Scaleway by IPv6"),
            pytest.param("metadata.google.internal", id="Google by name"),
            pytest.param("METADATA.Google.Internal.", id="Google by name, in capitals"),
            pytest.param("ｍetadata.google.internal", id="Google by name, full-width"),
            pytest.param("metadata", id="Google by its short name"),
            pytest.param("instance-data.ec2.internal", id="AWS by name"),
            pytest.param("0.0.0.0", id="unspecified, which reaches the machine itself"),
            pytest.param("0", id="unspecified, in short"),
            pytest.param("0.1.2.3", id="this network"),
            pytest.param("[::]", id="unspecified in IPv6"),
            pytest.param("[::ffff:0.0.0.0]", id="unspecified, mapped"),
            pytest.param("[64:ff9b::]", id="unspecified by NAT64"),
            pytest.param("169.254.1.1", id="link-local"),
            pytest.param("[fe80::1]", id="link-local in IPv6"),
            pytest.param("[febf::1]", id="the last of link-local"),
            pytest.param("224.0.0.1", id="multicast"),
            pytest.param("239.255.255.255", id="the last of multicast"),
            pytest.param("[ff02::1]", id="multicast in IPv6"),
            pytest.param("240.0.0.1", id="reserved"),
            pytest.param("255.255.255.255", id="broadcast"),
            pytest.param("[100::1]", id="discarded"),
        ],
    )
    def test_so_is_what_can_be_no_storage(self, host):
        assert "metadata" in refused(POLICY, f"http://{host}:80")

    @pytest.mark.parametrize("address", METADATA)
    def test_no_setting_allows_it(self, address):
        policy = AddressPolicy(allowed=[address, f"{address}/32", "metadata"])
        assert "metadata" in refused(policy, f"http://{address}")
        assert "metadata" in refused(policy, "http://metadata")
        assert policy.forbids(address)
        with pytest.raises(SettingsError, match="STORAGE_URL"):
            AddressPolicy(own=f"http://{address}")

    @pytest.mark.parametrize(
        "host",
        ["[64:ff9b::8.8.8.8]", "[2002:808:808::1]", "[::ffff:8.8.8.8]", "168.63.129.17", "100.100.100.201", "[::1]"],
    )
    def test_what_is_beside_it_is_not_refused(self, host):
        assert refused(POLICY, f"http://{host}") == ""


PRIVATE = [
    "127.0.0.1", "127.255.255.254", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "198.18.0.1",
    "2130706433", "0x7f.1", "[::1]", "[::2]", "[fd12::1]", "[fec0::1]", "[::ffff:10.0.0.1]", "[::10.0.0.1]",
    "[64:ff9b::10.0.0.1]", "[2002:a00:1::]", "[2002:7f00:1::]", "[4000::1]", "localhost", "LOCALHOST.", "a.localhost",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "172.32.0.1", "[2606:4700::1]", "[64:ff9b::8.8.8.8]", "s3.example.com", "minio"]


class TestPrivateNetworks:
    @pytest.mark.parametrize("host", PRIVATE)
    def test_they_are_allowed_unless_that_is_switched_off(self, host):
        assert refused(POLICY, f"http://{host}:9000") == ""
        assert "STORAGE_PRIVATE_NETWORKS" in refused(PUBLIC_ONLY, f"http://{host}:9000")

    @pytest.mark.parametrize("host", PUBLIC)
    def test_what_is_not_private_stays_allowed(self, host):
        assert refused(PUBLIC_ONLY, f"http://{host}") == ""

    def test_an_address_or_a_name_of_the_list_of_allowed_hosts_may_be_private(self):
        policy = AddressPolicy(allowed=["10.0.0.0/24", "localhost", "*.example.org"], private_allowed=False)
        assert refused(policy, "http://10.0.0.9") == ""
        assert refused(policy, "http://localhost") == ""
        assert "not among" in refused(policy, "http://10.0.1.9")
        assert policy.peer_check("http://x.example.org")("10.9.9.9")
        assert not policy.peer_check("http://x.example.org")("10.0.0.9")


class TestLists:
    @pytest.mark.parametrize(
        ("entries", "host", "is_listed"),
        [
            pytest.param(["minio"], "MinIO", True, id="a name"),
            pytest.param(["MINIO."], "minio", True, id="a name in another spelling"),
            pytest.param(["minio"], "other", False, id="another name"),
            pytest.param(["example.org"], "s3.example.org", False, id="a name is not its subdomains"),
            pytest.param(["*.example.org"], "s3.example.org", True, id="a subdomain"),
            pytest.param(["*.example.org"], "a.b.example.org", True, id="a subdomain of a subdomain"),
            pytest.param(["*.example.org"], "example.org", False, id="not the domain itself"),
            pytest.param(["*.example.org"], "badexample.org", False, id="not what only ends like it"),
            pytest.param(["*.example.org"], "example.org.evil.net", False, id="not what only starts like it"),
            pytest.param(["bücher.example"], "xn--bcher-kva.example", True, id="a name of another script"),
            pytest.param(["10.0.0.5"], "10.0.0.5", True, id="an address"),
            pytest.param(["10.0.0.5"], "0xa000005", True, id="an address in another spelling"),
            pytest.param(["0xa.0.0.5"], "10.0.0.5", True, id="an entry in another spelling"),
            pytest.param(["10.0.0.5"], "10.0.0.6", False, id="another address"),
            pytest.param(["10.0.0.0/8"], "10.255.255.255", True, id="a network"),
            pytest.param(["10.0.0.0/8"], "11.0.0.0", False, id="another network"),
            pytest.param(["10.0.0.0/8"], "[::ffff:10.0.0.1]", True, id="a network, mapped"),
            pytest.param(["::ffff:10.0.0.0/104"], "10.0.0.1", True, id="a mapped network"),
            pytest.param(["fd00::/8"], "[fd12::1]", True, id="a network of IPv6"),
            pytest.param(["fd12::1"], "[fd12:0::1]", True, id="an address of IPv6"),
            pytest.param(["[fd12::1]"], "[fd12::1]", True, id="an address of IPv6 in brackets"),
            pytest.param(["a", "b", "10.0.0.0/8"], "b", True, id="several"),
        ],
    )
    def test_both_lists_understand_the_same(self, entries, host, is_listed):
        url = f"http://{host}:9000"
        denied, allowed = refused(AddressPolicy(denied=entries), url), refused(AddressPolicy(allowed=entries), url)
        assert ("among STORAGE_HOSTS_DENIED" in denied) is is_listed
        # Whether a name leads into a listed network is known when it is resolved.
        may_lead_there = any("/" in entry for entry in entries) and ":" not in host and not re.search(r"\d$", host)
        assert ("not among STORAGE_HOSTS_ALLOWED" in allowed) is not (is_listed or may_lead_there)

    @pytest.mark.parametrize("spelt", ["64:ff9b::10.0.0.1", "2002:a00:1::", "::10.0.0.1"])
    def test_a_denied_network_is_denied_inside_of_ipv6_too(self, spelt):
        assert "DENIED" in refused(AddressPolicy(denied=["10.0.0.0/8"]), f"http://[{spelt}]")

    def test_what_is_denied_is_denied_even_if_it_is_allowed(self):
        policy = AddressPolicy(allowed=["*.example.org", "10.0.0.0/8"], denied=["old.example.org", "10.6.0.0/16"])
        assert refused(policy, "http://s3.example.org") == refused(policy, "http://10.5.0.1") == ""
        assert "DENIED" in refused(policy, "http://old.example.org")
        assert "DENIED" in refused(policy, "http://10.6.0.1")

    @pytest.mark.parametrize(
        "entry",
        ["*", "*.", "*.*.example.org", "a*b", "minio:9000", "http://minio", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/x",
         "256.1.1.1", "*.10.0.0.1", "fd00::/129", "fe80::1%eth0", "a b", "-a", "user@minio", "minio/x"],
    )  # fmt: skip
    @pytest.mark.parametrize("setting", ["STORAGE_HOSTS_ALLOWED", "STORAGE_HOSTS_DENIED"])
    def test_an_entry_that_is_none_is_named_at_the_start(self, setting, entry):
        settings = Settings.load({setting: f"minio, {entry}"}, NO_FILE)
        with pytest.raises(SettingsError, match=rf"{setting} is unusable: {re.escape(repr(entry))}"):
            AddressPolicy.of(settings)


class TestOwnStorage:
    @pytest.mark.parametrize(
        "url", ["http://minio.local:9000", "http://MINIO.local.:9000/", "http://10.0.0.5", "http://10.0.0.5:80"]
    )
    def test_neither_list_concerns_it(self, url):
        policy = AddressPolicy(["other"], ["minio.local", "10.0.0.0/8"], private_allowed=False, own=url)
        assert refused(policy, url) == ""

    @pytest.mark.parametrize("url", ["https://10.0.0.5:9000", "http://10.0.0.5:9001", "http://10.0.0.6:9000"])
    def test_they_concern_what_is_beside_it(self, url):
        assert refused(AddressPolicy(private_allowed=False, own="http://10.0.0.5:9000"), url) != ""

    def test_the_settings_say_all_that_there_is_to_know(self):
        policy = AddressPolicy.of(
            Settings.load(
                {
                    "MINIO_PORT": "9999",
                    "STORAGE_HOSTS_ALLOWED": "*.example.org",
                    "STORAGE_HOSTS_DENIED": "old.example.org",
                    "STORAGE_PRIVATE_NETWORKS": "false",
                },
                NO_FILE,
            )
        )
        urls = ["http://127.0.0.1:9999", "http://127.0.0.1:9000", "http://s3.example.org", "http://old.example.org"]
        assert [refused(policy, url) == "" for url in urls] == [True, False, True, False]


def names(monkeypatch, *ips):
    """Have every name lead to these addresses."""

    def resolve(_, port, *__, **___):
        return [(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


class TestResolution:
    @pytest.mark.parametrize("url", ["http://no-such-host.invalid", "http://" + ".".join(["a" * 63] * 3)])
    def test_a_name_that_nobody_knows_is_told(self, url):
        with pytest.raises(StorageUnreachable, match="unknown"):
            POLICY.refuse_resolution(url)

    @pytest.mark.parametrize(
        "url", ["http://169.254.169.254", "http://metadata.google.internal", "http://user@minio", "ftp://minio"]
    )
    def test_what_is_kept_is_looked_at_again_as_it_is_written(self, url):
        with pytest.raises(StorageUnreachable):
            POLICY.refuse_resolution(url)

    @pytest.mark.parametrize(
        "ips",
        [
            ["169.254.169.254"],
            ["8.8.8.8", "169.254.169.254"],
            ["fe80::1%eth0"],
            ["::ffff:169.254.169.254"],
            ["64:ff9b::a9fe:a9fe"],
            ["0.0.0.0"],
        ],
        ids=" and ".join,
    )
    def test_every_address_of_a_name_is_looked_at(self, monkeypatch, ips):
        names(monkeypatch, *ips)
        for policy in (POLICY, AddressPolicy(allowed=["s3.example.org"]), AddressPolicy(own="http://s3.example.org")):
            with pytest.raises(StorageUnreachable, match="metadata"):
                policy.refuse_resolution("http://s3.example.org")

    @pytest.mark.parametrize(
        ("policy", "ip", "is_refused"),
        [
            pytest.param(POLICY, "10.0.0.5", False, id="a private address"),
            pytest.param(PUBLIC_ONLY, "10.0.0.5", True, id="a private address where none is allowed"),
            pytest.param(PUBLIC_ONLY, "8.8.8.8", False, id="a public one there"),
            pytest.param(AddressPolicy(denied=["10.0.0.0/8"]), "10.0.0.5", True, id="a denied network"),
            pytest.param(AddressPolicy(["10.0.0.0/8"]), "10.0.0.5", False, id="an allowed network"),
            pytest.param(AddressPolicy(["10.0.0.0/8"]), "8.8.8.8", True, id="outside of the allowed network"),
            pytest.param(AddressPolicy(["s3.example.org"]), "8.8.8.8", False, id="an allowed name"),
            pytest.param(AddressPolicy(["*.example.org"]), "8.8.8.8", False, id="the end of an allowed name"),
            pytest.param(AddressPolicy(["s3.example.org"], ["8.8.8.8"]), "8.8.8.8", True, id="an allowed name at a denied address"),
            pytest.param(AddressPolicy(["s3.example.org"], private_allowed=False), "10.0.0.5", False, id="an allowed name may be private"),
            pytest.param(AddressPolicy(["*.example.org"], private_allowed=False), "10.0.0.5", True, id="the end of one may not"),
            pytest.param(AddressPolicy(denied=["8.8.8.8"], own="http://s3.example.org"), "8.8.8.8", False, id="the operator's own"),
            pytest.param(AddressPolicy(denied=["8.8.8.8"], own="http://s3.example.org:9"), "8.8.8.8", True, id="another port of it"),
        ],
    )  # fmt: skip
    def test_the_networks_are_those_of_the_settings(self, monkeypatch, policy, ip, is_refused):
        names(monkeypatch, ip)
        if is_refused:
            with pytest.raises(StorageUnreachable, match=re.escape(ip)):
                policy.refuse_resolution("http://s3.example.org")
        else:
            policy.refuse_resolution("http://s3.example.org")

    def test_localhost_is_resolved_for_real(self):
        POLICY.refuse_resolution("http://localhost:9000")
        with pytest.raises(StorageUnreachable, match="DENIED"):
            AddressPolicy(denied=["127.0.0.0/8", "::1"]).refuse_resolution("http://localhost:9000")


class TestPeers:
    @pytest.mark.parametrize(
        ("url", "is_trusted"),
        [
            pytest.param("http://127.0.0.1:9000", True, id="an address"),
            pytest.param("http://[::1]:9000", True, id="an address of IPv6"),
            pytest.param("http://minio:9000", True, id="a name of this network"),
            pytest.param("http://storage.example.net:9000", True, id="the host of STORAGE_URL"),
            pytest.param("http://storage.example.net:9001", True, id="the same at another port"),
            pytest.param("http://s3.example.org", True, id="a name that is allowed in full"),
            pytest.param("http://x.example.com", False, id="the end of a name that is allowed"),
            pytest.param("http://evil.example", False, id="any name"),
            pytest.param("http://a.localhost", False, id="a name that may be the machine's own"),
            pytest.param("https://s3.amazonaws.com", True, id="AWS"),
            pytest.param("https://s3.eu-central-1.amazonaws.com", True, id="AWS in a region"),
            pytest.param("https://s3.dualstack.us-gov-west-1.amazonaws.com", True, id="AWS for a government"),
            pytest.param("https://s3.cn-north-1.amazonaws.com.cn", True, id="AWS in China"),
            pytest.param("https://my-lb-1.eu-central-1.elb.amazonaws.com", False, id="a customer's load balancer at AWS"),
            pytest.param("https://ec2-1-2-3-4.compute-1.amazonaws.com", False, id="a customer's machine at AWS"),
            pytest.param("https://bucket.vpce-1.s3.us-east-1.vpce.amazonaws.com", False, id="a customer's endpoint at AWS"),
            pytest.param("https://s3.amazonaws.com.evil.example", False, id="a name that starts like AWS"),
            pytest.param("https://evils3.amazonaws.com", False, id="a name that ends like AWS"),
            pytest.param("https://storage.googleapis.com", True, id="Google"),
            pytest.param("https://mystore.blob.core.windows.net", True, id="an account of Microsoft's"),
            pytest.param("https://mystore.blob.core.usgovcloudapi.net", True, id="an account of its American cloud"),
            pytest.param("https://mystore.blob.core.chinacloudapi.cn", True, id="an account of its Chinese cloud"),
            pytest.param("https://a.mystore.blob.core.windows.net", False, id="a name below an account"),
            pytest.param("https://mystore.blob.core.windows.net.evil.example", False, id="a name that starts like an account"),
            pytest.param("https://mystore.cloudapp.azure.com", False, id="a customer's machine at Microsoft"),
            pytest.param("https://mystore.web.core.windows.net", False, id="a web site of an account"),
            pytest.param(f"https://{'0a' * 16}.r2.cloudflarestorage.com", True, id="Cloudflare"),
            pytest.param("https://s3.us-west-004.backblazeb2.com", True, id="Backblaze"),
            pytest.param("https://s3.eu-central-1.wasabisys.com", True, id="Wasabi"),
            pytest.param("https://fra1.digitaloceanspaces.com", True, id="DigitalOcean"),
        ],
    )  # fmt: skip
    def test_connections_are_checked_where_somebody_else_could_move_the_name(self, url, is_trusted):
        policy = AddressPolicy(["s3.example.org", "*.example.com"], own="http://storage.example.net:9000")
        assert policy.trusts_name(url) is is_trusted
        assert (policy.peer_check(url) is None) is is_trusted

    @pytest.mark.parametrize(
        ("policy", "ip", "is_forbidden"),
        [
            pytest.param(POLICY, "8.8.8.8", False, id="a public address"),
            pytest.param(POLICY, "127.0.0.1", False, id="a private one"),
            pytest.param(PUBLIC_ONLY, "127.0.0.1", True, id="a private one where none is allowed"),
            pytest.param(POLICY, "169.254.169.254", True, id="metadata"),
            pytest.param(POLICY, "::ffff:169.254.169.254", True, id="metadata, mapped"),
            pytest.param(POLICY, "fe80::1%eth0", True, id="link-local with its zone"),
            pytest.param(POLICY, "minio", True, id="no address at all"),
            pytest.param(POLICY, "", True, id="nothing"),
            pytest.param(AddressPolicy(["10.0.0.0/8"]), "11.0.0.1", True, id="outside of the list"),
            pytest.param(AddressPolicy(denied=["127.0.0.2/32"]), "127.0.0.2", True, id="denied"),
        ],
    )
    def test_an_address_is_forbidden_by_the_same_rules(self, policy, ip, is_forbidden):
        assert policy.forbids(ip) is is_forbidden
        assert policy.peer_check("http://some.example")(ip) is is_forbidden

    def test_what_an_entry_with_a_star_allows_may_lead_anywhere_but_to_what_is_refused(self):
        check = AddressPolicy(["*.example.org"], ["10.0.0.0/8"]).peer_check("http://s3.example.org")
        assert [check(ip) for ip in ("8.8.8.8", "192.168.0.1", "10.0.0.1", "169.254.169.254")] == [
            False,
            False,
            True,
            True,
        ]


class TestTarget:
    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:9000",
            "http://localhost:9000",
            "http://127.1:9000",
            "http://[::1]:9000",
            "http://127.0.0.2:9000",
            "http://[::ffff:127.0.0.1]:9000",
        ],
    )
    def test_spellings_of_one_endpoint_are_one_target(self, url):
        assert target_of(url, "b") == "s3://127.0.0.1:9000/b"

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("http://minio", "s3://minio:80/b"),
            ("https://minio", "s3://minio:443/b"),
            ("http://MinIO.", "s3://minio:80/b"),
        ],
    )
    def test_the_port_of_the_scheme_is_part_of_a_target(self, url, expected):
        assert target_of(url, "b") == expected

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            pytest.param("http://localhost:10000/store", "s3://127.0.0.1:10000/store/b", id="below a path"),
            pytest.param("http://127.0.0.1:10000/store/", "s3://127.0.0.1:10000/store/b", id="below the same path"),
            pytest.param("http://minio:9000/", "s3://minio:9000/b", id="no path, as earlier versions may have it"),
            pytest.param(
                "https://storage.googleapis.com", "s3://storage.googleapis.com:443/b", id="Google, by either API"
            ),
        ],
    )
    def test_the_path_that_a_bucket_lies_below_is_part_of_its_target(self, url, expected):
        assert target_of(url, "b") == expected


def is_harmful(ip):
    """Return whether an address is refused always, told without our own tables."""
    address = ipaddress.ip_address(ip)
    address = getattr(address, "ipv4_mapped", None) or address
    known = ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")
    return address.is_link_local or address.is_multicast or address.is_unspecified or str(address) in known


RISKY = st.sampled_from(
    [int(ipaddress.ip_address(str(ip.values[0]))) for ip in METADATA] + [0, 1, 0x7F000001, 0x08080808]
)
NUMBERS = RISKY | st.integers(0, 2**32 - 1) | st.integers(0xA9FE0000, 0xA9FEFFFF)
BASES = st.lists(st.sampled_from(["{}", "{:#x}", "0{:o}", "{:#X}", "00{:o}"]), min_size=4, max_size=4)


@st.composite
def spellings_of_ipv4(draw):
    """Any IPv4 address in any form that the C library reads."""
    number, pieces, bases = draw(NUMBERS), draw(st.integers(1, 4)), draw(BASES)
    rest = 8 * (5 - pieces)
    values = [number >> (32 - 8 * place) & 0xFF for place in range(1, pieces)] + [number & (1 << rest) - 1]
    return ".".join(base.format(value) for base, value in zip(bases, values, strict=False))


class TestWhateverIsAccepted:
    @given(host=spellings_of_ipv4())
    def test_an_ipv4_address_is_the_one_that_the_c_library_reads(self, host):
        read = socket.inet_ntoa(socket.inet_aton(host))
        if refused(POLICY, f"http://{host}"):
            assert is_harmful(read) or ipaddress.ip_address(read).is_reserved or read.startswith(("0.", "192.0.0."))
        else:
            assert POLICY.normal(f"http://{host}") == f"http://{read}"
            assert not is_harmful(read)

    @given(number=st.integers(0, 2**128 - 1) | NUMBERS | NUMBERS.map(lambda n: n | 0xFFFF << 32))
    def test_an_ipv6_address_is_harmless(self, number):
        address = ipaddress.IPv6Address(number)
        for spelt in (address.compressed, address.exploded.upper()):
            if not refused(POLICY, f"http://[{spelt}]"):
                assert not is_harmful(address)
                host = urlsplit(POLICY.normal(f"http://[{spelt}]")).hostname
                assert ipaddress.ip_address(host) in (address, address.ipv4_mapped)

    @given(text=st.text("0123456789abcfx.:[]%@/\\-_ \t１６９。．①ßü\u200d?#", max_size=24) | st.text(max_size=12))
    @pytest.mark.fault(33)
    def test_every_library_reads_the_same_host_in_it_and_none_reads_a_harmful_address(self, text):
        url = f"http://{text}"
        if refused(POLICY, url):
            return
        accepted = POLICY.normal(url)
        assert POLICY.normal(accepted) == accepted
        host = urlsplit(accepted).hostname
        assert parse_url(accepted).host.strip("[]") == host
        try:
            found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
        except OSError:
            return  # a name
        assert not any(is_harmful(str(place[0])) for *_, place in found)
