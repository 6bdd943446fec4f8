"""The policy for addresses that users name."""

import pytest

from app.connections.address import normal_address, refuse_forbidden_resolution, target_of
from app.errors import InvalidInput, StorageUnreachable


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("http://minio:9000", "http://minio:9000", id="as usual"),
        pytest.param("HTTPS://S3.Example.COM/", "https://s3.example.com", id="case and slash"),
        pytest.param("http://127.0.0.1:9000", "http://127.0.0.1:9000", id="loopback is where MinIO lives"),
        pytest.param("http://192.168.1.5:9000", "http://192.168.1.5:9000", id="a private network too"),
        pytest.param("http://[::1]:9000", "http://[::1]:9000", id="IPv6"),
    ],
)
def test_an_address_is_accepted_in_its_normal_form(given, expected):
    assert normal_address(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        "",
        "minio:9000",
        "ftp://minio",
        "file:///etc/passwd",
        "http://",
        "http://a b",
        "http://user:password@minio",
        "http://minio/bucket",
        "http://minio?x=1",
        "http://minio:99999",
        "http://minio:x",
        "http://[::1",
        "http://169.254.169.254",
        "http://0xA9FEA9FE",
        "http://2852039166",
        "http://0251.0376.0251.0376",
        "http://169.254.43518",
        "http://[fe80::1]",
        "http://[::ffff:169.254.169.254]",
        "http://[fd00:ec2::254]",
        "http://100.100.100.200",
        "http://0.0.0.0",
        "http://224.0.0.1",
        "http://minio\n:9000",
    ],
)
def test_what_is_no_storage_or_a_metadata_service_is_refused(given):
    with pytest.raises(InvalidInput, match="storage_url"):
        normal_address(given)


def test_a_list_of_allowed_hosts_excludes_all_others():
    assert normal_address("http://MinIO:9000", ["minio"]) == "http://minio:9000"
    with pytest.raises(InvalidInput, match="STORAGE_HOSTS_ALLOWED"):
        normal_address("http://other:9000", ["minio"])


@pytest.mark.parametrize("url", ["http://no-such-host.invalid", "http://169.254.169.254"])
def test_a_name_is_looked_at_again_before_it_is_used(url):
    with pytest.raises(StorageUnreachable):
        refuse_forbidden_resolution(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9000",
        "http://localhost:9000",
        "http://127.1:9000",
        "http://[::1]:9000",
        "http://127.0.0.2:9000",
    ],
)
def test_spellings_of_one_endpoint_are_one_target(url):
    assert target_of(url, "b") == "s3://127.0.0.1:9000/b"


@pytest.mark.parametrize(
    ("url", "expected"), [("http://minio", "s3://minio:80/b"), ("https://minio", "s3://minio:443/b")]
)
def test_the_port_of_the_scheme_is_part_of_a_target(url, expected):
    assert target_of(url, "b") == expected
