"""What is seen in a cloud storage over HTTP: its content, its preview, its state and what it allows."""

import io
import itertools
import json
from contextlib import closing

import pytest
from PIL import Image

from app.accounts.caller import Role
from app.connections.contract import CredentialsForm
from tests.support.buckets import Bucket
from tests.support.cvat import JSON, MISSING, NOT_ALLOWED, TEXT, World, made, refused
from tests.support.servers import ACCESS_KEY, rclone_server, scripted
from tests.support.trees import make_empty_files

CLOSED = "http://127.0.0.1:9"

_numbers = itertools.count()


def png(width=600, height=300):
    found = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(found, "PNG")
    return found.getvalue()


def manifest(*names):
    images = [{"name": name.rpartition(".")[0], "extension": "." + name.rpartition(".")[2]} for name in names]
    return "\n".join(json.dumps(line) for line in [{"version": "1.1"}, {"type": "images"}, *images]).encode()


OBJECTS = {
    "a.png": png(),
    "b.txt": b"b",
    "sub/c.png": png(),
    "sub/deep/d.mp4": b"d",
    "sub/manifest.jsonl": manifest("c.png", "deep/10.png", "deep/9.png", "e.png"),
    "other/f.zip": b"f",
    "empty.jsonl": manifest(),
    "broken.jsonl": b"no manifest\nat all\n{}\n",
    "images.jsonl": manifest("a.png"),
    "text.jsonl": manifest("b.txt.png", "b.txt"),
    "b.txt.png": b"no image",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory, rclone):
    with closing(World(tmp_path_factory.mktemp("content"), rclone)) as world:
        yield world


@pytest.fixture(scope="module")
def bucket(rclone):
    with closing(Bucket(rclone, f"content-{next(_numbers)}")) as bucket:
        bucket.put(OBJECTS)
        yield bucket.name


@pytest.fixture(scope="module")
def storage(world, bucket):
    return made(world.send("POST", json=world.body(bucket)))["id"]


def elsewhere(world, url, bucket="photos", **more):
    """Keep a storage that nobody asks, at another place."""
    keys = {"access_key": ACCESS_KEY, "secret_key": world.server.secret_key}
    return world.kept(address={"endpoint": url, "bucket": bucket}, **({"credentials": keys} | more))


def content(world, number, **query):
    answer = world.send("GET", f"/{number}/content-v2", query_string=query)
    assert (answer.status_code, answer.content_type) == (200, JSON), answer.text
    assert list(answer.json) == ["next", "content"]
    return answer.json


def names(found):
    return [entry["name"] + ("/" if entry["type"] == "DIR" else "") for entry in found["content"]]


def test_content_is_told_with_types_folders_first(world, storage):
    assert content(world, storage) == {
        "next": None,
        "content": [
            {"name": "other", "type": "DIR", "mime_type": "DIR"},
            {"name": "sub", "type": "DIR", "mime_type": "DIR"},
            {"name": "a.png", "type": "REG", "mime_type": "image"},
            {"name": "b.txt", "type": "REG", "mime_type": "unknown"},
            {"name": "b.txt.png", "type": "REG", "mime_type": "image"},
            {"name": "broken.jsonl", "type": "REG", "mime_type": "unknown"},
            {"name": "empty.jsonl", "type": "REG", "mime_type": "unknown"},
            {"name": "images.jsonl", "type": "REG", "mime_type": "unknown"},
            {"name": "text.jsonl", "type": "REG", "mime_type": "unknown"},
        ],
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"prefix": "sub/"}, ["deep/", "c.png", "manifest.jsonl"], id="a folder"),
        pytest.param({"prefix": "/sub/"}, ["deep/", "c.png", "manifest.jsonl"], id="a slash at the start"),
        pytest.param({"prefix": "sub"}, ["sub/"], id="a folder without its slash"),
        pytest.param({"prefix": "sub/c"}, ["c.png"], id="the start of a name"),
        pytest.param({"prefix": "no"}, [], id="nothing"),
        pytest.param({"manifest_path": "sub/manifest.jsonl"}, ["sub/"], id="a manifest"),
        pytest.param({"manifest_path": "sub/manifest.jsonl", "prefix": "sub/"}, ["deep/", "c.png", "e.png"], id="a folder of a manifest"),
        pytest.param({"manifest_path": "sub/manifest.jsonl", "prefix": "sub/deep/"}, ["9.png", "10.png"], id="natural order"),
        pytest.param({"manifest_path": "empty.jsonl"}, [], id="an empty manifest"),
        pytest.param({"manifest_path": "", "prefix": "other/"}, ["f.zip"], id="an empty manifest_path is none"),
    ],
)  # fmt: skip
def test_content_is_of_the_level_asked_for(world, storage, query, found):
    assert names(content(world, storage, **query)) == found


