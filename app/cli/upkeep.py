"""``flask --app app backup``, ``rotate-key`` and others: what is done with a whole DATA_DIR."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from flask.cli import with_appcontext

from app.bootstrap import Services
from app.cli.sentences import errors_as_sentences
from app.connections.key_file import new_key
from app.db.sqlite import FILE
from app.library.files import LIBRARY
from app.storages.embedded.keys import keys_path
from app.upkeep.backup import back_up
from app.upkeep.moving import move_to_postgresql
from app.upkeep.rotation import Rotated
from app.upkeep.rotation import rotate_key as rotate
from app.upkeep.whole_file import whole_file
from app.web.services import current_services


@click.command("backup")
@click.argument("file", type=click.Path(allow_dash=True))
@with_appcontext
@errors_as_sentences
def backup(file: str) -> None:
    """Write the database and the keys into the new FILE, a tar; - stands for standard output.

    The service may run. The files of the library and the objects of the S3 server of `make run` are not in it, nor
    the keys of SEALING_KEYS. A database in PostgreSQL is not in it either: pg_dump writes that.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # cleans up as after Ctrl-C
    services: Services = current_services()
    if file == "-":
        with _failures_as_sentences("Standard output"), _standard_output() as out:
            back_up(services, out)
        _say_where_the_rest_is(services)
        return
    with _failures_as_sentences(file), whole_file(Path(file)) as out:
        back_up(services, out)
    click.echo(f"{file} holds {_what_is_in_it(services)}{_what_is_left_out(services)}.")
    _say_where_the_rest_is(services)


def _what_is_in_it(services: Services) -> str:
    database = [] if services.database.is_shared else ["the database"]
    keys = [] if services.settings.sealing_keys else ["the keys"]
    return " and ".join([*database, *keys]) or "what is noted of UPLOADS_DIR"


def _say_where_the_rest_is(services: Services) -> None:
    if services.database.is_shared:
        click.echo(
            f"The database {services.database.name} is not in it: dump it with pg_dump, as docs/operations/backup.md "
            "says, or accounts, connections and jobs are lost.",
            err=True,
        )
    if services.settings.sealing_keys:
        click.echo("The sealing key is not in it: keep SEALING_KEYS elsewhere, or the credentials are lost.", err=True)


def _what_is_left_out(services: Services) -> str:
    data_dir = services.settings.data_dir
    objects = [f"the objects in {keys_path(data_dir).with_name('objects')}"] if services.settings.embedded else []
    files = [f"the files in {data_dir / LIBRARY}"] if (data_dir / LIBRARY).exists() else []
    return "".join(f", not {each}" for each in (*objects, *files))


@contextmanager
def _failures_as_sentences(where: str) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise click.ClickException(f"{where} exists already and is left alone. Name a new file.") from None
    except OSError as error:
        raise click.ClickException(f"{where} cannot be written: {error.strerror}. No backup was made.") from None


@contextmanager
def _standard_output() -> Iterator[IO[bytes]]:
    if sys.stdout.isatty():
        raise click.UsageError("A backup is no text for a terminal. Name a file, or redirect standard output.")
    with os.fdopen(sys.stdout.fileno(), "wb", closefd=False) as out:
        try:
            yield out
        except BaseException:
            out.raw.close()  # or what is buffered would be written now, and perhaps wait for ever
            raise


@click.command("rotate-key")
@click.option("--keep-old", is_flag=True, help="Keep the old keys in secret.key, behind the new one.")
@with_appcontext
@errors_as_sentences
def rotate_key(keep_old: bool) -> None:
    """Seal stored credentials with a new key, and forget the old one.

    The new key is made; or, where SEALING_KEYS is set, it is the first one there. The service may run. When this is
    interrupted, nothing is lost: run it again.
    """
    services: Services = current_services()
    done = rotate(services, keep_old=keep_old)
    if services.settings.sealing_keys:
        _say_which_keys_may_go(len(services.settings.sealing_keys), done)
    else:
        click.echo(f"A new key is in use; stored credentials sealed again with it: {done.resealed}.")
    if done.lost:
        click.echo(f"No key opens {done.lost} of them, as before: give those credentials again.", err=True)


def _say_which_keys_may_go(number: int, done: Rotated) -> None:
    click.echo(f"Stored credentials sealed again with the first key of SEALING_KEYS: {done.resealed}.")
    if number > 1:
        click.echo(
            "The other keys there open nothing more that is stored. When every process of Sluice was started with "
            "this first key, take them out and restart."
        )


@click.command("new-sealing-key")
def new_sealing_key() -> None:
    """Print a new key for SEALING_KEYS."""
    click.echo(new_key())


@click.group("database")
def database() -> None:
    """Take the database elsewhere."""


@database.command("copy")
@with_appcontext
@errors_as_sentences
def copy() -> None:
    """Copy all that is in the SQLite file of DATA_DIR into the empty database of DATABASE_URL.

    Every process of Sluice must be stopped. All is copied or nothing, and the file stays as it is.
    """
    services: Services = current_services()
    services.database.close()
    for table, rows in move_to_postgresql(services.settings):
        click.echo(f"{rows:>12,} {table}")
    click.echo(f"{services.database.name} holds all that {services.settings.data_dir / FILE} held.")
