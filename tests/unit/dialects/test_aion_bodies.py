"""Bodies and parameters of the Aionvision dialect: what is taken, and how what is wrong is told."""

import pytest
from flask import Flask, jsonify

from app.dialects.aion import schemas
from app.dialects.aion.blueprint import AionBlueprint
from app.dialects.aion.errors import AionErrorForm
from app.dialects.aion.faults import ERRORS_MAX
from app.dialects.aion.ids import is_id, plain_id
from app.web.errors import install_error_forms

ID = "550e8400-e29b-41d4-a716-446655440000"
FILE = {"id": "gdrive_file_id_1", "name": "photo1.jpg"}
IMPORT = {"connection_id": ID, "files": [FILE]}


@pytest.fixture(scope="module")
def client():
    """Of an application whose routes answer what they have read."""
    app, routes = Flask(__name__), AionBlueprint("aion", __name__)

    @routes.answers("POST", "/api/v2/import")
    @routes.arguments(schemas.Import)
    def read_import(read):
        return jsonify(read)

    @routes.answers("POST", "/api/v2/begin")
    @routes.arguments(schemas.Begin, required=False)
    def read_begin(read):
        return jsonify(read)

    @routes.answers("GET", "/api/v2/connections")
    @routes.arguments(schemas.ConnectionQuery, location="query")
    def read_query(read):
        return jsonify(read)

    app.register_blueprint(routes)
    form = AionErrorForm()
    install_error_forms(app, [form], default=form)
    return app.test_client()


def test_what_an_import_may_leave_out_has_its_default(client):
    assert client.post("/api/v2/import", json=IMPORT).json == {
        "connection_id": ID,
        "files": [FILE | {"mime_type": None, "size_bytes": None}],
        "auto_describe": True,
        "tags": [],
        "collection_id": None,
    }


def test_null_is_as_good_as_left_out_where_a_field_may_be(client):
    nulls = {"auto_describe": None, "tags": None, "collection_id": None}
    files = [FILE | {"mime_type": None, "size_bytes": None}]

    assert client.post("/api/v2/import", json=IMPORT | nulls | {"files": files}).json == (
        client.post("/api/v2/import", json=IMPORT).json
    )


def test_names_that_are_not_known_are_ignored(client):
    found = client.post("/api/v2/import", json=IMPORT | {"later": 1, "files": [FILE | {"url": "x"}]})

    assert found.json == client.post("/api/v2/import", json=IMPORT).json


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({}, id="no body"),
        pytest.param({"json": {}}, id="an empty object"),
        pytest.param({"json": {"provider": None, "redirect_uri": None}}, id="nulls"),
        pytest.param({"headers": {"Content-Type": "application/json"}}, id="no body, said to be JSON"),
    ],
)
def test_a_body_that_may_be_left_out_may_be(client, sent):
    assert client.post("/api/v2/begin", **sent).json == {}


def wrong(at, value):
    """An import with one value that is wrong."""
    return IMPORT | {at: value}


