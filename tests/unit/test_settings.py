"""The settings: what is read, what is refused, and that `.env.example` tells all of it."""

from pathlib import Path

import pytest

from app.errors import SettingsError
from app.settings import Settings

ROOT = Path(__file__).parents[2]
KEYS = {"MINIO_ACCESS_KEY": "reader-of-the-bucket", "MINIO_SECRET_KEY": "never-to-be-shown"}


@pytest.fixture
def dotenv(tmp_path):
    return tmp_path / ".env"


def load(dotenv, **environ):
    return Settings.load(environ, dotenv)


def lines_of_example():
    text = (ROOT / ".env.example").read_text()
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_the_example_file_names_each_setting_once_with_its_default():
    named = [tuple(line.split("=", 1)) for line in lines_of_example()]

    assert dict(named) == Settings.names()
    assert len(named) == len(Settings.names())


def test_each_group_of_settings_in_the_example_file_follows_a_sentence():
    for block in (ROOT / ".env.example").read_text().split("\n\n"):
        assert block.startswith("#"), block


def test_the_example_file_as_it_is_means_the_defaults(dotenv):
    assert Settings.load({}, ROOT / ".env.example") == load(dotenv)


def test_the_defaults_suit_a_newcomer(dotenv):
    settings = load(dotenv)

    assert settings.embedded
    assert settings.listens_on_loopback
    assert settings.default_storage_url == "http://127.0.0.1:9000"
    assert settings.uploads_dir == Path.cwd() / "app" / "uploads"


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(dotenv):
    dotenv.write_text("API_PORT=6000\nMINIO_PORT=6001\n")

    settings = load(dotenv, API_PORT="7000")

    assert (settings.api_port, settings.minio_port, settings.web_threads) == (7000, 6001, 32)


@pytest.mark.parametrize(
    "value",
    [pytest.param("", id="empty"), pytest.param("   ", id="spaces")],
)
def test_an_empty_value_means_the_default(dotenv, value):
    assert load(dotenv, API_PORT=value).api_port == 5000


def test_a_value_of_the_file_is_taken_as_it_is_written(dotenv):
    dotenv.write_text("MINIO_ACCESS_KEY=a${HOME}b\nMINIO_SECRET_KEY='x#y z'\n")

    settings = load(dotenv)

    assert settings.minio_access_key == "a${HOME}b"
    assert settings.minio_secret_key == "x#y z"


def test_lists_are_separated_by_commas_and_ignore_spaces(dotenv):
    assert load(dotenv, TRUSTED_HOSTS=" a.example , b.example,").trusted_hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ("1", True),
        ("true", True),
        ("Yes", True),
        ("ON", True),
        ("0", False),
        ("False", False),
        ("no", False),
        ("off", False),
    ],
)
def test_a_flag_takes_the_usual_words(dotenv, value, meaning):
    assert load(dotenv, BUCKET_DELETE_ENABLED=value).bucket_delete_enabled is meaning


@pytest.mark.parametrize("value", ["0", "500", "0%", "10%", "100%"])
def test_a_deletion_limit_is_a_number_or_a_percentage(dotenv, value):
    assert load(dotenv, MAX_DELETE=value).max_delete == value


