"""Keys that are lent: kept while they are good, and asked for again when half of their time is over."""

import pytest

from app.authorizations.lending import Lending
from app.authorizations.resolving import Role
from app.errors import IdentityRefused
from app.storages.s3.identity import TemporaryKeys, assume_role

URL = "http://sts"
ROLE = Role("arn:aws:iam::123456789012:role/reader", "me", "token", 900)


class Lender:
    """Lends keys that say how many were lent before."""

    def __init__(self, now=1000.0, ahead=0.0):
        self.now, self.ahead = now, ahead
        self.asked = []
        self.refuses = False

    def __call__(self, url, role_arn, session_name, token, seconds):
        self.asked.append((url, role_arn, session_name, token, seconds))
        if self.refuses:
            raise IdentityRefused("no")
        return TemporaryKeys(f"key {len(self.asked)}", "secret", "session", self.now + self.ahead + seconds)


@pytest.fixture
def lender():
    return Lender()


@pytest.fixture
def lending(lender):
    return Lending(URL, lender, lambda: lender.now)


def test_keys_are_asked_for_once_and_again_when_half_of_their_time_is_over(lender, lending):
    first = lending.lent("a", ROLE)
    assert lender.asked == [(URL, ROLE.arn, "me", "token", 900)]
    assert (first.keys.access_key, first.renew_at, first.ends_at) == ("key 1", 1450, 1900)

    lender.now = 1449.9
    assert lending.lent("a", ROLE) is first
    lender.now = 1450
    assert lending.lent("a", ROLE).keys.access_key == "key 2"
    assert lending.lent("a", ROLE).keys.access_key == "key 2"


@pytest.mark.parametrize(
    "role",
    [
        pytest.param(Role("arn:other", "me", "token", 900), id="another role"),
        pytest.param(Role(ROLE.arn, "me", "other", 900), id="another token"),
        pytest.param(Role(ROLE.arn, "me", "token", 3600), id="for longer"),
    ],
)
def test_what_was_changed_counts_at_once(lending, role):
    lending.lent("a", ROLE)

    assert lending.lent("a", role).keys.access_key == "key 2"


def test_each_authorization_has_keys_of_its_own(lending):
    assert lending.lent("a", ROLE).keys != lending.lent("b", ROLE).keys


def test_what_is_forgotten_is_asked_for_again(lending):
    lending.lent("a", ROLE)
    lending.forget("a")
    lending.forget("never lent")

    assert lending.lent("a", ROLE).keys.access_key == "key 2"


def test_a_refusal_is_not_remembered(lender, lending):
    lender.refuses = True
    with pytest.raises(IdentityRefused):
        lending.lent("a", ROLE)
    lender.refuses = False

    assert lending.lent("a", ROLE).keys.access_key == "key 2"


@pytest.mark.parametrize("ahead", [-100_000.0, 100_000.0])
def test_whose_clock_is_another_lends_for_as_long_as_was_asked(ahead):
    lender = Lender(ahead=ahead)

    assert Lending(URL, lender, lambda: lender.now).lent("a", ROLE)[1:] == (1450, 1900)


def test_no_more_are_remembered_than_so_many(lender, lending):
    for number in range(1025):
        lending.lent(str(number), ROLE)
    lending.lent("1024", ROLE)
    assert len(lender.asked) == 1025

    lending.lent("0", ROLE)
    assert len(lender.asked) == 1026


def test_moto_lends_keys_for_as_long_as_is_asked(moto):
    lent = Lending(moto.endpoint, assume_role).lent("a", Role(ROLE.arn, "me", "a.web.identity", 3600))

    assert 1700 < lent.ends_at - lent.renew_at <= 1800
    assert lent.keys.access_key
    assert lent.keys.secret_key not in repr(lent)
    assert lent.keys.session_token not in repr(lent)
