"""What of a key file is taken, and what is refused without a word of it."""

import json
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from app.storages.gcs.key_file import MAX_FILE, read_key_file
from tests.support.gcs_keys import EMAIL, KEY_ID, PRIVATE_KEY, PROJECT, key_file, pem_of

SECRET = "s3cr3t-word"

TAKEN = {
    "type": "service_account",
    "client_email": EMAIL,
    "private_key_id": KEY_ID,
    "project_id": PROJECT,
    "private_key": PRIVATE_KEY,
}


def encrypted_pem():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")).decode()


def elliptic_pem():
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def without(name):
    return {field: value for field, value in key_file().items() if field != name}


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param(str, id="text"),
        pytest.param(str.encode, id="bytes"),
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="bytes with a mark of their order"),
    ],
)
def test_of_a_good_file_only_what_is_needed_is_kept(encoded):
    assert read_key_file(encoded(json.dumps(key_file()))) == TAKEN


def test_what_was_kept_is_a_good_file_again():
    assert read_key_file(json.dumps(read_key_file(json.dumps(key_file())))) == TAKEN


@pytest.mark.parametrize("told", [without("project_id"), key_file(project_id="")], ids=["left out", "empty"])
def test_the_project_may_be_left_out(told):
    assert "project_id" not in read_key_file(json.dumps(told))


def test_a_key_of_4096_bits_is_taken():
    pem = pem_of(rsa.generate_private_key(public_exponent=65537, key_size=4096))
    assert read_key_file(json.dumps(key_file(private_key=pem)))["private_key"] == pem


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(SECRET, id="no JSON"),
        pytest.param(b"\xff" + SECRET.encode(), id="no text"),
        pytest.param(f'["{SECRET}"]', id="no object"),
        pytest.param("[" * 30_000, id="nested too deeply"),
        pytest.param(json.dumps(key_file(client_id=SECRET + "x" * MAX_FILE)), id="too long"),
        pytest.param(json.dumps(without("type")), id="no type"),
        pytest.param(json.dumps(key_file(type="authorized_user")), id="of a person"),
        pytest.param(
            json.dumps({"type": "external_account", "credential_source": {"executable": {"command": SECRET}}}),
            id="with a command",
        ),
        pytest.param(json.dumps(without("client_email")), id="no account"),
        pytest.param(json.dumps(key_file(client_email=f"{SECRET}\n@x")), id="an account with a line break"),
        pytest.param(json.dumps(key_file(client_email=[SECRET])), id="an account that is no text"),
        pytest.param(json.dumps(without("private_key_id")), id="no key id"),
        pytest.param(json.dumps(key_file(private_key_id="x" * 129)), id="too long a key id"),
        pytest.param(json.dumps(key_file(project_id=f"{SECRET}/..")), id="no project's id"),
        pytest.param(json.dumps(key_file(project_id=7)), id="a project that is no text"),
        pytest.param(json.dumps(without("private_key")), id="no key"),
        pytest.param(json.dumps(key_file(private_key=SECRET)), id="a key that is none"),
        pytest.param(json.dumps(key_file(private_key=7)), id="a key that is no text"),
        pytest.param(json.dumps(key_file(private_key=PRIVATE_KEY[:400])), id="a key cut off"),
        pytest.param(json.dumps(key_file(private_key=PRIVATE_KEY + "é")), id="a key beyond ASCII"),
        pytest.param(json.dumps(key_file(private_key=PRIVATE_KEY + "\n" * 4096)), id="too long a key"),
        pytest.param(json.dumps(key_file(private_key=encrypted_pem())), id="an encrypted key"),
        pytest.param(json.dumps(key_file(private_key=elliptic_pem())), id="a key of another kind"),
    ],
)
def test_what_is_no_key_file_of_a_service_account_is_refused_without_being_quoted(text):
    with pytest.raises(ValueError, match=r"^The key file .*\.$") as raised:
        read_key_file(text)
    assert SECRET not in str(raised.value)
    assert "PRIVATE KEY" not in str(raised.value)
    assert len(str(raised.value)) < 200


def test_reading_key_files_needs_no_package_of_google():
    program = (
        "import sys, app.storages.gcs.key_file, app.storages.gcs.address\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('google', 'urllib3', 'requests')])"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.strip() == "[]"
