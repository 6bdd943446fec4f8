"""Rotating the key while others seal, open and crash."""

import os
import signal
import threading
from dataclasses import replace
from itertools import count

import pytest

from app.accounts.caller import Role
from app.authorizations.contract import NewAuthorization
from app.connections.contract import OPERATOR
from app.connections.key_file import KEY_FILE, new_key
from app.connections.secrets import SecretBox
from app.errors import DatabaseUnavailable, SettingsError
from app.upkeep.rotation import Rotated, rotate_key
from app.upkeep.turns import own_turn
from tests.support.databases import rows
from tests.support.jobs import SUCCEEDED, Registry, request, write_lock
from tests.support.people import new_connection
from tests.support.programs import Program

SEALED = "SELECT id, secrets FROM jobs WHERE secrets IS NOT NULL"


def submit(jobs, number=1):
    return [jobs.submit(request(secrets={"secret_key": f"mine {one}"})) for one in range(number)]


def opened(data_dir):
    """Return what is sealed in the database, opened with what the key file holds now and nothing else."""
    box = SecretBox.from_file(data_dir / KEY_FILE)
    return sorted(box.open(sealed, job_id)["secret_key"] for job_id, sealed in rows(data_dir / "sluice.db", SEALED))


def keys(data_dir):
    return (data_dir / KEY_FILE).read_text().split()


def test_everything_is_sealed_again_and_the_old_key_is_gone(services, data_dir):
    submit(services.jobs, 250)
    [old] = keys(data_dir)

    assert rotate_key(services, keep_old=False) == Rotated(resealed=250, lost=0)

    assert old not in keys(data_dir)
    assert len(keys(data_dir)) == 1
    assert opened(data_dir) == sorted(f"mine {one}" for one in range(250))


def test_the_old_key_can_be_kept(services, data_dir):
    before = keys(data_dir)
    rotate_key(services, keep_old=True)

    assert keys(data_dir)[1:] == before


def test_jobs_are_otherwise_as_they_were(services, data_dir):
    submit(services.jobs, 3)
    query = "SELECT number, id, state, message, arguments, version FROM jobs"
    before = rows(data_dir / "sluice.db", query)

    rotate_key(services, keep_old=False)

    assert rows(data_dir / "sluice.db", query) == before


def test_a_service_that_runs_opens_old_and_new_secrets_without_a_restart(services, data_dir):
    running = Registry(data_dir)
    got = {}
    [old] = submit(running.service)
    rotate_key(services, keep_old=False)
    [new] = submit(running.service)

    def handler(context):
        got[context.job_id] = context.secrets
        return SUCCEEDED

    running.runner({"hold": handler})
    for job in (old, new):
        running.state_becomes(job, "succeeded")
    running.close()

    assert got == {old.id: {"secret_key": "mine 0"}, new.id: {"secret_key": "mine 0"}}


def test_what_no_key_opens_stays_as_it_was_and_is_told(services, data_dir):
    lost, kept = submit(services.jobs, 2)
    with services.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE jobs SET secrets = 'nonsense' WHERE id = ?", (lost.id,))

    assert rotate_key(services, keep_old=False) == Rotated(resealed=1, lost=1)

    assert dict(rows(data_dir / "sluice.db", SEALED))[lost.id] == "nonsense"
    assert SecretBox.from_file(data_dir / KEY_FILE).open(dict(rows(data_dir / "sluice.db", SEALED))[kept.id], kept.id)


KILLED = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from app.bootstrap import build_services
from app.settings import Settings
from app.upkeep.rotation import rotate_key

services = build_services(Settings.load(dict(os.environ), Path("no.env")))
left = int(sys.argv[1])

def dying(reseal):
    def resealed(again):
        def or_die(sealed):
            global left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return again(sealed)
        changed = reseal(or_die)
        or_die("")
        return changed
    return resealed

