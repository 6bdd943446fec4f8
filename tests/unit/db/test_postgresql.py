"""PostgreSQL as the job database: who writes when, what is said when it cannot be used, and connections that break."""

import os
import re
import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import JSON, Text, cast, event, insert, literal, select, text
from sqlalchemy.exc import ProgrammingError

from app.accounts.model import FailedLoginRow
from app.db.postgresql import PostgresqlDatabase
from app.errors import DatabaseUnavailable, SettingsError
from tests.support.jobs import ROOT, eventually
from tests.support.postgres import USER
from tests.support.wire import wire_to

COUNT = text("SELECT count(*) FROM failed_logins")
ADD = text("INSERT INTO failed_logins (subject, failures, first_at) VALUES (:subject, 1, 0)")
IDLE = "idle_in_transaction_session_timeout"
LIMITS = {"busy_seconds": 0.5, "answer_seconds": 2.0, "idle_seconds": 60.0}


@pytest.fixture
def opened(postgres):
    """Return a function that opens a database of a server; by default a new one of this version."""
    made = []

    def make(url=None, connections=5, **limits):
        made.append(PostgresqlDatabase(url or postgres.url(postgres.new()), connections, **(LIMITS | limits)))
        return made[-1]

    yield make
    for database in made:
        database.close()


@pytest.fixture
def database(opened):
    return opened()


@pytest.fixture
def again(database, opened):
    """The same database as another process has it."""
    return opened(database.engine.url.render_as_string(hide_password=False))


def subjects(database):
    with database.reading() as session:
        return set(session.scalars(text("SELECT subject FROM failed_logins")))


def add(database, subject, then=lambda: None, **how):
    """Write a row, and do something before that is kept."""
    with database.writing(**how) as session:
        session.execute(ADD, {"subject": subject})
        then()


def test_a_reader_sees_one_moment_and_writes_nothing(database, again):
    with database.reading() as session:
        before = session.scalar(COUNT)
        add(again, "new")
        assert session.scalar(COUNT) == before == 0
    with pytest.raises(DatabaseUnavailable, match="cannot be written"), database.reading() as session:
        session.execute(ADD, {"subject": "mine"})

    assert subjects(database) == {"new"}


def test_one_writes_at_a_time_over_all_processes_and_the_others_do_not_wait_for_ever(database, again):
    with database.writing():
        with pytest.raises(DatabaseUnavailable, match="others wait to write; try again"), again.writing():
            pass
        with pytest.raises(DatabaseUnavailable, match="others wait to write; try again"), database.writing():
            pass
        assert subjects(again) == set()

    add(again, "after")
    assert subjects(database) == {"after"}


def test_those_who_lock_their_rows_themselves_write_beside_others(database, again):
    with database.writing() as session:
        session.execute(ADD, {"subject": "one"})
        add(database, "two", beside_others=True)
        add(again, "three", beside_others=True)

    assert subjects(database) == {"one", "two", "three"}


def test_the_clock_is_the_servers_and_goes_on_within_a_transaction(database):
    with database.reading() as session:
        first, second = database.now(session), database.now(session)

    assert first < second
    assert abs(first - time.time()) < 5  # one machine