def test_the_slash_after_a_storage_address_does_not_matter(dotenv):
    assert load(dotenv, STORAGE_URL="https://s3.example/", **KEYS).default_storage_url == "https://s3.example"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("API_PORT", "http", id="port is no number"),
        pytest.param("API_PORT", "0", id="port zero"),
        pytest.param("API_PORT", "65536", id="port too high"),
        pytest.param("API_PORT", "5000.0", id="port with a fraction"),
        pytest.param("MINIO_PORT", "-1", id="negative port"),
        pytest.param("WEB_WORKERS", "0", id="no worker"),
        pytest.param("WEB_THREADS", "1", id="too few threads"),
        pytest.param("SHUTDOWN_SECONDS", "soon", id="a word for seconds"),
        pytest.param("TRANSFERS_PER_JOB", "1e3", id="exponent"),
        pytest.param("JOBS_RUNNING_LIMIT", "0", id="no job may run"),
        pytest.param("JOBS_QUEUED_LIMIT", "100001", id="queue too long"),
        pytest.param("HEARTBEAT_SECONDS", "61", id="heartbeat too slow"),
        pytest.param("HISTORY_DAYS", "forever", id="a word for days"),
        pytest.param("BUCKET_DELETE_ENABLED", "maybe", id="neither true nor false"),
        pytest.param("MAX_DELETE", "101%", id="more than all"),
        pytest.param("MAX_DELETE", "-5", id="negative limit"),
        pytest.param("MAX_DELETE", "ten", id="a word for a limit"),
        pytest.param("STORAGE_URL", "minio:9000", id="address without scheme"),
        pytest.param("STORAGE_URL", "ftp://minio", id="address of another scheme"),
        pytest.param("STORAGE_URL", "http://", id="address without host"),
        pytest.param("STORAGE_URL", "http://user:word@minio:9000", id="address with keys"),
        pytest.param("STORAGE_URL", "http://minio:9000/bucket", id="address with a path"),
        pytest.param("STORAGE_URL", "http://minio:9000?region=x", id="address with a query"),
        pytest.param("TRUSTED_ORIGINS", "null", id="the origin of pages that hide theirs"),
        pytest.param("TRUSTED_ORIGINS", "https://a.example,b.example", id="origin without scheme"),
        pytest.param("TRUSTED_ORIGINS", "https://a.example/", id="origin with a path"),
        pytest.param("OAUTH_REDIRECT_URIS", "https://x:99999/cb", id="address of no port"),
        pytest.param("OAUTH_REDIRECT_URIS", "https://[::1/cb", id="address of half a host"),
        pytest.param("OAUTH_REDIRECT_URIS", "/callback", id="address without scheme and host"),
        pytest.param("OAUTH_REDIRECT_URIS", "https://a.example/cb#x", id="address with a fragment"),
        pytest.param("GOOGLE_TOKEN_URL", "oauth2.example/token", id="endpoint without scheme"),
        pytest.param("DRIVE_MULTIPART_LIMIT", "much", id="a word for bytes"),
        pytest.param("DATABASE_URL", "postgresql://host/name", id="database without its driver"),
        pytest.param("DATABASE_URL", "postgresql+psycopg://host", id="database without a name"),
        pytest.param("CELERY_BROKER_URL", "amqp://host", id="broker of another kind"),
        pytest.param("CELERY_BROKER_URL", "redis://", id="broker without host"),
        pytest.param("CELERY_BROKER_URL", "redis:///0", id="broker with a number alone"),
        pytest.param("CELERY_BROKER_URL", "redis://host:abc/0", id="broker of a word for a port"),
        pytest.param("CELERY_BROKER_URL", "redis://host:99999/0", id="broker of no port"),
    ],
)
def test_an_unusable_value_is_refused_by_the_name_of_its_variable(dotenv, name, value):
    with pytest.raises(SettingsError, match=rf"^{name} is unusable: use "):
        load(dotenv, **{name: value})


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        pytest.param({"MINIO_ACCESS_KEY": "alone"}, "MINIO_ACCESS_KEY and MINIO_SECRET_KEY", id="access key alone"),
        pytest.param({"MINIO_SECRET_KEY": "alone"}, "MINIO_ACCESS_KEY and MINIO_SECRET_KEY", id="secret key alone"),
        pytest.param({"STORAGE_URL": "http://minio:9000"}, "STORAGE_URL", id="own storage without keys"),
        pytest.param({"HEARTBEAT_SECONDS": "6"}, "STALE_SECONDS", id="heartbeat too near to staleness"),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(dotenv, environ, says):
    with pytest.raises(SettingsError, match=says):
        load(dotenv, **environ)


