"""Which connection strings are read, what they tell, and that nothing of a refused one is ever repeated."""

import subprocess
import sys

import pytest

from app.storages.azure.connection_string import ConnectionString, is_account_key, is_sas_token, read_connection_string

KEY = "c2VjcmV0IGtleQ=="
SAS = "sv=2024-11-04&ss=b&srt=sco&sp=rl&sig=c2VjcmV0%3D"
EMULATED = "http://127.0.0.1:10000/devstoreaccount1"

READ = [
    pytest.param(
        f"DefaultEndpointsProtocol=https;AccountName=mystore;AccountKey={KEY};EndpointSuffix=core.windows.net",
        ConnectionString("https://mystore.blob.core.windows.net", "mystore", KEY),
        id="as the portal gives it",
    ),
    pytest.param(
        f"AccountName=mystore;AccountKey={KEY}",
        ConnectionString("https://mystore.blob.core.windows.net", "mystore", KEY),
        id="without what has a default",
    ),
    pytest.param(
        f" accountname = mystore ; ACCOUNTKEY={KEY} ;; ",
        ConnectionString("https://mystore.blob.core.windows.net", "mystore", KEY),
        id="names in any case, and spaces",
    ),
    pytest.param(
        f"DefaultEndpointsProtocol=http;AccountName=mystore;AccountKey={KEY};EndpointSuffix=core.chinacloudapi.cn",
        ConnectionString("http://mystore.blob.core.chinacloudapi.cn", "mystore", KEY),
        id="another cloud",
    ),
    pytest.param(
        f"BlobEndpoint=https://mystore.blob.core.windows.net/;SharedAccessSignature={SAS}",
        ConnectionString("https://mystore.blob.core.windows.net", "mystore", None, SAS),
        id="a SAS token",
    ),
    pytest.param(
        f"BlobEndpoint=https://mystore.blob.core.windows.net;QueueEndpoint=https://q;SharedAccessSignature=?{SAS}",
        ConnectionString("https://mystore.blob.core.windows.net", "mystore", None, SAS),
        id="a SAS token with a question mark, and other services",
    ),
    pytest.param(
        f"AccountName=mystore;SharedAccessSignature={SAS}",
        ConnectionString("https://mystore.blob.core.windows.net", "mystore", None, SAS),
        id="a SAS token and the account",
    ),
    pytest.param(
        f"AccountName=mystore;AccountKey={KEY};SharedAccessSignature={SAS}",
        ConnectionString("https://mystore.blob.core.windows.net", "mystore", KEY),
        id="a key goes before a SAS token",
    ),
    pytest.param(
        f"AccountName=other;AccountKey={KEY};BlobEndpoint=http://azurite:10000/other",
        ConnectionString("http://azurite:10000/other", "other", KEY),
        id="the account as a path",
    ),
    pytest.param(
        f"AccountKey={KEY};BlobEndpoint=http://azurite:10000/other/",
        ConnectionString("http://azurite:10000/other", "other", KEY),
        id="the account only as a path",
    ),
    pytest.param(
        "BlobEndpoint=https://open.blob.core.windows.net",
        ConnectionString("https://open.blob.core.windows.net", "open"),
        id="nothing secret",
    ),
    pytest.param(
        "BlobEndpoint=https://mystore-secondary.blob.core.windows.net",
        ConnectionString("https://mystore-secondary.blob.core.windows.net", "mystore"),
        id="the secondary of an account",
    ),
]

