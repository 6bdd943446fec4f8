"""https to a storage whose certificate comes from an authority of one's own."""

import datetime as dt
import ipaddress
import os
import subprocess
import sys

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.support.servers import moto_tls_server

pytestmark = pytest.mark.slow

ROUND_TRIP = """
import io, sys
from app.storages.memory import MemoryContent
from app.storages.s3 import S3Address, S3Storage
from app.errors import StorageError
storage = S3Storage(S3Address(sys.argv[1], "mybucket", "some-key", "some-secret"))
try:
    storage.create()
    for size in (0, 5, 17 * 1024 * 1024):
        storage.write(f"of {size}", MemoryContent(bytes(size), 1))
    print(*[(entry.key, len(storage.read(entry.key).read())) for entry in storage.list()])
except StorageError as error:
    print(type(error).__name__)
finally:
    storage.close()
"""


def certificate(subject, issuer, issuer_key, key, *extensions):
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
    )
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, is_critical)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """Give an https endpoint and the file of the authority that signed its certificate."""
    folder = tmp_path_factory.mktemp("tls")
    authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority, server, key = folder / "authority.pem", folder / "server.pem", folder / "server.key"
    authority.write_bytes(
        certificate(
            "authority",
            "authority",
            authority_key,
            authority_key,
            (x509.BasicConstraints(ca=True, path_length=0), True),
        )
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    server.write_bytes(certificate("server", "authority", authority_key, server_key, (names, False), (usage, False)))
    key.write_bytes(
        server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    with moto_tls_server(folder / "moto", server, key) as endpoint:
        yield endpoint, authority


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        pytest.param(["AWS_CA_BUNDLE", "SSL_CERT_FILE"], True, id="trusted by both libraries"),
        pytest.param(["AWS_CA_BUNDLE"], True, id="trusted by boto3 alone, which then does it all"),
        pytest.param([], False, id="trusted by none"),
    ],
)
def test_the_authority_that_the_environment_names_is_trusted(tls, variables, told):
    endpoint, authority = tls
    inherited = {
        k: v for k, v in os.environ.items() if k not in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
    }
    environment = inherited | dict.fromkeys(variables, str(authority))
    ended = subprocess.run(
        [sys.executable, "-c", ROUND_TRIP, endpoint],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    sizes = [("of 0", 0), ("of 17825792", 17825792), ("of 5", 5)]
    assert ended.stdout.strip() == (" ".join(map(str, sizes)) if told else "StorageUnreachable"), ended.stderr[-2000:]
