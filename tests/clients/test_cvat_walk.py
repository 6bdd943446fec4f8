"""The walk of a program through `cvat-sdk`, unmodified: storages made, listed, looked into, changed and deleted."""

import io
import itertools
import json
from base64 import b64decode
from contextlib import closing
from urllib.parse import quote

import pytest
from PIL import Image

from app.accounts.caller import Role
from tests.support.buckets import Bucket
from tests.support.servers import ACCESS_KEY, rclone_server

pytestmark = pytest.mark.slow

MEDIA_TYPE = "application/vnd.cvat+json"
KEYS = [
    "created_date", "credentials_type", "description", "display_name", "id", "manifests", "organization", "owner",
    "provider_type", "resource", "specific_attributes", "updated_date",
]  # fmt: skip

_numbers = itertools.count()


def png(width, height, colour="red"):
    content = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(content, "PNG")
    return content.getvalue()


def manifest(*names):
    lines = [{"version": "1.1"}, {"type": "images"}]
    lines += [{"name": name, "extension": ".png", "width": 300, "height": 200} for name in names]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


PICTURES = {
    "a1.png": png(300, 200),
    "a2.png": png(20, 10),
    "a10.png": png(10, 20),
    "sub/b1.png": png(5, 5),
    "notes.txt": b"no picture",
    "manifest.jsonl": manifest("a10", "a2", "a1", "sub/b1"),
    "sub/manifest.jsonl": manifest("b1"),
}


@pytest.fixture
def pictures(rclone):
    with closing(Bucket(rclone, f"walk-{next(_numbers)}")) as bucket:
        bucket.put(PICTURES)
        yield bucket


def storage(bucket, **values):
    """What is told of a storage in an S3 bucket."""
    return {
        "provider_type": "AWS_S3_BUCKET",
        "resource": bucket.name,
        "display_name": bucket.name,
        "credentials_type": "KEY_SECRET_KEY_PAIR",
        "key": ACCESS_KEY,
        "secret_key": bucket.server.secret_key,
        "specific_attributes": f"endpoint_url={quote(bucket.server.endpoint, safe='')}",
    } | values


def made_by(walk, *given):
    """The ids of storages that Ann has made."""
    return walk("show([api.create(dict(one))[0].id for one in given])", given=list(given))


def test_a_storage_is_made_as_the_model_says_and_shows_no_secret(walk, ann, service, pictures):
    given = storage(pictures, manifests=["manifest.jsonl"], description="of all kinds")
    seen = walk(
        """
        made, raw = api.create(models.CloudStorageWriteRequest(**given))
        again, read = api.retrieve(made.id)
        show({"status": raw.status, "type": raw.headers["Content-Type"], "raw": raw.data.decode(),
              "read": read.data.decode(), "same": made == again, "owner": made.owner.username, "model": made, "warned": warned})
        """,
        given=given,
    )
    made = json.loads(seen["raw"])

    assert (seen["status"], seen["type"], seen["warned"]) == (201, MEDIA_TYPE, [])
    assert (sorted(made), seen["same"], seen["owner"]) == (KEYS, True, ann.name)
    assert made == json.loads(seen["read"])
    assert {name: made[name] for name in given if name in made} == {name: given[name] for name in given if name in made}
    assert made["organization"] is None
    assert made["owner"]["url"].startswith(f"{service.url}/api/users/")
    for text in (seen["raw"], seen["read"], service.log.read_text()):
        assert pictures.server.secret_key not in text


def test_a_storage_is_made_of_a_dictionary_and_of_a_form_with_a_file(walk, moto, pictures, tmp_path):
    (tmp_path / "key.json").write_text("{}")
    with closing(Bucket(moto, f"open-{next(_numbers)}")) as bucket:
        anonymous = storage(bucket, credentials_type="ANONYMOUS_ACCESS")
        anonymous = {name: value for name, value in anonymous.items() if name not in ("key", "secret_key")}
        seen = walk(
            """
            first, one = api.create(plain)
            with open(path, "rb") as key_file:
                request = models.CloudStorageWriteRequest(**given, key_file=key_file)
                second, two = api.create(request, _content_type="multipart/form-data")
            show([[one.status, two.status], first, second])
            """,
            plain=anonymous,
            given=storage(pictures, manifests=["sub/manifest.jsonl", "manifest.jsonl"]),
            path=str(tmp_path / "key.json"),
        )

    statuses, first, second = seen
    assert statuses == [201, 201]
    assert (first["credentials_type"], first["manifests"]) == ("ANONYMOUS_ACCESS", [])
    assert second["manifests"] == ["sub/manifest.jsonl", "manifest.jsonl"]
    assert second["credentials_type"] == "KEY_SECRET_KEY_PAIR"


