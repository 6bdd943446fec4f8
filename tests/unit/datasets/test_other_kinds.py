"""Connections of every form, as the CVAL dialect lists them: two texts each, and never a secret that is not S3's."""

import json

import pytest

from app.bootstrap import build_services
from app.dialects.cval.translate import MASK, storage_document
from tests.support.empty_database import with_database
from tests.support.gcs_keys import EMAIL, key_file
from tests.support.jobs import settings_for
from tests.support.people import CANARY, People, new_connection

STRING = "BlobEndpoint=http://127.0.0.1:9/mystore;AccountName=mystore;AccountKey=Y2FuYXJ5LTVlMGM3MQ=="


@pytest.fixture
def services(tmp_path):
    services = build_services(settings_for(with_database(tmp_path / "data")))
    yield services
    services.database.close()


@pytest.mark.parametrize(
    ("new", "public", "secret"),
    [
        pytest.param(new_connection(), "AKIAEXAMPLE", CANARY, id="keys"),
        pytest.param(new_connection(form="anonymous", credentials={}), "", "", id="s3, anonymous"),
        pytest.param(new_connection(kind="azure", form="account_token", credentials={"token": f"sv=1&sig={CANARY}"}, account="mystore"), "mystore", "", id="a token"),
        pytest.param(new_connection(kind="azure", form="connection_string", credentials={"connection_string": STRING}), "mystore", "", id="a connection string"),
        pytest.param(new_connection(kind="azure", form="anonymous", credentials={}, account="mystore"), "mystore", "", id="azure, anonymous"),
        pytest.param(new_connection(kind="gcs", form="key_file", credentials={"key_file": json.dumps(key_file())}), EMAIL, "", id="a key file"),
        pytest.param(new_connection(kind="gcs", form="anonymous", credentials={}), "", "", id="gcs, anonymous"),
    ],
)  # fmt: skip
def test_each_form_is_two_texts(services, new, public, secret):
    anna = People(services.database).user("anna")
    services.storages.add(anna, new, synchronise=False)
    [listed] = services.storages.all(anna)

    assert (listed.access_key, listed.secret_key) == (public, secret)
    told = storage_document(listed, clear=False)
    assert told["endpoint"] == listed.connection.url
    assert told["secret_key"] == ("" if listed.connection.form == "anonymous" else MASK)
    assert CANARY not in repr(listed)