rotate_key(replace(services, sealed=[dying(reseal) for reseal in services.sealed]), keep_old=False)
"""


@pytest.mark.parametrize(
    ("after", "resealed"),
    [
        pytest.param(0, 0, id="with the new key in the file"),
        pytest.param(50, 0, id="in the first transaction"),
        pytest.param(120, 100, id="between two transactions"),
        pytest.param(150, 150, id="when all is sealed again"),
    ],
)
@pytest.mark.fault(39)
def test_killed_in_the_middle_it_has_lost_nothing_and_is_finished_by_the_next(services, data_dir, after, resealed):
    submit(services.jobs, 150)
    expected = opened(data_dir)
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir)}
    killed = Program("-c", KILLED, str(after), environ=environ)

    assert killed.wait(60) == -signal.SIGKILL
    new, _ = keys(data_dir)
    assert (
        sum(SecretBox([new]).reseal(sealed) is not None for _, sealed in rows(data_dir / "sluice.db", SEALED))
        == resealed
    )
    assert opened(data_dir) == expected
    assert rotate_key(services, keep_old=False).resealed == 150
    assert len(keys(data_dir)) == 1
    assert opened(data_dir) == expected


def test_while_the_database_cannot_be_written_all_keys_stay(services, data_dir):
    submit(services.jobs)
    impatient = Registry(data_dir, busy_seconds=0.1)
    with write_lock(data_dir / "sluice.db"), pytest.raises(DatabaseUnavailable, match="keeps it locked"):
        rotate_key(replace(services, sealed=[impatient.service.reseal]), keep_old=False)
    impatient.close()

    assert len(keys(data_dir)) == 2
    assert opened(data_dir) == ["mine 0"]


def test_a_value_that_is_being_written_during_the_rotation_is_not_missed(new_services):
    """It was sealed with the old key, and its transaction ends while the rotation goes on."""
    sealing, rotating = new_services(), new_services()
    data_dir = sealing.settings.data_dir
    job = sealing.jobs.submit(request())
    with sealing.database.writing() as session:
        late = sealing.box.seal({"secret_key": "late"}, job.id)
        session.connection().exec_driver_sql("UPDATE jobs SET secrets = ?", (late,))
        rotation = threading.Thread(target=rotate_key, args=(rotating,), kwargs={"keep_old": False})
        rotation.start()
        while len(keys(data_dir)) == 1:
            rotation.join(0.01)
    rotation.join()

    assert opened(data_dir) == ["late"]


@pytest.mark.fault(39)
def test_nothing_is_lost_however_often_it_is_rotated_while_several_processes_seal(new_services):
    data_dir = new_services().settings.data_dir
    limit = {"jobs_queued_limit": 100_000}
    enough, numbers, made = threading.Event(), count(), []

    def submit_all_the_time(services):
        while not enough.wait(0.02):  # SQLite is not fair to who waits while others never pause
            secret = f"mine {next(numbers)}"
            services.jobs.submit(request(secrets={"secret_key": secret}))
            made.append(secret)

    submitting = [threading.Thread(target=submit_all_the_time, args=(new_services(**limit),)) for _ in range(3)]
    for thread in submitting:
        thread.start()
    try:
        for _ in range(8):
            rotate_key(new_services(), keep_old=False)
    finally:
        enough.set()
        for thread in submitting:
            thread.join()

    assert len(made) > 8
    assert opened(data_dir) == sorted(made)


def test_a_rotation_waits_for_no_other_upkeep_but_says_so(services, data_dir):
    with own_turn(data_dir), pytest.raises(SettingsError, match=r"Another backup or rotation .* is under way"):
        rotate_key(services, keep_old=False)

    assert len(keys(data_dir)) == 1


PROOF = "SELECT sealed FROM sealing"


def proof_opens_with(data_dir, *given):
    [(sealed,)] = rows(data_dir / "sluice.db", PROOF)
    return SecretBox(given).open(sealed, "sealing") == {}


def connect(services, number=1):
    return [services.connections.create(OPERATOR, new_connection(name=f"c{one}")).id for one in range(number)]


def test_connections_and_the_proof_of_the_key_are_sealed_again_too(new_services, services, data_dir):
    made = connect(services, 3)

    assert rotate_key(services, keep_old=False) == Rotated(resealed=3, lost=0)  # the proof is no credential

    assert proof_opens_with(data_dir, *keys(data_dir))
    fresh = new_services()
    assert [fresh.connections.credentials(OPERATOR, one) for one in made] == [new_connection().credentials] * 3


AUTHORIZED = "SELECT id, sealed FROM authorizations"


def authorize(services, name, data_dir):
    """Make a user and an authorization of his, and return what opens its secrets with the keys that are there now."""
    services.accounts.create_user(name, Role.USER)
    caller = services.authentication.by_key(services.accounts.create_key(name).key)
    config = {"access_key": "AKIA", "secret_key": f"secret of {name}"}
    made = services.authorizations.create(caller, NewAuthorization(provider="aws", config=config))

    def secrets():
        box = SecretBox.from_file(data_dir / KEY_FILE)
        return box.open(dict(rows(data_dir / "sluice.db", AUTHORIZED))[made.id], made.id)

    return secrets


def test_authorizations_are_sealed_again_too(services, data_dir):
    secrets = authorize(services, "anna", data_dir)
    [old] = keys(data_dir)

    assert rotate_key(services, keep_old=False) == Rotated(resealed=1, lost=0)

    assert old not in keys(data_dir)
    assert secrets() == {"/secret_key": '"secret of anna"'}


@pytest.mark.parametrize("after", range(9))
def test_killed_anywhere_it_leaves_a_database_that_starts(new_services, services, data_dir, after):
    """Two connections, an authorization, a job and the proof, and the end of each of the four that keep them."""
    made = connect(services, 2)
    secrets = authorize(services, "anna", data_dir)
    submit(services.jobs)
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir)}
    killed = Program("-c", KILLED, str(after), environ=environ)
    fresh = new_services()

    assert killed.wait(60) == -signal.SIGKILL
    assert [fresh.connections.credentials(OPERATOR, one) for one in made] == [new_connection().credentials] * 2
    assert secrets() == {"/secret_key": '"secret of anna"'}
    rotate_key(fresh, keep_old=False)
    assert proof_opens_with(data_dir, *keys(data_dir))
    assert opened(data_dir) == ["mine 0"]
    assert secrets() == {"/secret_key": '"secret of anna"'}
    again = new_services()
    assert [again.connections.credentials(OPERATOR, one) for one in made] == [new_connection().credentials] * 2


def test_with_sealing_keys_the_first_seals_everything_and_the_others_may_go(new_services):
    old, new = new_key(), new_key()
    before = new_services(sealing_keys=old)
    data_dir = before.settings.data_dir
    [made] = connect(before)
    [job] = submit(before.jobs)

    assert rotate_key(new_services(sealing_keys=f"{new},{old}"), keep_old=False) == Rotated(resealed=2, lost=0)

    assert not (data_dir / KEY_FILE).exists()
    assert proof_opens_with(data_dir, new)
    after = new_services(sealing_keys=new)
    assert after.connections.credentials(OPERATOR, made) == new_connection().credentials
    [(sealed,)] = rows(data_dir / "sluice.db", "SELECT secrets FROM jobs")
    assert after.box.open(sealed, job.id) == {"secret_key": "mine 0"}
    with pytest.raises(SettingsError, match="None of the keys in SEALING_KEYS"):
        new_services(sealing_keys=old)


def test_from_the_file_to_the_settings_the_file_is_left_alone_and_needed_no_more(new_services, services, data_dir):
    [made] = connect(services)
    [old], new = keys(data_dir), new_key()
    rotate_key(new_services(sealing_keys=f"{new},{old}"), keep_old=False)

    assert keys(data_dir) == [old]
    (data_dir / KEY_FILE).unlink()
    assert new_services(sealing_keys=new).connections.credentials(OPERATOR, made)
