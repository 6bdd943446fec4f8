"""What is in a backup, and what unpacking it gives."""

import io
import os
import shutil
import subprocess
import tarfile

import pytest

from app.connections.contract import OPERATOR
from app.connections.installation import MARK_FILE
from app.connections.key_file import KEY_FILE, new_key
from app.connections.secrets import SecretBox
from app.errors import DatabaseUnavailable, SettingsError
from app.jobs.choice import Seeker
from app.jobs.queue import Batch, JobQueue
from app.storages.embedded.keys import load_or_create_keys
from app.upkeep.backup import back_up
from app.upkeep.rotation import rotate_key
from app.upkeep.turns import own_turn
from tests.support.databases import rows
from tests.support.jobs import SUCCEEDED, request, step
from tests.support.people import new_connection

TABLES = ["SELECT * FROM jobs ORDER BY number", "SELECT * FROM steps ORDER BY job_number, number"]


def written(services):
    out = io.BytesIO()
    back_up(services, out)
    return out.getvalue()


def unpack(content, folder):
    """Unpack as a person does."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["tar", "-xf", "-", "-C", str(folder)], input=content, check=True, timeout=60)
    return folder


def members(content):
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return tar.getmembers()


@pytest.fixture
def worked(services):
    """Services with one job that has ended and one, with secrets, that waits."""
    services.jobs.submit(request())
    queue = JobQueue(services.database)
    claim = queue.claim(Seeker(runner_id="me", kinds=frozenset({"hold"}), running_limit=1))
    queue.finish(claim.fence, SUCCEEDED, Batch({"n": 1}, "", (step("odd\nnäme"), step("b")), 1), 1.0)
    services.jobs.submit(request(secrets={"secret_key": "mine"}))
    return services


def test_an_unpacked_backup_is_a_data_dir(worked, data_dir, new_services, tmp_path):
    restored = new_services(unpack(written(worked), tmp_path / "restored").name)

    assert restored.jobs.list(include_finished=True, limit=9) == worked.jobs.list(include_finished=True, limit=9)
    for query in TABLES:
        assert rows(restored.database, query) == rows(data_dir / "sluice.db", query) != []
    [(job_id, sealed)] = rows(restored.database, "SELECT id, secrets FROM jobs WHERE secrets IS NOT NULL")
    assert restored.box.open(sealed, job_id) == {"secret_key": "mine"}
    assert restored.box.seal({}, "row") != sealed


def test_everything_in_it_is_for_its_owner_only(worked, data_dir):
    load_or_create_keys(data_dir, None)
    owner = (os.getuid(), os.getgid(), "", "")
    found = {member.name: (oct(member.mode), member.isdir()) for member in members(written(worked))}

    assert found == {
        "secret.key": ("0o600", False),
        "embedded-s3": ("0o700", True),
        "embedded-s3/keys.json": ("0o600", False),
        "sluice.db-wal": ("0o600", False),
        "sluice.db": ("0o600", False),
    }
    assert {(one.uid, one.gid, one.uname, one.gname) for one in members(written(worked))} == {owner}


def test_the_keys_of_the_embedded_server_come_along_and_its_objects_do_not(worked, data_dir, tmp_path):
    keys = load_or_create_keys(data_dir, None)
    (data_dir / "embedded-s3" / "objects" / "mybucket").mkdir(parents=True)
    (data_dir / "embedded-s3" / "objects" / "mybucket" / "a.txt").write_text("object")
    restored = unpack(written(worked), tmp_path / "restored")

    assert load_or_create_keys(restored, None) == keys
    assert [path.name for path in (restored / "embedded-s3").iterdir()] == ["keys.json"]


@pytest.mark.parametrize(
    "name", ["uploads-volume", "uploads-folder", "source-volumes/1-2.json", "unfinished-downloads/3.json"]
)
def test_what_is_known_of_the_uploads_folder_comes_along(worked, data_dir, tmp_path, name):
    (data_dir / name).parent.mkdir(exist_ok=True)
    (data_dir / name).write_bytes(b"known")

    assert (unpack(written(worked), tmp_path / "restored") / name).read_bytes() == b"known"


def test_a_backup_leaves_nothing_behind_and_clears_what_a_killed_one_left(worked, data_dir):
    before = sorted(path.name for path in data_dir.iterdir())
    (data_dir / "sluice.db.snapshot").write_text("half a copy")

    written(worked)

    assert sorted(path.name for path in data_dir.iterdir()) == before


def test_unpacked_over_a_killed_service_it_is_the_backup_and_nothing_of_that_one(
    worked, data_dir, new_services, tmp_path
):
    content, expected = written(worked), [rows(data_dir / "sluice.db", query) for query in TABLES]
    for number in range(50):
        worked.jobs.submit(request(arguments={"source": f"after the backup {number}"}))
    killed = shutil.copytree(
        data_dir, tmp_path / "killed"
    )  # with the log of writes that nobody wrote into the database
    assert (killed / "sluice.db-wal").stat().st_size > 0
    unpack(content, killed)

    restored = new_services("killed")

    assert [rows(restored.database, query) for query in TABLES] == expected
    assert rows(restored.database, "PRAGMA integrity_check") == [("ok",)]


def test_a_key_that_was_rotated_before_the_backup_is_the_one_in_it(worked, tmp_path):
    rotate_key(worked, keep_old=False)
    restored = unpack(written(worked), tmp_path / "restored")

    [(job_id, sealed)] = rows(restored / "sluice.db", "SELECT id, secrets FROM jobs WHERE secrets IS NOT NULL")
    assert SecretBox.from_file(restored / KEY_FILE).open(sealed, job_id) == {"secret_key": "mine"}


def test_a_damaged_database_gives_no_backup(worked, data_dir):
    worked.database.settle()
    worked.database.close()
    content = bytearray((data_dir / "sluice.db").read_bytes())
    content[4096 * 3 : 4096 * 6] = b"\xff" * 4096 * 3
    (data_dir / "sluice.db").write_bytes(content)
    out = io.BytesIO()

    with pytest.raises(DatabaseUnavailable, match="damaged"):
        back_up(worked, out)
    assert out.getvalue() == b""
    assert not (data_dir / "sluice.db.snapshot").exists()


def test_two_at_once_are_refused(worked, data_dir):
    with own_turn(data_dir), pytest.raises(SettingsError, match="Another backup or rotation of the key is under way"):
        written(worked)

    assert written(worked)


class FullDisk(io.BytesIO):
    """Takes one kilobyte."""

    def write(self, data):
        if self.tell() + len(data) > 1024:
            raise OSError(28, "No space left on device")
        return super().write(data)


def test_an_output_that_takes_no_more_is_told_and_nothing_is_left_behind(worked, data_dir):
    before = sorted(path.name for path in data_dir.iterdir())

    with pytest.raises(OSError, match="No space left"):
        back_up(worked, FullDisk())
    assert sorted(path.name for path in data_dir.iterdir()) == before
    assert written(worked)


def test_the_connections_of_an_unpacked_backup_open(services, new_services, tmp_path):
    made = services.connections.create(OPERATOR, new_connection())
    restored = new_services(unpack(written(services), tmp_path / "restored").name)

    assert restored.connections.list(OPERATOR) == [made]
    assert restored.connections.credentials(OPERATOR, made.id) == new_connection().credentials


def test_keys_of_the_settings_are_not_in_it(new_services, tmp_path):
    key = new_key()
    services = new_services(sealing_keys=key)
    made = services.connections.create(OPERATOR, new_connection())
    content = written(services)
    unpack(content, tmp_path / "restored")

    assert KEY_FILE not in {member.name for member in members(content)}
    assert key.encode() not in content
    with pytest.raises(SettingsError, match="SEALING_KEYS"):
        new_services("restored")
    restored = new_services("restored", sealing_keys=key)
    assert restored.connections.credentials(OPERATOR, made.id) == new_connection().credentials


def test_a_database_in_postgresql_is_left_to_pg_dump_and_the_rest_is_there(new_services, postgres):
    services = new_services(database_url=postgres.url(postgres.new()))

    names = [member.name for member in members(written(services))]

    assert names == [KEY_FILE, MARK_FILE]
    assert rotate_key(services, keep_old=False).lost == 0
