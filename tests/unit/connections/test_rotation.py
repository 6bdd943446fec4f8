"""A box whose key file changes while it is in use, as in a service that runs on through a rotation."""

import os
import stat

import pytest
from cryptography.fernet import Fernet

from app.connections.key_file import KEY_FILE, KeyFile
from app.connections.secrets import SecretBox
from app.errors import SettingsError

SECRETS = {"secret_key": "canary-91ab"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / KEY_FILE


@pytest.fixture
def file(path):
    file = KeyFile(path)
    file.make()
    return file


@pytest.fixture
def running(file):
    return SecretBox.from_file(file.path)


def only(key):
    return SecretBox([key])


def test_a_new_key_seals_at_once_and_the_old_one_still_opens(running, file):
    before = running.seal(SECRETS, "row")
    file.add_key()
    new, old = file.read()
    after = running.seal(SECRETS, "row")

    assert only(new).open(after, "row") == SECRETS
    assert only(old).open(before, "row") == SECRETS
    assert running.open(before, "row") == running.open(after, "row") == SECRETS


def test_what_another_process_sealed_with_a_newer_key_opens(running, file, path):
    file.add_key()
    sealed = SecretBox.from_file(path).seal(SECRETS, "row")

    assert running.open(sealed, "row") == SECRETS


def test_a_dropped_key_seals_nothing_more_but_opens_what_was_read_before(running, file, path):
    read_before = running.seal(SECRETS, "row")
    file.add_key()
    file.drop_old_keys()

    assert running.open(read_before, "row") == SECRETS
    assert SecretBox.from_file(path).open(running.seal(SECRETS, "row"), "row") == SECRETS
    with pytest.raises(SettingsError, match="cannot be opened"):
        SecretBox.from_file(path).open(read_before, "row")


def test_a_file_restored_from_a_backup_is_followed_too(running, file, path):
    first = path.read_bytes()
    sealed = running.seal(SECRETS, "row")
    file.add_key()
    file.drop_old_keys()
    fresh = SecretBox.from_file(path)
    path.write_bytes(first)

    assert fresh.open(sealed, "row") == SECRETS


def test_sealing_again_keeps_the_secrets_and_the_row_that_they_are_bound_to(running, file):
    sealed = running.seal(SECRETS, "row")
    file.add_key()
    again = running.reseal(sealed)

    assert only(file.read()[0]).open(again, "row") == SECRETS
    with pytest.raises(SettingsError, match="belong to another record"):
        running.open(again, "other row")


def test_what_is_sealed_with_the_newest_key_is_left_as_it_is(running):
    sealed = running.seal(SECRETS, "row")

    assert running.reseal(sealed) == sealed


@pytest.mark.parametrize("sealed", [SecretBox([Fernet.generate_key().decode()]).seal({}, "row"), "damaged", "café"])
def test_what_no_key_opens_cannot_be_sealed_again(running, sealed):
    assert running.reseal(sealed) is None


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        pytest.param(lambda path: path.unlink(), "cannot be used: No such file", id="gone"),
        pytest.param(lambda path: path.write_text("short-key\n"), "holds no usable key", id="rubbish"),
        pytest.param(lambda path: path.write_text(""), "holds no usable key", id="empty"),
    ],
)
def test_without_its_file_a_box_opens_but_seals_nothing_that_only_it_could_open(running, path, spoil, sentence):
    sealed = running.seal(SECRETS, "row")
    spoil(path)

    assert running.open(sealed, "row") == SECRETS
    for sealing in (lambda: running.seal(SECRETS, "row"), lambda: running.reseal(sealed)):
        with pytest.raises(SettingsError, match=sentence) as caught:
            sealing()
        assert "short-key" not in str(caught.value)


def test_the_file_stays_private_and_nothing_is_left_beside_it(file, path):
    for change in (file.add_key, file.add_key, file.drop_old_keys):
        change()

        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [found.name for found in path.parent.iterdir()] == [KEY_FILE]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_rotation_by_root_leaves_the_file_to_its_owner(file, path):
    os.chown(path, 1234, 2345)
    file.add_key()

    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)


def test_a_key_is_added_before_the_others_and_only_it_stays(file):
    [first] = file.read()
    file.add_key()
    file.add_key()
    third, second, last = file.read()
    file.drop_old_keys()

    assert last == first
    assert len({first, second, third}) == 3
    assert file.read() == [third]
