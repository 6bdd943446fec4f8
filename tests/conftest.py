"""What all tests share: the servers, started once and only when a test asks for them, and registries of jobs."""

import signal

import pytest
from hypothesis import settings

from tests.support.azurite import azurite_server
from tests.support.broker import redis_broker
from tests.support.browser import chromium
from tests.support.garbage import Garbage, all_of_it_stays, give_large_blocks_back
from tests.support.gcs import gcs_emulator
from tests.support.gcs_fake import gcs_fake
from tests.support.jobs import Registry
from tests.support.postgres import postgres_server
from tests.support.servers import moto_server, rclone_server

GARBAGE = Garbage()


def pytest_configure():
    """Keep programs under test from inheriting that a signal is ignored: nohup has it so, and a shell's ``&`` in a script.

    A handler that does nothing is as good here, and does not survive the start of a program.
    """
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)
    give_large_blocks_back()
    settings.register_profile("on a busy machine", parent=settings(), deadline=None)
    settings.load_profile("on a busy machine")


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    with all_of_it_stays():
        return (yield)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item):
    """Empty the exceptions among a test's parameters: they last as long as all tests, and a traceback holds what was read."""
    for value in item.callspec.params.values() if hasattr(item, "callspec") else ():
        if isinstance(value, BaseException):
            value.__traceback__ = value.__context__ = None


@pytest.hookimpl(trylast=True)
def pytest_runtest_logfinish():
    GARBAGE.look()


@pytest.fixture(scope="session")
def browser():
    """The one of this process: Playwright cannot be started a second time while it runs."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def rclone(tmp_path_factory):
    with rclone_server(tmp_path_factory.mktemp("rclone") / "server") as server:
        yield server


@pytest.fixture(scope="session")
def moto(tmp_path_factory):
    with moto_server(tmp_path_factory.mktemp("moto") / "server") as server:
        yield server


@pytest.fixture(scope="session")
def azurite(tmp_path_factory):
    with azurite_server(tmp_path_factory.mktemp("azurite")) as server:
        yield server


@pytest.fixture(scope="session")
def emulated_gcs(tmp_path_factory):
    with gcs_emulator(tmp_path_factory.mktemp("gcs")) as endpoint:
        yield endpoint


@pytest.fixture
def fake_gcs():
    with gcs_fake() as fake:
        yield fake


@pytest.fixture(scope="session")
def postgres():
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def each_database(request):
    """Have a test run with each: what it makes settings with `settings_for`, or starts with our environment, uses it."""
    if request.param == "sqlite":
        yield request.param
        return
    server = request.getfixturevalue("postgres")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", server.url(server.shared()))
        yield request.param


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    with redis_broker(tmp_path_factory.mktemp("redis")) as broker:
        yield broker


@pytest.fixture(params=["threads-sqlite", "threads-postgresql", "celery-postgresql"])
def each_runner(request):
    """Have a test run with each way to run jobs; see `each_database`."""
    runner, _, database = request.param.partition("-")
    with pytest.MonkeyPatch.context() as patch:
        if database == "postgresql":
            server = request.getfixturevalue("postgres")
            name = server.new()
            patch.setenv("DATABASE_URL", server.url(name))
        if runner == "celery":
            broker = request.getfixturevalue("broker")
            broker.client().flushall()
            patch.setenv("JOB_RUNNER", "celery")
            patch.setenv("CELERY_BROKER_URL", broker.url())
        yield request.param
    if database == "postgresql":
        server.drop(name)


@pytest.fixture
def new_registry(tmp_path):
    """Make registries on one data folder, as several processes would; all are closed at the end."""
    made = []

    def make(**values):
        registry = Registry(tmp_path / "data", **values)
        made.append(registry)
        return registry

    yield make
    for registry in made:
        registry.close()


@pytest.fixture
def registry(new_registry):
    return new_registry()
