"""Users: what is kept of them, and what cannot be done to the last one of a kind."""

import pytest

from app.accounts.caller import OrganisationRole, Role
from app.errors import AlreadyExists, InvalidInput, NotAllowed, NotFound
from tests.support.databases import SQLITE_ONLY, rows

pytestmark = pytest.mark.usefixtures("each_database")

PASSWORD = "correct horse"


def test_a_user_is_kept_and_found_in_any_case(accounts, clock):
    made = accounts.create_user("Ann", Role.USER, PASSWORD)

    assert accounts.user("ANN") == accounts.user("ann") == made
    assert (made.name, made.role, made.has_password, made.created_at) == ("ann", Role.USER, True, clock.now)
    assert (made.disabled_at, made.last_login_at) == (None, None)


def test_a_name_is_taken_in_any_case(accounts):
    accounts.create_user("ann", Role.USER)

    with pytest.raises(AlreadyExists, match="There is a user ann already"):
        accounts.create_user("ANN", Role.ADMIN)


def test_users_are_listed_by_name(accounts):
    for name in ("zoe", "ann", "bob"):
        accounts.create_user(name, Role.USER)

    assert [user.name for user in accounts.users()] == ["ann", "bob", "zoe"]


@SQLITE_ONLY
def test_a_password_is_kept_as_an_argon2id_hash_only(accounts, process):
    accounts.create_user("ann", Role.USER, PASSWORD)
    [(kept,)] = rows(process.database, "SELECT password FROM users")

    assert kept.startswith("$argon2id$")
    assert PASSWORD.encode() not in process.database.path.read_bytes()


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("", id="empty"),
        pytest.param("1234567", id="too short"),
        pytest.param("x" * 257, id="too long"),
        pytest.param("x" * 1_000_000, id="a megabyte"),
        pytest.param("line\nbreak", id="a control character"),
        pytest.param("nul\0inside", id="NUL"),
        pytest.param("surrogate\udcff", id="no Unicode text"),
    ],
)
def test_a_password_that_cannot_be_is_refused_in_words_and_changes_nothing(accounts, password):
    accounts.create_user("bob", Role.USER)
    with pytest.raises(InvalidInput, match="use 8 to 256 characters"):
        accounts.create_user("ann", Role.USER, password)
    with pytest.raises(InvalidInput, match="use 8 to 256 characters"):
        accounts.set_password("bob", password)

    assert [(user.name, user.has_password) for user in accounts.users()] == [("bob", False)]


@pytest.mark.parametrize("password", ["12345678", "x" * 256, "pässwörter", "密码密码密码密码", "  spaces  "])
def test_passwords_of_all_scripts_can_be(accounts, authentication, password):
    accounts.create_user("ann", Role.USER, password)

    assert authentication.by_password("ann", password, "192.0.2.1").name == "ann"


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda accounts: accounts.user("nobody"), id="user"),
        pytest.param(lambda accounts: accounts.set_password("nobody", PASSWORD), id="set_password"),
        pytest.param(lambda accounts: accounts.set_role("nobody", Role.USER), id="set_role"),
        pytest.param(lambda accounts: accounts.disable("nobody"), id="disable"),
        pytest.param(lambda accounts: accounts.enable("nobody"), id="enable"),
        pytest.param(lambda accounts: accounts.delete_user("nobody"), id="delete_user"),
        pytest.param(lambda accounts: accounts.create_key("nobody"), id="create_key"),
        pytest.param(lambda accounts: accounts.keys("nobody"), id="keys"),
        pytest.param(lambda accounts: accounts.create_organisation("acme", "", "nobody"), id="create_organisation"),
    ],
)
def test_what_is_done_with_nobody_is_said_so(accounts, act):
    with pytest.raises(NotFound, match="There is no user 'nobody'"):
        act(accounts)


@pytest.mark.parametrize("name", ["x" * 1_000_000, "\x1b[2J", "\udcff", "a\nb"])
def test_a_hostile_name_is_not_found_and_harmless_to_print(accounts, name):
    with pytest.raises(NotFound) as caught:
        accounts.user(name)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 800


