"""A service account for tests: its key is made anew for each run and known to nobody else."""

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

EMAIL = "mirror@sluice-tests.iam.gserviceaccount.com"
KEY_ID = "0123456789abcdef0123456789abcdef01234567"
PROJECT = "sluice-tests"


def pem_of(key: RSAPrivateKey) -> str:
    """Return a private key as key files have it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC_KEY = _KEY.public_key()
PRIVATE_KEY = pem_of(_KEY)
OTHER_PRIVATE_KEY = pem_of(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def key_file(**other: object) -> dict[str, object]:
    """Return what Google puts into a key file, with other values where they are given."""
    google = "https://www.googleapis.com"
    return {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": KEY_ID,
        "private_key": PRIVATE_KEY,
        "client_email": EMAIL,
        "client_id": "100000000000000000000",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "auth_provider_x509_cert_url": f"{google}/oauth2/v1/certs",
        "client_x509_cert_url": f"{google}/robot/v1/metadata/x509/mirror",
        "universe_domain": "googleapis.com",
    } | other