def test_what_it_cannot_hold_is_replaced_in_texts_and_kept_in_json(database):
    given = {"nul": "a\0b", "half": "ä\udcff", "two": "\ud83d", "mine": "\ufdd00000", "plain": "\\u0000 \U0001f600"}
    stored = literal(given, JSON())
    query = select(cast("a\0b", Text), stored, cast(stored, JSON)["half"].as_string())
    with database.reading() as session:
        word, found, looked_into = session.execute(query).one()

    assert word == "a\ufffdb"
    assert found == given
    assert looked_into.startswith("ä")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param(
            {"password": "wrong"}, "refuses the user or the password; correct them in DATABASE_URL", id="wrong password"
        ),
        pytest.param({"username": "nobody"}, "refuses the user or the password", id="unknown user"),
        pytest.param({"database": "none"}, "there is no such database; create it", id="no such database"),
        pytest.param({"port": 1}, "nothing answers there; start PostgreSQL or correct DATABASE_URL", id="refused"),
        pytest.param({"host": "nowhere.invalid"}, "no machine has this name; correct DATABASE_URL", id="unknown host"),
        pytest.param({"query": {"connect_timeout": "abc"}}, "in DATABASE_URL is wrong: connect_timeout", id="a word"),
        pytest.param({"query": {"keepalives_idle": "abc"}}, "DATABASE_URL is wrong: keepalives_idle", id="no number"),
        pytest.param({"query": {"sslmode": "bogus"}}, "an option in DATABASE_URL is wrong: sslmode", id="no mode"),
        pytest.param({"query": {"service": "none"}}, "DATABASE_URL is wrong: service", id="no service"),
        pytest.param({"port": 99999999}, "an option in DATABASE_URL is wrong: port", id="no port"),
        pytest.param({"query": {"sslmode": "require"}}, "no safe connection can be made", id="no TLS there"),
    ],
)
def test_what_keeps_it_from_being_used_is_said_without_a_password(database, opened, changes, said):
    url = database.engine.url.set(**changes)
    unusable = opened(url.render_as_string(hide_password=False))

    with pytest.raises(DatabaseUnavailable, match=said) as raised, unusable.reading() as session:
        session.execute(COUNT)

    chain = [raised.value, raised.value.__cause__, raised.value.__cause__.__cause__]
    assert all(url.password not in f"{error!r} {error}" for error in chain)
    assert re.fullmatch(
        rf"The job database postgresql://{url.host}:{url.port}/{url.database} is .*\.", str(raised.value)
    )


def test_an_address_that_is_none_is_said(postgres):
    for url in (f"{postgres.url('x')}?colour=red", "postgresql+psycopg://sluice:secret@host:port/x"):
        with pytest.raises(SettingsError, match="DATABASE_URL cannot be read") as raised:
            PostgresqlDatabase(url)
        assert "secret" not in str(raised.value)


def test_upkeep_may_take_all_the_time_it_needs(opened):
    patient = opened(answer_seconds=None, idle_seconds=None, transaction_seconds=None)
    with patient.writing() as session:
        limits = [session.scalar(text(f"SHOW {name}")) for name in ("statement_timeout", IDLE)]
        connection = session.connection().connection.driver_connection

    assert limits == ["0", "0"]
    assert connection.patience is None


def test_bugs_in_queries_pass_unchanged(database):
    with pytest.raises(ProgrammingError), database.reading() as session:
        session.execute(text("SELECT nothing FROM failed_logins"))


def test_too_many_connections_are_said_by_us_and_by_the_server(database, opened, postgres):
    one = opened(database.engine.url.render_as_string(hide_password=False), 1)
    with one.reading() as session:
        session.execute(COUNT)
        with pytest.raises(DatabaseUnavailable, match="or raise DATABASE_CONNECTIONS"), one.reading() as another:
            another.execute(COUNT)
    name = postgres.empty("CONNECTION LIMIT 0")
    postgres.run(f"CREATE ROLE limited LOGIN PASSWORD '{postgres.password}'")
    limited = opened(postgres.url(name).replace(f"{USER}:", "limited:"))
    with (
        pytest.raises(DatabaseUnavailable, match="takes no more connections; raise its max_connections"),
        limited.reading() as session,
    ):
        session.execute(text("SELECT 1"))


def test_a_slow_statement_ends_and_so_does_a_writer_whom_a_standby_refuses(database, postgres):
    with pytest.raises(DatabaseUnavailable, match="took too long"), database.reading() as session:
        session.execute(text("SELECT pg_sleep(30)"))
    postgres.run(f"ALTER DATABASE {database.engine.url.database} SET default_transaction_read_only = on")
    database.close()
    with pytest.raises(DatabaseUnavailable, match="cannot be written, like a standby"):
        add(database, "refused")
    postgres.run(f"ALTER DATABASE {database.engine.url.database} RESET default_transaction_read_only")

    add(database, "kept")  # by a new connection: the old one would still say no

    assert subjects(database) == {"kept"}


