"""The addresses of all dialects together: each is one dialect's, and none hides another."""

import re
from collections import Counter
from uuid import UUID

import pytest

from app import create_app
from app.bootstrap import build_services
from app.dashboard.errors import HtmlErrorForm
from app.dialects.account.errors import ERROR_FORM as ACCOUNT
from app.dialects.aion.errors import AionErrorForm
from app.dialects.cval.errors import CvalErrorForm
from app.dialects.cvat.errors import CvatErrorForm
from app.dialects.galaxy.errors import GalaxyErrorForm
from app.dialects.sync.errors import ERROR_FORM as SYNC
from app.dialects.webhooks.errors import ERROR_FORM as WEBHOOKS
from app.settings import Settings

FORMS = [ACCOUNT, HtmlErrorForm(), AionErrorForm(), CvalErrorForm(), CvatErrorForm(), GalaxyErrorForm(), SYNC, WEBHOOKS]
NO_DIALECT = re.compile(r"/|/health|/healthz|/readyz|/metrics|/docs/.*|/openapi/[a-z]+\.json")
"""What is served beside the dialects."""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    services = build_services(Settings.load({"DATA_DIR": str(tmp_path_factory.mktemp("rules"))}))
    yield create_app(services)
    services.database.close()


@pytest.fixture(scope="module")
def rules(app):
    """The rules of dialects, each with an address that it is for."""
    numbered = [(rule, re.sub(r"<int:[^>]+>", "4000000", rule.rule)) for rule in app.url_map.iter_rules()]
    named = [(rule, re.sub(r"<uuid:[^>]+>", str(UUID(int=7)), path)) for rule, path in numbered]
    every = [(rule, re.sub(r"<[^>]+>", "f81d4fae", path)) for rule, path in named]
    return [(rule, path) for rule, path in every if not NO_DIALECT.fullmatch(path)]


def longest_prefixes(path):
    """The dialects whose prefix of this path is the longest."""
    found = [
        (len(prefix), form.blueprint)
        for form in FORMS
        for prefix in form.prefixes
        if path == prefix or path.startswith(prefix + "/")
    ]
    return {name for length, name in found if length == max(found)[0]}


def test_every_address_is_one_dialects_by_its_rule_and_by_its_path(rules):
    assert {rule.endpoint.partition(".")[0] for rule, _ in rules} == {form.blueprint for form in FORMS}
    for rule, path in rules:
        assert longest_prefixes(path) == {rule.endpoint.partition(".")[0]}, rule


def test_no_rule_hides_another(app, rules):
    adapter = app.url_map.bind("localhost")
    for rule, path in rules:
        for method in rule.methods - {"OPTIONS"}:  # rules of one path share the answer to that
            assert adapter.match(path, method, return_rule=True)[0].endpoint == rule.endpoint, (method, rule)


def test_no_two_rules_are_for_the_same_addresses(rules):
    seen = Counter((method, path) for rule, path in rules for method in rule.methods - {"HEAD", "OPTIONS"})

    assert [route for route, times in seen.items() if times > 1] == []


def test_a_prefix_ends_where_a_segment_ends():
    assert longest_prefixes("/api/cloudstorages") == {"cvat"}
    assert longest_prefixes("/api/cloudstoragesx") == set()
    assert longest_prefixes("/api/datasets/f81d4fae") == {"galaxy"}
    assert longest_prefixes("/api/datasets/all") == {"cval"}