FILTERS = {
    'F.name == "first"': [0],
    'F.name != "first"': [1, 2],
    "F.id < ids[1]": [0],
    "F.id <= ids[1]": [0, 1],
    "F.id > ids[1]": [2],
    "F.id >= ids[1]": [1, 2],
    "F.id.between(ids[0], ids[1])": [0, 1],
    'F.name.one_of(["third 3", "second"])': [1, 2],
    'F.name.contains("ir")': [0, 2],
    "F.owner.is_set()": [0, 1, 2],
    "filters.not_(F.owner.is_set())": [],
    "F.owner == name": [0, 1, 2],
    "F.owner == None": [],
    'F.description.contains("about") & ~(F.name == "first")': [1, 2],
    'F.resource.contains(resource) & (F.provider_type == "AWS_S3_BUCKET")': [0, 1, 2],
    'filters.any_(F.name == "first", F.name == "second", F.credentials_type == "KEY_FILE_PATH")': [0, 1],
    'filters.all_(F.name > "first", F.name < "third")': [1],
}
"""What the client's own builder of filters can say, and which of three storages it is true of."""


def test_storages_are_listed_by_pages_searched_sorted_and_filtered(walk, pictures):
    names = ["first", "second", "third 3"]
    ids = made_by(walk, *[storage(pictures, display_name=each, description=f"about {each}") for each in names])
    seen = walk(
        """
        import json
        F = filters.F

        def names(**query):
            return [found.display_name for found in api.list(**query)[0].results]

        def filtered(text):
            return names(filter=json.dumps(eval(text).to_json_logic()), sort="id")

        page, raw = api.list(page_size=1)
        show({
            "page": [page.count, len(page.results), page.next, page.previous],
            "all": [found.display_name for found in get_paginated_collection(api.list_endpoint, page_size=1)],
            "json": [found["display_name"] for found in get_paginated_collection(
                api.list_endpoint, return_json=True, org_id=None)],
            "search": names(search="THIRD about"),
            "none": names(search="nothing"),
            "by name": names(sort="name"),
            "newest": names(sort="-id"),
            "owner": names(owner=name, name="second"),
            "stranger": names(owner="nobody"),
            "provider": names(provider_type="AWS_S3_BUCKET", sort="id"),
            "other provider": names(provider_type="AZURE_CONTAINER"),
            "credentials": names(credentials_type="KEY_SECRET_KEY_PAIR", resource=resource, sort="id"),
            "filters": {text: filtered(text) for text in texts},
        })
        """,
        resource=pictures.name,
        ids=ids,
        texts=list(FILTERS),
    )

    assert seen["page"][:2] == [3, 1]
    assert "page=2" in seen["page"][2]
    assert seen["page"][3] is None
    assert seen["all"] == seen["json"] == seen["newest"] == names[::-1]
    assert (seen["search"], seen["none"]) == (["third 3"], [])
    assert seen["by name"] == seen["provider"] == seen["credentials"] == names
    assert (seen["owner"], seen["stranger"], seen["other provider"]) == (["second"], [], [])
    assert seen["filters"] == {text: [names[number] for number in numbers] for text, numbers in FILTERS.items()}


