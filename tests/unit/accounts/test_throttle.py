"""Wrong passwords: when they block whom, in which processes, for how long, and whom they must not block."""

import pytest
from sqlalchemy import func, select

from app.accounts import throttle
from app.accounts.caller import Role
from app.accounts.model import FailedLoginRow
from app.accounts.throttle import Attempt
from app.errors import InvalidLogin, TooManyAttempts

PASSWORD = "correct horse"
HOME = "192.0.2.1"


@pytest.fixture(autouse=True)
def people(accounts):
    for name in ("ann", "bob"):
        accounts.create_user(name, Role.USER, PASSWORD)


def wrong(process, name="ann", address=HOME, times=1):
    for _ in range(times):
        with pytest.raises(InvalidLogin):
            process.authentication.by_password(name, "wrong horse", address)


def right(process, name="ann", address=HOME):
    return process.authentication.by_password(name, PASSWORD, address).name == name


def retry_after(process, name="ann", address=HOME, password=PASSWORD):
    with pytest.raises(TooManyAttempts) as caught:
        process.authentication.by_password(name, password, address)
    return caught.value.retry_after


def test_the_fifth_wrong_password_blocks_and_then_a_right_one_is_not_looked_at(process):
    wrong(process, times=5)
    before = process.hasher.verified

    assert retry_after(process) == 30
    assert process.hasher.verified == before


def test_four_wrong_passwords_do_not_block_and_a_right_one_clears_them(process):
    for _ in range(3):
        wrong(process, times=4)
        assert right(process)


def test_each_further_one_blocks_for_twice_as_long_up_to_a_quarter_of_an_hour(process, clock):
    wrong(process, times=4)
    blocks = []
    for _ in range(8):
        wrong(process)
        blocks.append(retry_after(process))
        clock.pass_by(blocks[-1])

    assert blocks == [30, 60, 120, 240, 480, 900, 900, 900]


def test_knocking_while_blocked_does_not_make_the_block_longer(process, clock):
    wrong(process, times=5)
    clock.pass_by(20.5)
    assert {retry_after(process, password="wrong horse") for _ in range(50)} == {10}
    clock.pass_by(9.5)

    assert right(process)


@pytest.mark.fault(42)
def test_blocks_hold_in_all_processes_and_failures_of_all_of_them_count(new_process, process):
    other = new_process()
    wrong(process, times=3)
    wrong(other, times=2)

    assert retry_after(process) == retry_after(other) == 30


def test_a_remembered_password_is_refused_too_while_blocked(process):
    assert right(process)
    wrong(process, times=5)

    assert retry_after(process) == 30


@pytest.mark.parametrize(
    ("name", "address"),
    [
        pytest.param("ANN", HOME, id="the name in another case"),
        pytest.param("ann", "::ffff:192.0.2.1", id="the address as IPv6"),
    ],
)
def test_a_block_cannot_be_avoided_by_another_spelling(process, name, address):
    wrong(process, times=5)

    assert retry_after(process, name, address) == 30


def test_an_ipv6_network_counts_as_one_address(process):
    for last in range(5):
        wrong(process, address=f"2001:db8:1:2::{last}")

    assert retry_after(process, address="2001:db8:1:2:3:4:5:6") == 30
    assert right(process, address="2001:db8:1:3::1")


def test_unknown_names_are_blocked_as_known_ones_are(process):
    for name in ("nobody", "ann"):
        wrong(process, name, times=5)
        assert retry_after(process, name) == 30


def test_others_at_other_addresses_are_not_blocked(process):
    wrong(process, times=5)

    assert right(process, address="192.0.2.2")
    assert right(process, "bob")


def test_guessing_at_many_users_blocks_the_address(process):
    for number in range(20):
        wrong(process, f"user{number}")

    assert retry_after(process, "bob") == 30
    assert right(process, "bob", "192.0.2.2")