@pytest.mark.parametrize("query", [{}, {"manifest_path": "sub/manifest.jsonl", "prefix": "sub/"}])
def test_pages_of_content_lead_to_each_other(world, storage, query):
    whole, found, page = names(content(world, storage, **query)), [], {"next": ""}
    while page["next"] is not None:
        page = content(world, storage, **query, page_size="1", next_token=page["next"])
        found += names(page)
        assert len(page["content"]) <= 1
        assert isinstance(page["next"], str | None)

    assert sorted(found) == sorted(whole)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param("", ["deep/"], id="above: the way down"),
        pytest.param("sub/", ["deep/"], id="one above: the last step"),
        pytest.param("sub/deep/", ["d.mp4"], id="there"),
        pytest.param("other/", [], id="elsewhere"),
    ],
)
def test_a_default_prefix_is_where_looking_around_begins(world, bucket, asked, found):
    attributes = f"endpoint_url={world.server.endpoint}&prefix=sub%2Fdeep"
    number = made(world.send("POST", json=world.body(bucket, specific_attributes=attributes)))["id"]

    assert names(content(world, number, prefix=asked)) == found


@pytest.mark.parametrize("size", ["0", "-1", "x", "", "1.5"])
def test_a_page_size_that_is_none_is_refused_in_text(world, storage, size):
    answer = world.send("GET", f"/{storage}/content-v2", query_string={"page_size": size})

    refused(answer, "Wrong value for page_size was found", content_type=TEXT)


@pytest.mark.parametrize("size", ["501", "9" * 400])
def test_a_page_size_over_the_largest_is_that(world, storage, size):
    assert len(content(world, storage, page_size=size)["content"]) == 9


@pytest.mark.parametrize("query", [{}, {"manifest_path": "sub/manifest.jsonl"}])
@pytest.mark.parametrize("token", ["x", "-1", "\0", "é" * 300])
def test_a_token_that_is_none_is_refused_in_text(world, storage, token, query):
    answer = world.send("GET", f"/{storage}/content-v2", query_string=query | {"next_token": token})

    refused(answer, "Wrong value for the next_token parameter was found.", content_type=TEXT)


@pytest.mark.parametrize("suffix", ["/content-v2", "/preview"])
def test_who_may_not_look_is_told_in_a_text(world, storage, suffix):
    refused(world.send("GET", f"/{storage}{suffix}", "bob"), NOT_ALLOWED["detail"], 403)


@pytest.mark.parametrize("suffix", ["/status", "/actions", ""])
def test_who_may_not_see_is_told_as_everywhere(world, storage, suffix):
    refused(world.send("GET", f"/{storage}{suffix}", "bob"), NOT_ALLOWED, 403)


@pytest.mark.parametrize("suffix", ["/status", "/actions", "/content-v2", "/preview"])
def test_a_storage_that_is_none_is_not_found(world, suffix):
    refused(world.send("GET", f"/999{suffix}"), MISSING, 404)


def test_a_manifest_that_is_missing_or_broken_is_told(world, bucket, storage):
    missing = world.send("GET", f"/{storage}/content-v2?manifest_path=no.jsonl")
    broken = world.send("GET", f"/{storage}/content-v2?manifest_path=broken.jsonl")

    refused(missing, f"The file 'no.jsonl' not found on the cloud storage '{bucket}'", 404)
    assert (broken.status_code, broken.content_type) == (400, JSON)
    assert isinstance(broken.json, str)