def test_a_storage_is_changed_by_a_model_by_a_dictionary_and_by_nothing(walk, pictures):
    [number] = made_by(walk, storage(pictures, manifests=["manifest.jsonl"]))
    attributes = storage(pictures)["specific_attributes"] + "&prefix=sub"
    seen = walk(
        """
        before = api.retrieve(number)[0]
        renamed = api.partial_update(number, patched_cloud_storage_write_request=models.PatchedCloudStorageWriteRequest(display_name="renamed"))[0]
        moved = api.partial_update(number, patched_cloud_storage_write_request={"specific_attributes": attributes})[0]
        empty = api.partial_update(number, patched_cloud_storage_write_request={})[0]
        nothing, raw = api.partial_update(number)
        wrong = outcome(lambda: api.partial_update(number, patched_cloud_storage_write_request={"secret_key": "wrong"}))
        after = api.retrieve(number)[0]
        show([before, renamed, moved, empty, nothing, raw.status, after, wrong])
        """,
        number=number,
        attributes=attributes,
    )
    before, renamed, moved, empty, nothing, status, after, wrong = seen

    def changed(document, **values):
        return {**document, "updated_date": None} | values

    assert changed(renamed) == changed(before, display_name="renamed")
    assert changed(moved) == changed(before, display_name="renamed", specific_attributes=attributes)
    assert changed(empty) == changed(nothing) == changed(moved)
    assert status == 200
    assert before["updated_date"] < renamed["updated_date"] < moved["updated_date"]
    assert (wrong["raised"], wrong["status"]) == ("ApiException", 400)
    assert list(json.loads(wrong["body"])) == ["credentials"]
    assert after == nothing


def test_the_status_says_whether_the_storage_is_there(walk, tmp_path):
    with rclone_server(tmp_path / "server") as server, closing(Bucket(server, "soon-gone")) as bucket:
        [number] = made_by(walk, storage(bucket))
        there = walk("show(outcome(lambda: api.retrieve_status(number)))", number=number)
        bucket.drop()
        dropped = walk("show(api.retrieve_status(number)[0])", number=number)
    stopped = walk("show(api.retrieve_status(number)[0])", number=number)

    assert (there["status"], there["parsed"], there["body"]) == (200, "AVAILABLE", '"AVAILABLE"')
    assert (dropped, stopped) == ("NOT_FOUND", "NOT_FOUND")


def test_the_actions_are_text_that_the_sdk_takes(walk, pictures):
    [number] = made_by(walk, storage(pictures))
    seen = walk("show(outcome(lambda: api.retrieve_actions(number)))", number=number)

    assert seen["status"] == 200
    assert seen["parsed"] == seen["body"] == "GET,PUT"


def test_a_level_of_the_storage_is_listed_by_pages(walk, pictures):
    [number, below] = made_by(
        walk,
        storage(pictures),
        storage(pictures, specific_attributes=storage(pictures)["specific_attributes"] + "&prefix=sub/"),
    )
    seen = walk(
        """
        def pages(number, **query):
            found, token = [], {}
            while True:
                content = api.retrieve_content_v2(number, **query, **token)[0]
                found.append([[each.name, each.type.value, each.mime_type] for each in content.content])
                if content.next is None:
                    return found
                token = {"next_token": content.next}

        image = models.FileInfo(mime_type="image", name="b1.png", type="REG")
        show({
            "top": pages(number),
            "by one": pages(number, page_size=1),
            "sub": pages(number, prefix="sub/"),
            "below": pages(below),
            "part": pages(number, prefix="sub/b"),
            "equal": image in api.retrieve_content_v2(below)[0].content,
            "manifest": pages(number, manifest_path="manifest.jsonl"),
            "manifest by one": pages(number, manifest_path="manifest.jsonl", page_size=1),
            "manifest, sub": pages(number, manifest_path="manifest.jsonl", prefix="sub/"),
        })
        """,
        number=number,
        below=below,
    )
    sub = ["sub", "DIR", "DIR"]
    images = [[f"{name}.png", "REG", "image"] for name in ("a1", "a10", "a2")]
    rest = [["manifest.jsonl", "REG", "unknown"], ["notes.txt", "REG", "unknown"]]
    natural = [sub, images[0], images[2], images[1]]

    assert seen["top"] == [[sub, *images, *rest]]
    assert sorted(each for page in seen["by one"] for each in page) == sorted([sub, *images, *rest])
    assert {len(page) for page in seen["by one"]} == {1}
    assert seen["sub"] == seen["below"] == [[["b1.png", "REG", "image"], ["manifest.jsonl", "REG", "unknown"]]]
    assert seen["part"] == [[["b1.png", "REG", "image"]]]
    assert seen["equal"]
    assert seen["manifest"] == [natural]
    assert seen["manifest by one"] == [[each] for each in natural]
    assert seen["manifest, sub"] == [[["b1.png", "REG", "image"]]]


