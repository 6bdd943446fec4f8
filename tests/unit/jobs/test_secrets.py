import stat
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from app.connections.secrets import SecretBox
from app.errors import SettingsError
from tests.support.jobs import ROOT, Hold, request

pytestmark = pytest.mark.usefixtures("each_database")

CANARY = "canary-5f0c2b"


def new_box():
    return SecretBox([Fernet.generate_key().decode()])


def test_what_was_sealed_for_a_row_opens_for_that_row():
    box = new_box()

    assert box.open(box.seal({"secret_key": CANARY}, "row 1"), "row 1") == {"secret_key": CANARY}


def test_sealed_secrets_moved_to_another_row_are_refused():
    box = new_box()

    with pytest.raises(SettingsError, match="belong to another record"):
        box.open(box.seal({"secret_key": CANARY}, "row 1"), "row 2")


@pytest.mark.parametrize(
    "change", [lambda sealed: sealed[:-4] + "AAAA", lambda _: "", lambda _: "nonsense", lambda _: "café"]
)
def test_damaged_secrets_are_refused(change):
    box = new_box()

    with pytest.raises(SettingsError, match=r"cannot be opened.*secret\.key"):
        box.open(change(box.seal({"secret_key": CANARY}, "row 1")), "row 1")


def test_another_key_does_not_open_and_says_what_to_do():
    with pytest.raises(SettingsError, match=r"Add it back as a line of secret\.key"):
        new_box().open(new_box().seal({}, "row 1"), "row 1")


def test_the_first_of_several_keys_seals_and_all_of_them_open():
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed_before = SecretBox([old]).seal({"a": "1"}, "row 1")
    box = SecretBox([new, old])

    assert box.open(sealed_before, "row 1") == {"a": "1"}
    assert SecretBox([new]).open(box.seal({"a": "2"}, "row 1"), "row 1") == {"a": "2"}


def test_the_key_file_is_made_once_for_this_user_only(tmp_path):
    path = tmp_path / "data" / "secret.key"
    sealed = SecretBox.from_file(path).seal({"a": "1"}, "row 1")

    assert SecretBox.from_file(path).open(sealed, "row 1") == {"a": "1"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["secret.key"]


def test_processes_that_make_the_key_at_once_end_up_with_one(tmp_path):
    code = (
        "import sys, pathlib; from app.connections.secrets import SecretBox; sys.stdin.readline();"
        "print(SecretBox.from_file(pathlib.Path(sys.argv[1])).seal({'a': '1'}, 'row 1'))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "secret.key")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    making = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(3)]
    for process in making:
        process.stdin.write("go\n")
        process.stdin.flush()

    sealed = [process.communicate()[0].strip() for process in making]

    assert [SecretBox.from_file(tmp_path / "secret.key").open(one, "row 1") for one in sealed] == [{"a": "1"}] * 3


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff\xfe"], ids=["empty", "short", "no text"])
def test_an_unusable_key_file_is_named_but_not_shown(tmp_path, content):
    (tmp_path / "secret.key").write_bytes(content)

    with pytest.raises(SettingsError, match=r"secret\.key holds no usable key") as caught:
        SecretBox.from_file(tmp_path / "secret.key")
    assert "short" not in str(caught.value)


def test_a_key_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "secret.key").mkdir()

    with pytest.raises(SettingsError, match=r"secret\.key cannot be used: Is a directory"):
        SecretBox.from_file(tmp_path / "secret.key")


def test_secrets_reach_the_handler_but_no_file_and_are_wiped_at_the_end(registry):
    hold = Hold()
    registry.runner({"hold": hold})
    job = registry.service.submit(request(secrets={"secret_key": CANARY}))

    assert hold.entered(job).secrets == {"secret_key": CANARY}
    assert CANARY.encode() not in everything_in(registry.data_dir)
    assert sealed_of(registry) == [True]

    hold.let_go()
    registry.state_becomes(job, "succeeded")
    assert sealed_of(registry) == [False]


def test_sealed_secrets_put_into_another_job_make_that_job_fail(registry):
    registry.service.submit(request("other", secrets={"secret_key": CANARY}))
    job = registry.service.submit(request(secrets={"secret_key": "mine"}))
    with registry.database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE jobs SET secrets = (SELECT secrets FROM jobs WHERE kind = 'other')"
        )
    registry.runner({"hold": Hold()})

    failed = registry.state_becomes(job, "failed")

    assert (failed.reason, "another record" in failed.message) == ("settings_invalid", True)


def everything_in(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def sealed_of(registry):
    with registry.database.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT secrets FROM jobs ORDER BY number")
        return [value is not None for (value,) in rows]
