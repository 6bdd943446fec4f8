"""A service starts only with the key of its database."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import event

from app.bootstrap import build_services
from app.connections.contract import OPERATOR
from app.connections.key_file import KEY_FILE, KeyFile, new_key
from app.connections.proof import KeyProof, open_box
from app.db import SqliteDatabase
from app.errors import SettingsError
from tests.support.databases import rows
from tests.support.jobs import ROOT, request, settings_for
from tests.support.people import new_connection
from tests.support.programs import Program
from tests.support.servers import free_port

PROOF = "SELECT id, sealed FROM sealing"


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def start():
    """Start services as a process does; all are closed at the end."""
    made = []

    def start(data_dir, **settings):
        made.append(build_services(settings_for(data_dir, **settings)))
        return made[-1]

    yield start
    for services in made:
        services.database.close()


def forget_proof(services):
    """Make the database one of a version that had no proof."""
    with services.database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM sealing")


def connect(services):
    return services.connections.create(OPERATOR, new_connection()).id


def test_the_first_start_makes_the_proof_and_the_next_ones_find_it(start, data_dir):
    start(data_dir)
    [proof] = rows(data_dir / "sluice.db", PROOF)
    start(data_dir)

    assert rows(data_dir / "sluice.db", PROOF) == [proof]


def test_several_first_starts_at_once_make_one_proof_that_all_can_open(start, data_dir):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: start(data_dir), range(8)))

    assert len(rows(data_dir / "sluice.db", PROOF)) == 1
    start(data_dir)


def test_a_start_that_another_one_overtakes_uses_the_key_that_it_made(start, data_dir):
    settings = settings_for(data_dir)
    database = SqliteDatabase(data_dir / "sluice.db")
    database.upgrade()

    def overtake(_connection, _cursor, statement, *_):
        if "FROM sealing" in statement and not (data_dir / KEY_FILE).exists():
            start(data_dir)

    with closing(database):
        event.listen(database.engine, "before_cursor_execute", overtake)
        box = open_box(settings, database)
        assert KeyProof(database).opens_with(box)


@pytest.mark.parametrize("with_connection", [False, True])
@pytest.mark.fault(39)
def test_a_database_with_the_key_of_another_is_refused(start, data_dir, tmp_path, with_connection):
    services, other = start(data_dir), start(tmp_path / "other")
    if with_connection:
        connect(services)
    shutil.copy(other.settings.data_dir / KEY_FILE, data_dir / KEY_FILE)

    with pytest.raises(SettingsError, match=r"secret\.key has not sealed what is in the database .*Put back") as caught:
        start(data_dir)
    assert (data_dir / KEY_FILE).read_text().strip() not in str(caught.value)


@pytest.mark.fault(39)
def test_a_key_file_that_is_gone_is_not_made_again(start, data_dir):
    start(data_dir)
    (data_dir / KEY_FILE).unlink()

    with pytest.raises(SettingsError, match=r"secret\.key is missing.*Put back"):
        start(data_dir)
    assert not (data_dir / KEY_FILE).exists()


@pytest.mark.parametrize("content", ["", "short-key\n"], ids=["empty", "rubbish"])
def test_an_unusable_key_file_is_not_said_to_be_better_deleted(start, data_dir, content):
    """Deleted, it would be missing, and nothing would start either."""
    start(data_dir)
    (data_dir / KEY_FILE).write_text(content)

    with pytest.raises(SettingsError, match=r"restore it from a backup.*see docs/operations/keys\.md") as caught:
        start(data_dir)
    assert "deleted" not in str(caught.value)


def test_put_back_it_starts_again(start, data_dir):
    connection_id = connect(start(data_dir))
    key = (data_dir / KEY_FILE).read_text()
    (data_dir / KEY_FILE).write_text(new_key())
    with pytest.raises(SettingsError):
        start(data_dir)
    (data_dir / KEY_FILE).write_text(key)

    assert start(data_dir).connections.credentials(OPERATOR, connection_id)["access_key"] == "AKIAEXAMPLE"


def test_after_an_upgrade_the_key_that_opens_what_is_sealed_is_the_right_one(start, data_dir):
    services = start(data_dir)
    services.jobs.submit(request(secrets={"secret_key": "mine"}))
    forget_proof(services)
    start(data_dir)

    assert len(rows(data_dir / "sluice.db", PROOF)) == 1


def test_after_an_upgrade_a_key_that_opens_nothing_of_what_is_sealed_is_refused(start, data_dir):
    services = start(data_dir)
    services.jobs.submit(request(secrets={"secret_key": "mine"}))
    forget_proof(services)
    (data_dir / KEY_FILE).write_text(new_key())

    with pytest.raises(SettingsError, match="has not sealed"):
        start(data_dir)
    assert rows(data_dir / "sluice.db", PROOF) == []


def test_after_an_upgrade_a_single_damaged_secret_is_no_reason_to_refuse(start, data_dir):
    services = start(data_dir)
    damaged = services.jobs.submit(request(secrets={"secret_key": "mine"}))
    services.jobs.submit(request(secrets={"secret_key": "mine"}))
    with services.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE jobs SET secrets = 'nonsense' WHERE id = ?", (damaged.id,))
    forget_proof(services)
    start(data_dir)

    assert len(rows(data_dir / "sluice.db", PROOF)) == 1


def test_sealing_keys_of_the_settings_need_no_file(start, data_dir):
    key = new_key()
    connection_id = connect(start(data_dir, sealing_keys=key))

    assert not (data_dir / KEY_FILE).exists()
    assert start(data_dir, sealing_keys=f"{new_key()}, {key}").connections.credentials(OPERATOR, connection_id)


def test_sealing_keys_that_are_not_the_databases_are_refused_without_being_shown(start, data_dir):
    start(data_dir, sealing_keys=new_key())
    wrong = new_key()

    with pytest.raises(SettingsError, match="None of the keys in SEALING_KEYS") as caught:
        start(data_dir, sealing_keys=wrong)
    assert wrong not in str(caught.value)


def test_sealing_keys_that_are_none_are_refused_without_being_shown(start, data_dir):
    with pytest.raises(SettingsError, match="SEALING_KEYS is unusable") as caught:
        start(data_dir, sealing_keys="short-key")
    assert "short-key" not in str(caught.value)


def test_from_the_file_one_comes_to_the_settings_by_naming_its_key_too(start, data_dir):
    connection_id = connect(start(data_dir))
    [old], new = KeyFile(data_dir / KEY_FILE).read(), new_key()
    with pytest.raises(SettingsError, match=r"that is the content of .*secret\.key"):
        start(data_dir, sealing_keys=new)

    assert start(data_dir, sealing_keys=f"{new},{old}").connections.credentials(OPERATOR, connection_id)


def test_without_the_sealing_keys_of_before_no_file_is_made(start, data_dir):
    start(data_dir, sealing_keys=new_key())

    with pytest.raises(SettingsError, match="SEALING_KEYS"):
        start(data_dir)
    assert not (data_dir / KEY_FILE).exists()


def test_who_has_lost_the_key_for_good_forgets_what_was_sealed_as_documented(start, data_dir):
    services = start(data_dir)
    connection_id = connect(services)
    job = services.jobs.submit(request(secrets={"secret_key": "mine"}))
    (data_dir / KEY_FILE).unlink()
    page = (ROOT / "docs" / "operations" / "keys.md").read_text()
    [command] = [line for line in page.splitlines() if line.startswith("$ sqlite3 ")]
    with services.database.writing() as session:
        for statement in command.split('"')[1].split(";"):
            session.connection().exec_driver_sql(statement)
    services = start(data_dir)

    assert services.connections.get(OPERATOR, connection_id).name == "photos"
    [(sealed,)] = rows(services.database, "SELECT secrets FROM jobs")
    with pytest.raises(SettingsError, match="cannot be opened"):  # and it does not run with the configured keys
        services.box.open(sealed, job.id)


def started_anew(words, environ):
    """Run a module to its end, as from a shell; return its status and what it said of errors."""
    command = [sys.executable, "-m", *words]
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, ended.stderr


def forked(words, environ):
    """The same, but for the imports."""
    program = Program(*words, environ=environ)
    _, said = program.communicate(timeout=60)
    return program.wait(), said


ENTRANCES = [
    pytest.param(started_anew, ["flask", "--app", "app", "jobs"], id="a command"),
    pytest.param(forked, ["flask", "--app", "app", "serve"], id="make run"),
    pytest.param(forked, ["gunicorn", "-c", "python:app.serving.gunicorn_conf", "app:create_app()"], id="gunicorn"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("ended", "entrance"), ENTRANCES)
def test_the_copied_database_starts_nowhere_with_another_key(start, data_dir, tmp_path, ended, entrance):
    services = start(data_dir)
    connect(services)
    services.database.settle()
    copied = tmp_path / "copied"
    copied.mkdir()
    shutil.copy(data_dir / "sluice.db", copied)
    (copied / KEY_FILE).write_text(new_key())
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(copied), "UPLOADS_DIR": str(tmp_path)}
    environ |= {"STORAGE_URL": "http://127.0.0.1:9", "MINIO_ACCESS_KEY": "key", "MINIO_SECRET_KEY": "secret"}
    environ["API_PORT"] = str(free_port())
    status, said = ended(entrance, environ)

    assert status != 0
    assert f"The key file {copied / KEY_FILE} has not sealed what is in the database" in said
    assert "Traceback" not in said