def test_the_preview_is_a_small_jpeg_of_the_first_image_of_the_first_manifest(walk, pictures):
    pictures.put({"large.jsonl": manifest("a1", "a2")})
    [number, bare] = made_by(walk, storage(pictures, manifests=["large.jsonl", "manifest.jsonl"]), storage(pictures))
    seen = walk(
        """
        parsed, raw = api.retrieve_preview(number)
        show([parsed, raw.status, raw.headers["Content-Type"], raw.data, outcome(lambda: api.retrieve_preview(bare))])
        """,
        number=number,
        bare=bare,
    )
    parsed, status, content_type, content, none = seen
    image = Image.open(io.BytesIO(b64decode(content)))

    assert (parsed, status, content_type) == (None, 200, "image/jpeg")
    assert (image.format, image.size) == ("JPEG", (256, 171))
    assert (none["raised"], none["status"], none["body"]) == (
        "NotFoundException",
        404,
        "Cloud storage preview not found",
    )


def test_what_goes_wrong_is_an_exception_with_its_status_and_its_words(walk, service, pictures):
    [number] = made_by(walk, storage(pictures))
    stranger = service.person(f"stranger-{next(_numbers)}")
    seen = walk(
        """
        other = make_client(url, access_token=stranger).api_client.cloudstorages_api
        show({
            "another's": outcome(lambda: other.retrieve(number)),
            "another's, to change": outcome(lambda: other.partial_update(number, patched_cloud_storage_write_request={"display_name": "x"})),
            "another's, to delete": outcome(lambda: other.destroy(number)),
            "missing": outcome(lambda: api.retrieve(4_000_000)),
            "no name": outcome(lambda: api.create({**given, "resource": "no_name", "specific_attributes": "x"})),
            "no bucket": outcome(lambda: api.create({**given, "resource": "never-made"})),
            "no manifest": outcome(lambda: api.create({**given, "manifests": ["gone.jsonl"]})),
            "a wrong key": outcome(lambda: api.create({**given, "secret_key": "wrong"})),
            "no attributes": outcome(lambda: api.partial_update(
                number, patched_cloud_storage_write_request={"specific_attributes": "x"})),
            "still": api.list()[0].count,
        })
        """,
        number=number,
        stranger=stranger.key,
        given=storage(pictures),
    )
    forbidden = '{"detail": "You do not have permission to perform this action."}'

    for what in ("another's", "another's, to change", "another's, to delete"):
        assert (seen[what]["raised"], seen[what]["status"], seen[what]["body"]) == (
            "ForbiddenException",
            403,
            forbidden,
        )
    assert (seen["missing"]["raised"], seen["missing"]["status"]) == ("NotFoundException", 404)
    assert seen["missing"]["body"] == '{"detail": "No CloudStorage matches the given query."}'
    for what, text in {
        "no name": "specific_attributes: Invalid specific attributes\n",
        "no bucket": "resource: The resource never-made not found. It may have been deleted.\n",
        "no manifest": f"manifests: The 'gone.jsonl' file does not exist on '{pictures.name}' cloud storage\n",
        "a wrong key": f"credentials: Cannot create resource {pictures.name} with specified credentials. Access forbidden.\n",
    }.items():
        assert (seen[what]["raised"], seen[what]["status"]) == ("ApiException", 400)
        assert text in seen[what]["body"]
        assert seen[what]["headers"]["content-type"] == "text/plain; charset=utf-8"
    assert json.loads(seen["no attributes"]["body"]) == {"specific_attributes": ["Invalid specific attributes"]}
    assert seen["still"] == 1