LISTING = '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated></ListBucketResult>'


def test_a_manifest_that_is_forbidden_is_told(world):
    with scripted(lambda _, path: (403, "") if "m.jsonl" in path else (200, LISTING)) as url:
        answer = world.send("GET", f"/{elsewhere(world, url)}/content-v2?manifest_path=m.jsonl")

    refused(answer, "Access to the file 'm.jsonl' on the 'photos' cloud storage is denied", 403)


@pytest.mark.parametrize("query", ["", "?manifest_path=m"])
def test_a_storage_that_cannot_be_had_is_told_in_both_modes(world, query):
    gone, closed = (
        elsewhere(world, world.server.endpoint, "no-such"),
        elsewhere(world, CLOSED),
    )
    wrong = elsewhere(world, world.server.endpoint, credentials={"access_key": ACCESS_KEY, "secret_key": "x"})
    sentence = "The resource {} not found. It may have been deleted."

    refused(world.send("GET", f"/{gone}/content-v2{query}"), sentence.format("no-such"), 404)
    refused(world.send("GET", f"/{closed}/content-v2{query}"), sentence.format("photos"), 404)
    denied = "The resource photos is no longer available. Access forbidden."
    refused(world.send("GET", f"/{wrong}/content-v2{query}"), denied, 403)


def test_a_storage_that_fails_otherwise_is_an_internal_error_in_a_text(world):
    with scripted(lambda *_: (501, "<Error><Code>NotImplemented</Code></Error>")) as url:
        answer = world.send("GET", f"/{elsewhere(world, url)}/content-v2")

    refused(answer, "An internal error has occurred", 500)


@pytest.mark.parametrize("query", [{"prefix": "\0"}, {"manifest_path": "\0"}, {"prefix": "\x01"}, {"prefix": "\ufffe"}, {"manifest_path": "../" * 400}, {"manifest_path": "é" * 3000}, {"prefix": "a" * 3000}, {"manifest_path": "%ff"}])  # fmt: skip
def test_any_key_is_answered(world, storage, query):
    answer = world.send("GET", f"/{storage}/content-v2", query_string=query)

    assert answer.status_code in (200, 400, 404), answer.text
    assert answer.content_type in (JSON, TEXT)


# Previews


def with_manifests(world, bucket, *keys):
    return made(world.send("POST", json=world.body(bucket, manifests=[*keys])))["id"]


def test_a_preview_is_a_small_jpeg_of_the_first_image(world, bucket):
    number = with_manifests(world, bucket, "empty.jsonl", "images.jsonl")
    answer = world.send("GET", f"/{number}/preview")

    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert "no-store" in answer.headers["Cache-Control"]
    image = Image.open(io.BytesIO(answer.data))
    assert (image.format, image.size) == ("JPEG", (256, 128))


def test_a_preview_follows_what_changes(world, rclone):
    with closing(Bucket(rclone, f"content-{next(_numbers)}")) as own:
        own.put(
            {"a.png": png(10, 20), "b.png": png(30, 40), "a.jsonl": manifest("a.png"), "b.jsonl": manifest("b.png")}
        )
        number = with_manifests(world, own.name, "a.jsonl")
        sizes = [size_of_preview(world, number)]
        world.send("PATCH", f"/{number}", json={"manifests": ["b.jsonl"]})
        sizes.append(size_of_preview(world, number))
        own.put({"b.png": png(50, 60)})
        sizes.append(size_of_preview(world, number))

    assert sizes == [(10, 20), (30, 40), (50, 60)]


def size_of_preview(world, number):
    return Image.open(io.BytesIO(world.send("GET", f"/{number}/preview").data)).size


def test_a_storage_without_a_manifest_has_no_preview(world, storage):
    refused(world.send("GET", f"/{storage}/preview"), "Cloud storage preview not found", 404, TEXT)