REFUSED = [
    pytest.param("", id="empty"),
    pytest.param(";;", id="only semicolons"),
    pytest.param("s3cret", id="a word"),
    pytest.param("=s3cret", id="no name"),
    pytest.param("AccountKey=s3cret!", id="no account"),
    pytest.param("AccountName=mystore;AccountKey=s3cret!", id="a key that is not base64"),
    pytest.param("AccountName=mystore;SharedAccessSignature=s3cret", id="a token that is none"),
    pytest.param("AccountName=My.S3cret;AccountKey=c2VjcmV0", id="an account that is none"),
    pytest.param("AccountName=a/s3cret;AccountKey=c2VjcmV0", id="an account with a path"),
    pytest.param("AccountName=mystore;AccountName=s3cret", id="the same name twice"),
    pytest.param("DefaultEndpointsProtocol=ftp;AccountName=s3cret", id="another protocol"),
    pytest.param("AccountName=mystore;EndpointSuffix=s3cret/@evil", id="a suffix that is none"),
    pytest.param("AccountName=mystore;EndpointSuffix=s3cret\r\nHost: evil", id="a suffix of two lines"),
    pytest.param("AccountName=mystore;BlobEndpoint=ftp://s3cret", id="another scheme"),
    pytest.param("AccountName=mystore;BlobEndpoint=file:///s3cret", id="a file"),
    pytest.param("AccountName=mystore;BlobEndpoint=https://user:s3cret@host", id="a password in the address"),
    pytest.param("AccountName=mystore;BlobEndpoint=https://host/a?sig=s3cret", id="a token in the address"),
    pytest.param("AccountName=mystore;BlobEndpoint=https://host/a/s3cret", id="a container in the address"),
    pytest.param("AccountName=mystore;BlobEndpoint=https://host/..", id="dots in the address"),
    pytest.param("AccountName=mystore;BlobEndpoint=https://s3cret:99999", id="a port that is none"),
    pytest.param("AccountName=mystore;BlobEndpoint=https://[s3cret", id="a bracket"),
    pytest.param("AccountName=mystore;BlobEndpoint=https://ho\nst", id="a line break in the address"),
    pytest.param("BlobEndpoint=https://s3cret.example.com", id="an address that names no account"),
    pytest.param("UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://a/s3cret?x", id="a proxy with a path"),
]


@pytest.mark.parametrize(("text", "told"), READ)
def test_what_a_connection_string_tells(text, told):
    assert read_connection_string(text) == told


def test_the_emulator_is_known():
    told = read_connection_string("UseDevelopmentStorage=true")
    assert (told.url, told.account, is_account_key(told.account_key)) == (EMULATED, "devstoreaccount1", True)
    elsewhere = read_connection_string("UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://azurite")
    assert elsewhere.url == "http://azurite:10000/devstoreaccount1"


@pytest.mark.parametrize("text", REFUSED)
def test_a_refusal_never_quotes_what_was_given(text):
    with pytest.raises(ValueError, match=r"\.$") as raised:
        read_connection_string(text)
    assert "s3cret" not in str(raised.value).lower()


def test_no_repr_shows_a_secret():
    assert KEY not in repr(read_connection_string(f"AccountName=mystore;AccountKey={KEY}"))
    assert "sig" not in repr(read_connection_string(f"AccountName=mystore;SharedAccessSignature={SAS}"))


@pytest.mark.parametrize(
    ("text", "is_token", "is_key"),
    [
        pytest.param(SAS, True, False, id="a SAS token"),
        pytest.param("?" + SAS, True, False, id="with a question mark"),
        pytest.param("sp=rl&sv=2024-11-04&sr=c&sig=a%2Bb%3D", True, False, id="of a container"),
        pytest.param(KEY, False, True, id="an account key"),
        pytest.param("sig=&sv=1", False, False, id="without a signature"),
        pytest.param("sv=1&sig=a b", False, False, id="a space"),
        pytest.param("sv=1&sig=a#b", False, False, id="a fragment"),
        pytest.param("sv=1&sig=a\r\nX: y", False, False, id="a line break"),
        pytest.param("", False, False, id="empty"),
        pytest.param("just words", False, False, id="words"),
        pytest.param("日本", False, False, id="beyond ASCII"),
    ],
)
def test_a_sas_token_is_told_from_an_account_key(text, is_token, is_key):
    assert (is_sas_token(text), is_account_key(text)) == (is_token, is_key)


def test_reading_imports_nothing_of_microsofts():
    program = "import sys, app.storages.azure.connection_string; print([n for n in sys.modules if n.split('.')[0] == 'azure'])"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
