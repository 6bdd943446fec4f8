"""What docs/accounts.md tells users, beside what the code does."""

import re

import pytest

from app.accounts.caller import OrganisationRole, Role
from app.accounts.throttle import FAMILIAR_FOR, FIRST_BLOCK, FORGOTTEN_AFTER, LONGEST_BLOCK, Attempt
from app.cli.keys import keys
from app.cli.organisations import orgs
from app.cli.users import users
from app.web.credentials import FORMS
from tests.support.service import ROOT

PAGE = (ROOT / "docs" / "accounts.md").read_text()


def test_every_form_is_told_in_the_order_in_which_they_count():
    told = re.findall(r"^\| (?:header|query|cookie) `([^`]+)` \| `([^`]+)` \|", PAGE, re.MULTILINE)

    assert told == [(form.place.value, form.example) for form in FORMS]


@pytest.mark.parametrize("group", [users, keys, orgs], ids=lambda group: group.name)
def test_every_command_is_told(group):
    told = {name for line in PAGE.splitlines() for name in re.findall(rf"`{group.name} (\w+)", line) if line[0] == "|"}

    assert told == set(group.commands)


@pytest.mark.parametrize("role", [*Role, *OrganisationRole])
def test_every_role_is_told(role):
    assert f"`{role.value}`" in PAGE


def test_the_numbers_of_the_throttle_are_told():
    attempt = Attempt.of("ann", "192.0.2.1")
    limits = [attempt.narrow.limit, *(count.limit for count in attempt.wide)]

    assert [int(number) for number in re.findall(r"^\| (\d+) ", PAGE, re.MULTILINE)] == limits
    assert f"For {FIRST_BLOCK:.0f} seconds first" in PAGE
    assert f"up to {LONGEST_BLOCK / 60:.0f} minutes" in PAGE
    assert f"after {FORGOTTEN_AFTER / 3600:.0f} hours" in PAGE
    assert f"the last {FAMILIAR_FOR / 86_400:.0f} days" in PAGE