@pytest.mark.fault(42)
def test_guessing_from_many_addresses_blocks_the_name(process):
    for number in range(50):
        wrong(process, address=f"198.51.100.{number}")

    assert retry_after(process, address="203.0.113.9") == 30
    assert right(process, "bob", "203.0.113.9")


def test_who_signed_in_here_of_late_is_not_locked_out_by_guessers_elsewhere(process):
    assert right(process)
    for number in range(50):
        wrong(process, address=f"198.51.100.{number}")

    assert retry_after(process, address="203.0.113.9")
    assert right(process)


def test_an_address_becomes_familiar_though_the_password_is_remembered(process):
    assert right(process, address="192.0.2.7")
    assert right(process)
    assert process.hasher.verified == 1
    for number in range(50):
        wrong(process, address=f"198.51.100.{number}")

    assert right(process)


def test_who_signed_in_here_is_not_locked_out_by_guessers_at_others_behind_the_same_address(process):
    assert right(process)
    for number in range(20):
        wrong(process, f"user{number}")

    assert retry_after(process, "bob")
    assert right(process)


def test_his_own_mistakes_there_count_for_himself_only(process):
    assert right(process)
    for _ in range(4):
        wrong(process, times=4)
        assert right(process)
    wrong(process, times=5)

    assert retry_after(process)
    assert right(process, "bob")
    assert right(process, address="192.0.2.7")


def test_after_a_month_an_address_is_a_strange_one_again(process, clock):
    assert right(process)
    clock.pass_by(throttle.FAMILIAR_FOR)
    for number in range(50):
        wrong(process, address=f"198.51.100.{number}")

    assert retry_after(process)


def test_wrong_passwords_are_forgotten_after_a_day(process, clock):
    wrong(process, times=4)
    clock.pass_by(throttle.FORGOTTEN_AFTER)
    wrong(process, times=4)

    assert right(process)


def test_a_clock_that_goes_back_locks_nobody_out(process, clock):
    clock.pass_by(10 * 365 * 86_400)
    wrong(process, times=5)
    clock.pass_by(-10 * 365 * 86_400)

    assert right(process)


@pytest.mark.parametrize("address", ["", "unix:", "x" * 100_000, "\udcff", "\0", "fe80::1%eth0", "300.1.1.1"])
def test_an_odd_address_counts_as_any_other(process, address):
    wrong(process, address=address, times=5)

    assert retry_after(process, address=address) == 30


def count(process):
    with process.database.reading() as session:
        return session.scalar(select(func.count()).select_from(FailedLoginRow))


def test_nothing_of_what_was_typed_is_kept(process):
    wrong(process, "my-password-in-the-wrong-field", "203.0.113.77")
    process.database.settle()
    kept = process.database.path.read_bytes()

    assert count(process) == 3
    assert not any(word in kept for word in (b"wrong-field", b"203.0.113.77", b"wrong horse"))


def test_pruning_removes_what_counts_no_more(process, clock):
    assert right(process)
    wrong(process, "bob")
    clock.pass_by(throttle.FORGOTTEN_AFTER - 1)
    process.authentication.prune(clock.now)
    assert count(process) == 4
    process.authentication.prune(clock.now + 1)
    assert count(process) == 1
    process.authentication.prune(clock.now + throttle.FAMILIAR_FOR)
    assert count(process) == 0


def test_of_too_many_counts_those_with_the_fewest_wrong_passwords_go_first(process, clock):
    assert right(process, "bob")
    with process.database.writing() as session:
        for _ in range(3):
            throttle.count_failure(session, Attempt.of("ann", HOME), clock.now)
        for number in range(100):
            throttle.count_failure(session, Attempt.of(f"u{number}", f"2001:db8:{number:x}::1"), clock.now)
        throttle.prune(session, clock.now, rows_max=10)

    with process.database.reading() as session:
        left = sorted(session.scalars(select(FailedLoginRow.failures)))
    assert left == [0, *[1] * 7, 3, 3, 3]
