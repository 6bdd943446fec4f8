"""Accounts on real databases, with a clock that tests move and a hasher that counts and costs little."""

import pytest
from argon2 import PasswordHasher

from app.accounts.authentication import Authentication
from app.accounts.passwords import Passwords
from app.accounts.service import AccountService
from tests.support.empty_database import opened_database
from tests.support.jobs import settings_for

START = 1_800_000_000.0


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def pass_by(self, seconds):
        self.now += seconds


class CountingHasher(PasswordHasher):
    """argon2-cffi's own, which tells how often it was asked."""

    def __init__(self, **costs):
        super().__init__(**({"time_cost": 1, "memory_cost": 8, "parallelism": 1} | costs))
        self.verified = 0

    def verify(self, *args):
        self.verified += 1
        return super().verify(*args)


class Process:
    """What one process of the service has."""

    def __init__(self, clock, settings, **costs):
        self.database = opened_database(settings)
        self.hasher = CountingHasher(**costs)
        self.passwords = Passwords(self.hasher)
        self.accounts = AccountService(self.database, self.passwords, clock)
        self.authentication = Authentication(self.database, settings, self.passwords, clock)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def settings(tmp_path):
    return settings_for(tmp_path / "data", session_hours=2)


@pytest.fixture
def new_process(clock, settings):
    """Make processes that share one database; all are closed at the end."""
    made = []

    def make(**costs):
        process = Process(clock, settings, **costs)
        made.append(process)
        return process

    yield make
    for process in made:
        process.database.close()


@pytest.fixture
def process(new_process):
    return new_process()


@pytest.fixture
def accounts(process):
    return process.accounts


@pytest.fixture
def authentication(process):
    return process.authentication
