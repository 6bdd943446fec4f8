"""`cvat-sdk`, unmodified, signs in and out and is known, in each of its ways."""

import pytest

pytestmark = pytest.mark.slow


CANARY = "canary-1f5b"


def test_a_client_that_signs_in_is_warned_of_nothing_and_knows_who_it_is(cvat, ann):
    seen = cvat.run(
        """
        with make_client(url, credentials=(name, password)) as client:
            show({"me": client.api_client.users_api.retrieve_self()[0],
                  "name": client.users.retrieve_current_user().username, "warned": warned,
                  "version": str(client.get_server_version()),
                  "token": client.api_client.configuration.api_key["csrfHeaderAuth"],
                  "cookies": {key: morsel.value for key, morsel in client.api_client.cookies.items()}})
        """,
        name=ann.name,
        password=ann.password,
    )

    assert seen["warned"] == []
    assert seen["version"] == "2.80.0"
    assert seen["name"] == ann.name
    assert (seen["me"]["username"], seen["me"]["groups"], seen["me"]["is_active"]) == (ann.name, ["user"], True)
    assert sorted(seen["cookies"]) == ["csrftoken", "sessionid"]
    assert seen["token"] == seen["cookies"]["csrftoken"]


def test_a_client_that_takes_no_other_version_takes_this_one(cvat):
    version = cvat.run(
        """
        from cvat_sdk.core.client import Client, Config
        with Client(url, config=Config(allow_unsupported_server=False)) as client:
            show(str(client.get_server_version()))
        """
    )

    assert version == "2.80.0"


def test_signing_out_ends_the_session_for_all_who_know_its_cookies_or_its_key(cvat, ann):
    seen = cvat.run(
        """
        with make_client(url) as client:
            token, _ = client.api_client.auth_api.create_login(
                models.LoginSerializerExRequest(username=name, password=password))
            cookies = {key: morsel.value for key, morsel in client.api_client.cookies.items()}
            client.api_client.configuration.api_key["csrfHeaderAuth"] = cookies["csrftoken"]
            by_key = ApiClient(Configuration(host=url, api_key={"tokenAuth": token.key}))
            by_cookie = ApiClient(Configuration(host=url, api_key={"sessionAuth": cookies["sessionid"]}))
            callers = (client.api_client, by_key, by_cookie)
            before = [outcome(caller.users_api.retrieve_self) for caller in callers]
            client.logout()
            show([before, [outcome(caller.users_api.retrieve_self) for caller in callers]])
        """,
        name=ann.name,
        password=ann.password,
    )
    before, after = seen

    assert [each["parsed"]["username"] for each in before] == [ann.name] * 3
    assert [(each["raised"], each["status"]) for each in after] == [("UnauthorizedException", 401)] * 3
    assert {each["headers"]["www-authenticate"] for each in after} == {"Token"}


WAYS = {
    "make_client, access_token": "make_client(url, access_token=key).api_client",
    "access_token": "ApiClient(Configuration(host=url, access_token=key))",
    "tokenAuth": "ApiClient(Configuration(host=url, api_key={'tokenAuth': key}))",
    "basic": "ApiClient(Configuration(host=url, username=name, password=password))",
    "basic with a key": "ApiClient(Configuration(host=url, username=name, password=key))",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_each_way_to_be_known_reads_and_changes_without_a_csrf_token(cvat, ann, way):
    seen = cvat.run(
        f"""
        with {way} as api:
            me, _ = api.users_api.retrieve_self()
            show([me.username, warned, outcome(lambda: api.users_api.destroy(me.id))])
        """,
        name=ann.name,
        password=ann.password,
        key=ann.key,
    )

    assert seen[:2] == [ann.name, []]
    assert seen[2]["status"] == 204


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        pytest.param(WAYS["access_token"], "Invalid token.", id="access_token"),
        pytest.param(WAYS["tokenAuth"], "Invalid token.", id="tokenAuth"),
        pytest.param(WAYS["basic"], "Invalid username/password.", id="basic"),
        pytest.param("ApiClient(Configuration(host=url))", "Authentication credentials were not provided.", id="nothing"),
        pytest.param("ApiClient(Configuration(host=url, api_key={'sessionAuth': key}))", "Authentication credentials were not provided.", id="sessionAuth"),
    ],
)  # fmt: skip
def test_who_proves_nothing_gets_the_exception_and_the_sentence_of_the_original(cvat, ann, way, sentence):
    seen = cvat.run(f"show(outcome({way}.users_api.retrieve_self))", name=ann.name, password=CANARY, key=CANARY)

    assert (seen["raised"], seen["status"]) == ("UnauthorizedException", 401)
    assert sentence in seen["body"]
    assert CANARY not in seen["body"]


def test_a_wrong_password_is_an_error_of_the_login(cvat, ann):
    seen = cvat.run(
        """
        try:
            make_client(url, credentials=(name, "wrong password"))
        except exceptions.ApiException as error:
            show([error.status, error.body])
        """,
        name=ann.name,
    )

    assert seen[0] == 400
    assert "Unable to log in with provided credentials." in seen[1]


@pytest.mark.parametrize(
    ("token", "status"), [("client.api_client.cookies['csrftoken'].value", 204), ("'wrong'", 403)], ids=["own", "wrong"]
)
def test_a_session_changes_something_with_its_own_token_only(cvat, ann, token, status):
    seen = cvat.run(
        f"""
        with make_client(url, credentials=(name, password)) as client:
            client.api_client.configuration.api_key["csrfHeaderAuth"] = {token}
            me = client.users.retrieve_current_user()
            show(outcome(lambda: client.api_client.users_api.destroy(me.id)))
        """,
        name=ann.name,
        password=ann.password,
    )

    assert seen["status"] == status
    if status == 403:
        assert seen["raised"] == "ForbiddenException"
        assert "CSRF Failed: " in seen["body"]