def test_disabling_twice_keeps_the_first_time_and_enabling_undoes_it(accounts, clock):
    accounts.create_user("ann", Role.USER)
    accounts.disable("ann")
    first = clock.now
    clock.pass_by(10)
    accounts.disable("ann")

    assert accounts.user("ann").disabled_at == first
    accounts.enable("ann")
    assert accounts.user("ann").disabled_at is None


def test_an_id_is_never_given_again(accounts):
    gone = accounts.create_user("ann", Role.USER)
    accounts.delete_user("ann")

    assert accounts.create_user("ann", Role.USER).id > gone.id


def test_who_is_deleted_takes_keys_sessions_and_memberships_along(accounts, authentication, process):
    accounts.create_user("boss", Role.USER)
    ann = accounts.create_user("ann", Role.USER, PASSWORD)
    accounts.create_organisation("acme", "", "boss")
    accounts.set_member("acme", "ann", OrganisationRole.WORKER)
    accounts.create_key("ann")
    authentication.open_session(ann.id)
    accounts.delete_user("ann")

    counts = [rows(process.database, f"SELECT count(*) FROM {table}")[0][0] for table in ("api_keys", "sessions")]
    assert counts == [0, 0]
    assert [member.user_name for member in accounts.members("acme")] == ["boss"]


ENDS = [
    pytest.param(lambda accounts, name: accounts.disable(name), id="disable"),
    pytest.param(lambda accounts, name: accounts.delete_user(name), id="delete"),
    pytest.param(lambda accounts, name: accounts.set_role(name, Role.USER), id="another role"),
]


@pytest.mark.parametrize("end", ENDS)
def test_the_last_admin_stays_one(accounts, end):
    root = accounts.create_user("root", Role.ADMIN)
    accounts.create_user("ann", Role.USER)

    with pytest.raises(
        NotAllowed, match=r"root is the last admin who is not disabled\. Make another user an admin first"
    ):
        end(accounts, "root")
    assert accounts.user("root") == root


@pytest.mark.parametrize("end", ENDS)
def test_a_disabled_admin_does_not_stand_in_for_the_last_one(accounts, end):
    accounts.create_user("root", Role.ADMIN)
    accounts.create_user("gone", Role.ADMIN)
    accounts.disable("gone")

    with pytest.raises(NotAllowed):
        end(accounts, "root")


@pytest.mark.parametrize("end", ENDS)
def test_one_of_two_admins_may_go(accounts, end):
    accounts.create_user("root", Role.ADMIN)
    accounts.create_user("other", Role.ADMIN)
    end(accounts, "root")

    assert [u.name for u in accounts.users() if u.role is Role.ADMIN and u.disabled_at is None] == ["other"]


def test_a_disabled_admin_may_be_deleted(accounts):
    accounts.create_user("root", Role.ADMIN)
    accounts.create_user("gone", Role.ADMIN)
    accounts.disable("gone")
    accounts.delete_user("gone")

    assert [user.name for user in accounts.users()] == ["root"]


@pytest.mark.parametrize("end", ENDS[:2])
def test_the_last_owner_of_an_organisation_stays(accounts, end):
    accounts.create_user("ann", Role.USER)
    accounts.create_user("bob", Role.USER)
    accounts.create_organisation("acme", "", "ann")
    accounts.set_member("acme", "bob", OrganisationRole.MAINTAINER)

    with pytest.raises(NotAllowed, match=r"ann is the last owner of acme who is not disabled\. Make another member"):
        end(accounts, "ann")
    accounts.set_member("acme", "bob", OrganisationRole.OWNER)
    end(accounts, "ann")
    assert accounts.user("bob").disabled_at is None


def test_an_owner_of_two_may_go_only_when_both_have_another(accounts):
    for name in ("ann", "bob"):
        accounts.create_user(name, Role.USER)
    for slug in ("one", "two"):
        accounts.create_organisation(slug, "", "ann")
    accounts.set_member("one", "bob", OrganisationRole.OWNER)

    with pytest.raises(NotAllowed, match="last owner of two"):
        accounts.delete_user("ann")
    accounts.delete_organisation("two")
    accounts.delete_user("ann")