def test_a_refusal_never_repeats_a_secret(dotenv):
    with pytest.raises(SettingsError) as refused:
        load(dotenv, MINIO_SECRET_KEY=KEYS["MINIO_SECRET_KEY"])

    assert KEYS["MINIO_SECRET_KEY"] not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        pytest.param("DATABASE_URL", "postgresql+psycopg://u:p@geheim@h/x", "use %40", id="host with an @"),
        pytest.param("DATABASE_URL", "postgresql+psycopg://u:p@geheim:1@h/x", "use %40", id="port with an @"),
        pytest.param("DATABASE_URL", "postgresql+psycopg://u:p@geheim/1@h/x", "use %40", id="name with an @"),
        pytest.param("DATABASE_URL", "postgresql+psycopg://u:p@geheim?1@h/x", "use an address", id="query with an @"),
        pytest.param("DATABASE_URL", "postgres://u:geheim#\u2100@h/x", "use an address", id="odd letter"),
        pytest.param("CELERY_BROKER_URL", "redis://:p@geheim@h/0", "use %40", id="broker with two @"),
        pytest.param("CELERY_BROKER_URL", "redis://:p@gehe/im@h/0", "use %40", id="broker with an @ and a slash"),
        pytest.param("CELERY_BROKER_URL", "redis://:geheim\u2100@h/0", "use an address", id="broker, odd letter"),
        pytest.param("CELERY_BROKER_URL", "redis://:geheim/@h/0", "use an address", id="broker with a slash"),
        pytest.param("STORAGE_URL", "http://u:geheim\u2100@h", "use an address", id="storage"),
        pytest.param("GOOGLE_TOKEN_URL", "http://u:geheim\u2100@h", "use an address", id="endpoint"),
        pytest.param("TRUSTED_ORIGINS", "http://u:geheim\u2100@h", "use origins", id="origin"),
    ],
)
def test_a_refusal_never_repeats_a_part_of_a_password_in_an_address(dotenv, name, value, says):
    with pytest.raises(SettingsError, match=f"^{name} is unusable: {says}") as refused:
        load(dotenv, **{name: value})

    assert "gehe" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("DATABASE_URL", "postgresql+psycopg://u:ge#h?e/i[m\u2100@h:5432/x", id="any character but an @"),
        pytest.param("DATABASE_URL", "postgresql+psycopg:///x?host=/run/postgresql", id="socket"),
        pytest.param("DATABASE_URL", "postgresql+psycopg://u:p@/x?host=a:1&host=b:2", id="two hosts"),
        pytest.param("DATABASE_URL", "postgresql+psycopg://u:p@[::1]:5/x?application_name=a@b", id="@ in an option"),
        pytest.param("CELERY_BROKER_URL", "rediss://:p%40@h:6379/0?ssl_cert_reqs=required", id="broker with TLS"),
        pytest.param("CELERY_BROKER_URL", "redis+socket:///run/redis.sock", id="socket of the broker"),
    ],
)
def test_an_address_of_a_server_is_taken_as_it_is_written(dotenv, name, value):
    assert getattr(load(dotenv, **{name: value}), name.lower()) == value


def test_the_secret_key_is_not_shown_when_settings_are_printed(dotenv):
    settings = load(dotenv, **KEYS)

    assert settings.minio_secret_key == KEYS["MINIO_SECRET_KEY"]
    assert KEYS["MINIO_SECRET_KEY"] not in repr(settings)
    assert KEYS["MINIO_SECRET_KEY"] not in str(settings)


@pytest.mark.parametrize(
    ("host", "only_this_machine"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("sluice.example", False),
    ],
)
def test_only_a_loopback_address_counts_as_reachable_from_this_machine_alone(dotenv, host, only_this_machine):
    assert load(dotenv, API_HOST=host).listens_on_loopback is only_this_machine


def test_folders_are_absolute_and_know_the_home_folder(dotenv):
    settings = load(dotenv, DATA_DIR="~/kept", UPLOADS_DIR="here")

    assert settings.data_dir == Path.home() / "kept"
    assert settings.uploads_dir == Path.cwd() / "here"