def test_a_storage_is_gone_once_it_is_deleted_and_its_objects_are_not(walk, pictures):
    [number, other] = made_by(walk, storage(pictures), storage(pictures))
    seen = walk(
        """
        first = outcome(lambda: api.destroy(number))
        again = outcome(lambda: api.destroy(number))
        gone = outcome(lambda: api.retrieve(number))
        left = len(api.retrieve_content_v2(other)[0].content)
        client.logout()
        show([first, again, gone, left, outcome(lambda: api.retrieve(other))])
        """,
        number=number,
        other=other,
    )
    first, again, gone, left, signed_out = seen

    assert (first["status"], first["body"]) == (204, "")
    assert [each["raised"] for each in (again, gone, signed_out)] == ["NotFoundException"] * 2 + [
        "UnauthorizedException"
    ]
    assert left == 6


WAYS = {
    "basic": "Configuration(host=url, username=name, password=password)",
    "bearer": "Configuration(host=url, access_token=key)",
    "token": "Configuration(host=url, api_key={'tokenAuth': key})",
    "session": "Configuration(host=url, api_key={'sessionAuth': session, 'csrfAuth': csrf})",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_each_way_to_be_known_makes_reads_and_deletes(walk, ann, pictures, way):
    seen = walk(
        f"""
        session, csrf = (client.api_client.cookies[cookie].value for cookie in ("sessionid", "csrftoken"))
        with ApiClient({way}) as low:
            made, raw = low.cloudstorages_api.create(models.CloudStorageWriteRequest(**given))
            read = low.cloudstorages_api.retrieve(made.id)[0]
            gone = low.cloudstorages_api.destroy(made.id)[1]
            show([raw.status, read == made, read.owner.username, gone.status])
        """,
        given=storage(pictures),
    )

    assert seen == [201, True, ann.name, 204]


def test_a_session_with_a_wrong_csrf_token_makes_changes_and_deletes_nothing(walk, pictures):
    [number] = made_by(walk, storage(pictures))
    seen = walk(
        """
        client.api_client.configuration.api_key["csrfHeaderAuth"] = "wrong"
        calls = (lambda: api.create(given), lambda: api.partial_update(number, patched_cloud_storage_write_request={"display_name": "x"}), lambda: api.destroy(number))
        show([[outcome(call) for call in calls], api.list()[0]])
        """,
        given=storage(pictures),
        number=number,
    )
    refused, listed = seen

    assert [(each["raised"], each["status"]) for each in refused] == [("ForbiddenException", 403)] * 3
    assert all("CSRF Failed: " in each["body"] for each in refused)
    assert [each["display_name"] for each in listed["results"]] == [pictures.name]


def test_a_storage_outlives_its_owner_and_is_nobodys(walk, service, ann, pictures):
    [number] = made_by(walk, storage(pictures))
    admin = service.person(f"admin-{next(_numbers)}", Role.ADMIN)
    seen = walk(
        """
        admin = make_client(url, access_token=token).api_client
        before = admin.cloudstorages_api.retrieve(number)[0]
        removed = outcome(lambda: admin.users_api.destroy(before.owner.id))
        after = admin.cloudstorages_api.retrieve(number)[0]
        show([before.owner.username, removed["status"], after.owner, outcome(lambda: api.retrieve(number))])
        """,
        number=number,
        token=admin.key,
    )

    assert seen[:3] == [ann.name, 204, None]
    assert seen[3]["raised"] == "UnauthorizedException"


def test_users_are_listed_by_pages(walk, service, ann):
    admin = service.person(f"admin-{next(_numbers)}", Role.ADMIN)
    seen = walk(
        """
        admin = make_client(url, access_token=token)
        everybody = get_paginated_collection(admin.api_client.users_api.list_endpoint, page_size=2)
        show([[each.username for each in everybody], [each.username for each in client.users.list()],
              [each.username for each in admin.api_client.users_api.list(username=name)[0].results]])
        """,
        token=admin.key,
    )
    everybody, own, named = seen

    assert {ann.name, admin.name} < set(everybody)
    assert len(everybody) == len(set(everybody))
    assert own == named == [ann.name]
