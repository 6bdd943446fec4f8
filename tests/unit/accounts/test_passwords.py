"""What a password costs, how many are verified at once, and what is known again without that."""

import threading

import pytest
from argon2 import PasswordHasher, extract_parameters

from app.accounts.passwords import Passwords, readable
from app.errors import TooManyAttempts
from tests.support.jobs import eventually

CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
PASSWORD = "correct horse"


class Gate(PasswordHasher):
    """Verifies when the test lets it, and notes how many were at it at once."""

    def __init__(self):
        super().__init__(**CHEAP)
        self.open = threading.Event()
        self.inside = self.most = 0
        self._lock = threading.Lock()

    def verify(self, *args):
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.open.wait(30)
        try:
            return super().verify(*args)
        finally:
            with self._lock:
                self.inside -= 1


class Notes(PasswordHasher):
    """Notes what it is asked to verify against."""

    def __init__(self):
        super().__init__(**CHEAP)
        self.kept = []

    def verify(self, kept, password):
        self.kept.append(kept)
        return super().verify(kept, password)


def test_the_default_is_argon2id_with_64_mebibytes():
    parameters = extract_parameters(Passwords().hash(PASSWORD))

    assert (parameters.type.name, parameters.memory_cost, parameters.time_cost) == ("ID", 65536, 3)


def test_nobodys_password_is_verified_with_the_same_parameters_and_fits_nothing():
    hasher = Notes()
    passwords = Passwords(hasher)
    kept = passwords.hash(PASSWORD)

    assert passwords.verify(kept, PASSWORD)
    assert not passwords.verify(kept, "wrong horse")
    assert not passwords.verify(None, PASSWORD)
    assert extract_parameters(hasher.kept[2]) == extract_parameters(kept)
    assert len(hasher.kept) == 3


@pytest.mark.parametrize("kept", ["", "plain", "$argon2id$v=19$m=8,t=1,p=1$AAAA", "$2b$12$abc"])
def test_a_damaged_hash_fits_no_password(kept):
    assert not Passwords(PasswordHasher(**CHEAP)).verify(kept, PASSWORD)


def test_no_two_hashes_of_a_password_are_the_same():
    passwords = Passwords(PasswordHasher(**CHEAP))

    assert passwords.hash(PASSWORD) != passwords.hash(PASSWORD)


def test_at_most_two_are_verified_at_once():
    gate = Gate()
    passwords = Passwords(gate)
    kept = passwords.hash(PASSWORD)
    right = []

    def attempt():
        with passwords.turn():
            right.append(passwords.verify(kept, PASSWORD))

    threads = [threading.Thread(target=attempt) for _ in range(6)]
    for thread in threads:
        thread.start()
    eventually(lambda: gate.inside == 2)
    gate.open.set()
    for thread in threads:
        thread.join(30)

    assert right == [True] * 6
    assert gate.most == 2


def test_when_too_many_wait_the_others_are_sent_away_at_once():
    gate = Gate()
    passwords = Passwords(gate, waiting_max=1)
    kept = passwords.hash(PASSWORD)
    entered, sent_away = [], []

    def attempt():
        try:
            with passwords.turn():
                entered.append(passwords.verify(kept, PASSWORD))
        except TooManyAttempts as error:
            sent_away.append(error.retry_after)

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(sent_away) == 5)
    gate.open.set()
    for thread in threads:
        thread.join(30)
    attempt()

    assert entered == [True] * 4
    assert sent_away == [2] * 5


def test_a_password_is_remembered_against_one_hash_only():
    passwords = Passwords(PasswordHasher(**CHEAP))
    kept, other = passwords.hash(PASSWORD), passwords.hash(PASSWORD)
    assert not passwords.remembers(kept, PASSWORD)
    passwords.remember(kept, PASSWORD)

    assert passwords.remembers(kept, PASSWORD)
    assert not passwords.remembers(kept, PASSWORD + "x")
    assert not passwords.remembers(other, PASSWORD)
    assert not passwords.remembers(None, PASSWORD)


def test_a_password_is_not_remembered_for_ever():
    passwords = Passwords(PasswordHasher(**CHEAP), remembered_seconds=0.05)
    kept = passwords.hash(PASSWORD)
    passwords.remember(kept, PASSWORD)

    eventually(lambda: not passwords.remembers(kept, PASSWORD))


def test_what_is_remembered_holds_no_password():
    passwords = Passwords(PasswordHasher(**CHEAP))
    passwords.remember(passwords.hash(PASSWORD), PASSWORD)

    assert PASSWORD not in repr(vars(passwords))


@pytest.mark.parametrize(
    ("given", "read"),
    [
        pytest.param("pa\u0308ssword", "pässword", id="as another keyboard composes it"),
        pytest.param("  spaces  ", "  spaces  ", id="spaces stay"),
        pytest.param("", None, id="nothing"),
        pytest.param("x" * 257, None, id="too long"),
        pytest.param("x" * 10_000_000, None, id="megabytes"),
        pytest.param("nul\0", None, id="NUL"),
        pytest.param("\udcff" * 9, None, id="no Unicode text"),
    ],
)
def test_a_password_is_read_in_one_form(given, read):
    assert readable(given) == read