@pytest.mark.fault(5)
def test_a_connection_that_is_cut_or_swallows_everything_is_noticed_in_seconds_and_nothing_is_half_written(
    postgres, opened
):
    name = postgres.new()
    with wire_to(postgres.port) as wire:
        database = opened(postgres.url(name, wire.port))
        add(database, "before")
        for break_it in (wire.cut, wire.black_hole):
            began = time.monotonic()
            with pytest.raises(DatabaseUnavailable):
                add(database, "half", then=break_it)
            with pytest.raises(DatabaseUnavailable):
                subjects(database)
            with pytest.raises(DatabaseUnavailable):
                add(database, "none")
            assert time.monotonic() - began < 60
            wire.mend()

            assert subjects(database) == {"before"}
            add(database, "after")
            with database.writing() as session:
                session.execute(text("DELETE FROM failed_logins WHERE subject = 'after'"))


def test_who_is_ended_by_the_server_says_so_and_goes_on(database, postgres):
    name = database.engine.url.database
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    with pytest.raises(DatabaseUnavailable, match="is being stopped"):
        add(database, "none", then=lambda: postgres.run(end))

    add(database, "next")
    assert subjects(database) == {"next"}


STOPPED = """
import sys
from sqlalchemy import text
from app.db.postgresql import PostgresqlDatabase
add = "INSERT INTO failed_logins (subject, failures, first_at) VALUES ('stopped', 1, 0)"
with PostgresqlDatabase(sys.argv[1], idle_seconds=2, transaction_seconds=4).writing() as session:
    {moment}
    print("inside", flush=True)
    sys.stdin.readline()
"""
MOMENTS = {
    "between statements": "session.execute(text(add))",
    # As a statement larger than what is sent at once leaves it: the server waits for the rest, and not for a client.
    "within a statement": """driver = session.connection().connection.driver_connection.pgconn
    driver.enter_pipeline_mode()
    driver.send_query_params(add.encode(), None)
    driver.send_flush_request()
    driver.flush()""",
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_process_that_is_stopped_while_it_writes_does_not_lock_the_others_out(database, moment):
    url = database.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-c", STOPPED.format(moment=MOMENTS[moment]), url],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout.readline() == "inside\n"
    os.kill(process.pid, signal.SIGSTOP)

    def written():
        try:
            add(database, "free")
        except DatabaseUnavailable:
            return False
        return True

    eventually(written, 20)
    os.kill(process.pid, signal.SIGCONT)
    _, said = process.communicate("on\n", timeout=60)

    assert subjects(database) == {"free"}
    assert "DatabaseUnavailable" in said
    if moment == "between statements":  # the other one leaves the driver in the middle of what it says
        assert "this process was stopped in the middle of a transaction" in said or "connection was lost" in said


def test_many_rows_leave_the_server_no_moment_in_which_it_would_wait_for_ever(database, postgres):
    name = database.engine.url.database
    waiting = f"SELECT state FROM pg_stat_activity WHERE datname = '{name}' AND query LIKE 'INSERT%'"

    def rows():
        for number in range(3):
            yield (f"{number}",)
            # Only in this state does a limit count of how long it waits.
            eventually(lambda: postgres.run(waiting) == [("idle in transaction",)], 20)

    with database.writing() as session:
        cursor = session.connection().connection.cursor()
        cursor.executemany("INSERT INTO failed_logins (subject, failures, first_at) VALUES (%s, 1, 0)", rows())
        assert cursor.rowcount == 3

    assert subjects(database) == {"0", "1", "2"}


def test_many_rows_go_out_in_one_statement(database):
    sent = []
    event.listen(database.engine, "do_execute", lambda _cursor, statement, *_: sent.append(statement))
    event.listen(database.engine, "do_executemany", lambda _cursor, statement, *_: sent.append(f"many: {statement}"))
    with database.writing() as session:
        rows = [{"subject": f"{number}", "failures": 1, "first_at": 0} for number in range(500)]
        session.execute(insert(FailedLoginRow), rows)

    assert len([statement for statement in sent if "INSERT" in statement]) == 1
    assert not [statement for statement in sent if statement.startswith("many")]
    assert len(subjects(database)) == 500


def test_connections_come_and_go_while_many_write(opened):
    database = opened(busy_seconds=60.0, answer_seconds=60.0, idle_seconds=60.0)

    def work(number):
        for turn in range(5):
            add(database, f"{number}-{turn}")

    patient = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in patient:
        thread.start()
    for thread in patient:
        thread.join()

    assert len(subjects(database)) == 40