@pytest.mark.parametrize(
    ("body", "loc", "kind"),
    [
        pytest.param({"files": []}, ["connection_id"], "missing", id="no connection"),
        pytest.param({"connection_id": ID}, ["files"], "missing", id="no files"),
        pytest.param(wrong("connection_id", None), ["connection_id"], "null", id="null that must not be"),
        pytest.param(wrong("connection_id", 7), ["connection_id"], "string_type", id="a number for a string"),
        pytest.param(wrong("connection_id", ""), ["connection_id"], "value_error", id="an empty id"),
        pytest.param(wrong("files", "photo"), ["files"], "list_type", id="a string for a list"),
        pytest.param(wrong("files", FILE), ["files"], "list_type", id="an object for a list"),
        pytest.param(wrong("files", ["x"]), ["files", 0], "model_type", id="a string for a file"),
        pytest.param(wrong("files", [FILE, {"name": "x"}]), ["files", 1, "id"], "missing", id="a file without id"),
        pytest.param(wrong("files", [{"id": "x"}]), ["files", 0, "name"], "missing", id="a file without name"),
        pytest.param(wrong("files", [FILE | {"size_bytes": "many"}]), ["files", 0, "size_bytes"], "int_parsing", id="words for a size"),
        pytest.param(wrong("files", [FILE | {"size_bytes": 1.5}]), ["files", 0, "size_bytes"], "int_parsing", id="half a byte"),
        pytest.param(wrong("files", [FILE | {"size_bytes": -1}]), ["files", 0, "size_bytes"], "value_error", id="less than nothing"),
        pytest.param(wrong("tags", "imported"), ["tags"], "list_type", id="one tag for a list"),
        pytest.param(wrong("tags", ["x", 1]), ["tags", 1], "string_type", id="a number for a tag"),
        pytest.param(wrong("auto_describe", "perhaps"), ["auto_describe"], "bool_parsing", id="neither true nor false"),
        pytest.param(wrong("collection_id", "x" * 256), ["collection_id"], "value_error", id="too long a word"),
        pytest.param([], [], "model_attributes_type", id="a list for all of it"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_fastapi_tells_it(client, body, loc, kind):
    answer = client.post("/api/v2/import", json=body)

    assert answer.status_code == 422
    assert [(one["loc"], one["type"]) for one in answer.json["detail"]] == [(["body", *loc], kind)]
    assert all(one["msg"] for one in answer.json["detail"])
    assert answer.json["error"]["code"] == "VALIDATION_ERROR"
    assert answer.json["error"]["details"]["errors"] == answer.json["detail"]
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(b"null", "model_attributes_type", id="null"),
        pytest.param(b"{", "json_invalid", id="half an object"),
        pytest.param(b'{"connection_id": NaN}', "json_invalid", id="no number"),
        pytest.param(b'{"connection_id": "\\ud800"}', "json_invalid", id="half a character"),
        pytest.param(b'{"connection_id": "\xff"}', "json_invalid", id="no UTF-8"),
        pytest.param(b"[" * 100_000, "json_invalid", id="nested too deeply"),
        pytest.param(b'{"n": ' + b"9" * 5000 + b"}", "json_invalid", id="a number of too many digits"),
    ],
)
def test_what_is_no_json_object_is_told_so(client, content, kind):
    answer = client.post("/api/v2/import", data=content, content_type="application/json")

    assert (answer.status_code, answer.json["detail"][0]["type"]) == (422, kind)


def test_a_form_is_no_json(client):
    answer = client.post("/api/v2/import", data={"connection_id": ID})

    assert (answer.status_code, answer.json["detail"][0]["type"]) == (422, "json_type")
    assert "application/json" in answer.json["detail"][0]["msg"]


def test_no_more_faults_are_told_than_anybody_reads(client):
    answer = client.post("/api/v2/import", json=wrong("files", [{}] * 1000))

    assert len(answer.json["detail"]) == ERRORS_MAX


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("", True, id="nothing"),
        pytest.param("active_only=true", True, id="true"),
        pytest.param("active_only=1", True, id="1"),
        pytest.param("active_only=false", False, id="false"),
        pytest.param("active_only=0", False, id="0"),
    ],
)
def test_only_active_connections_are_wanted_unless_it_is_said(client, query, expected):
    assert client.get(f"/api/v2/connections?{query}").json["active_only"] is expected


@pytest.mark.parametrize(
    ("query", "loc"),
    [
        pytest.param("active_only=perhaps", "active_only", id="neither true nor false"),
        pytest.param("provider=dropbox", "provider", id="another provider"),
    ],
)
def test_what_is_wrong_in_a_query_string_is_told_so(client, query, loc):
    answer = client.get(f"/api/v2/connections?{query}")

    assert answer.status_code == 422
    assert answer.json["detail"][0]["loc"] == ["query", loc]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        pytest.param(ID, ID, id="a UUID"),
        pytest.param(ID.upper(), ID, id="in upper case"),
        pytest.param(f"job_{ID}", ID, id="of a job"),
        pytest.param(f"img_{ID}", ID, id="of an image"),
        pytest.param(f"col_{ID}", ID, id="of a collection"),
        pytest.param("col_550e8400", "col_550e8400", id="a prefix before something else"),
        pytest.param("img_001", "img_001", id="the seed's"),
        pytest.param(f"job_img_{ID}", f"job_img_{ID}", id="two prefixes"),
        pytest.param(f"x_{ID}", f"x_{ID}", id="another prefix"),
        pytest.param(f"{ID}\n", f"{ID}\n", id="a UUID and an end of a line"),
    ],
)
def test_an_id_loses_a_prefix_only_before_a_uuid(sent, kept):
    assert plain_id(sent) == kept
    assert is_id(plain_id(sent)) is (kept == ID)