@pytest.mark.parametrize(
    ("key", "said", "status"),
    [
        pytest.param("empty.jsonl", "Cloud storage {number} does not contain any images", 404, id="no images"),
        pytest.param("text.jsonl", "Failed to get cloud storage preview", 400, id="no image"),
        pytest.param("broken.jsonl", "Failed to get cloud storage preview", 400, id="no manifest"),
        pytest.param("sub/gone.jsonl", "The file 'sub/c.png' not found on the cloud storage '{bucket}'", 404, id="an image that is missing"),
    ],
)  # fmt: skip
def test_a_preview_that_cannot_be_is_told_in_a_text(world, rclone, key, said, status):
    with closing(Bucket(rclone, f"content-{next(_numbers)}")) as own:
        own.put({"sub/gone.jsonl": manifest("c.png")} | {name: OBJECTS[name] for name in OBJECTS if "sub/" not in name})
        number = with_manifests(world, own.name, key)
        answer = world.send("GET", f"/{number}/preview")

    refused(answer, said.format(number=number, bucket=own.name), status)


def test_a_preview_of_a_storage_that_is_gone_is_told(world, rclone):
    with closing(Bucket(rclone, f"content-{next(_numbers)}")) as own:
        own.put({"m.jsonl": manifest("a.png")})
        number = with_manifests(world, own.name, "m.jsonl")
        own.delete("m.jsonl")
        missing = world.send("GET", f"/{number}/preview")
        own.drop()
        gone = world.send("GET", f"/{number}/preview")

    refused(missing, f"The file 'm.jsonl' not found on the cloud storage '{own.name}'", 404)
    refused(gone, f"The resource {own.name} not found. It may have been deleted.", 404)


# Status and actions


def test_the_state_is_told_in_one_of_three_words(world, storage):
    wrong = elsewhere(world, world.server.endpoint, credentials={"access_key": ACCESS_KEY, "secret_key": "x"})
    states = {
        storage: "AVAILABLE",
        wrong: "FORBIDDEN",
        elsewhere(world, world.server.endpoint, "no-such"): "NOT_FOUND",
        elsewhere(world, CLOSED): "NOT_FOUND",
        elsewhere(world, "http://no-such-host.invalid"): "NOT_FOUND",
    }

    for number, state in states.items():
        refused(world.send("GET", f"/{number}/status"), state, 200)


def test_actions_are_told_in_words(world, storage):
    refused(world.send("GET", f"/{storage}/actions"), "GET,PUT", 200, TEXT)


def test_actions_of_a_storage_that_cannot_be_had_are_told_as_elsewhere(world):
    gone = elsewhere(world, world.server.endpoint, "no-such")
    wrong = elsewhere(world, world.server.endpoint, credentials={"access_key": ACCESS_KEY, "secret_key": "x"})

    refused(world.send("GET", f"/{gone}/actions"), "The resource no-such not found. It may have been deleted.", 404)
    denied = "The resource photos is no longer available. Access forbidden."
    refused(world.send("GET", f"/{wrong}/actions"), denied, 403)


def test_what_a_supervisor_sees_he_may_look_into(world):
    world.person("lead", Role.USER, team="supervisor")
    number = world.kept("boss", "team", form=CredentialsForm.ANONYMOUS, credentials={})

    for suffix in ("", "/status"):
        assert world.send("GET", f"/{number}{suffix}", "lead").status_code == 200
    for suffix in ("/content-v2", "/preview", "/actions"):
        assert world.send("GET", f"/{number}{suffix}", "lead").status_code == 404


@pytest.mark.slow
def test_a_bucket_of_a_hundred_thousand_keys_is_paged(tmp_path):
    folder = tmp_path / "server" / "objects" / "photos"
    for part in range(100):
        make_empty_files(folder / f"part-{part:02}", (f"{number:06}.jpg" for number in range(part, 100_000, 100)))
    with rclone_server(tmp_path / "server") as server, closing(World(tmp_path, server)) as world:
        storage = made(world.send("POST", json=world.body("photos")))["id"]
        top, found = names(content(world, storage)), []
        for part in top:
            page = {"next": ""}
            while page["next"] is not None:
                page = content(world, storage, prefix=part, page_size="400", next_token=page["next"])
                found += names(page)

    assert top == [f"part-{part:02}/" for part in range(100)]
    assert found == [f"{number:06}.jpg" for part in range(100) for number in range(part, 100_000, 100)]
