"""Every kind of page, over the showcase: how a signed-in window gets to it."""

from collections.abc import Callable

from playwright.sync_api import Page

from app.dashboard.connections.connection_kinds import KINDS
from tests.support.showcase import Showcase

Go = Callable[[Page, Showcase], object]


def _opened(page: Page, shown: Showcase, path: str, status: int = 200) -> None:
    answer = page.goto(shown.service.url + path)
    assert answer is not None
    assert answer.status == status, (path, answer.status)


def _at(path: str, status: int = 200) -> Go:
    return lambda page, shown: _opened(page, shown, path, status)


def _job(name: str, below: str = "", page_of: str = "jobs") -> Go:
    return lambda page, shown: _opened(page, shown, f"/{page_of}/{shown.jobs[name]}{below}")


def _connection(below: str = "") -> Go:
    return lambda page, shown: _opened(page, shown, f"/connections/{shown.connections['Photo archive']}{below}")


def _webhook(below: str = "") -> Go:
    return lambda page, shown: _opened(page, shown, f"/account/webhooks/{shown.webhook}{below}")


def _refused_webhook(page: Page, shown: Showcase) -> None:
    page.goto(f"{shown.service.url}/account/webhooks/new")
    page.fill("main [name=url]", "http://10.0.0.1/")
    page.locator("main form button.primary").first.click()
    page.get_by_role("alert").first.wait_for()


def _refused_start(page: Page, shown: Showcase) -> None:
    page.goto(f"{shown.service.url}/start?dest=No+Bucket")
    page.locator("main form").first.evaluate("form => form.noValidate = true")
    page.locator("main form button[name=do]").first.click()
    page.locator("[aria-invalid=true]").first.wait_for()


def _refused_connection(page: Page, shown: Showcase) -> None:
    page.goto(f"{shown.service.url}/connections/new?kind=s3")
    page.locator("main form").first.evaluate("form => form.noValidate = true")
    page.fill("main [name=bucket]", "No Bucket")
    page.locator("main form button.primary").first.click()
    page.get_by_role("alert").first.wait_for()


PAGES: dict[str, Go] = {
    "the jobs": _at("/"),
    "no jobs": _at("/?storage=no+such+bucket"),
    "a filter that is wrong": _at("/?state=no+such+state", 422),
    "a job that runs": _job("running"),
    "a job that waits": _job("queued"),
    "a job that went well": _job("changes"),
    "a job that failed": _job("failed"),
    "a job with failed steps": _job("failed steps"),
    "a search among steps": _job("failed steps", "?text=receipt&status=failed"),
    "the form of a sync": _at("/start"),
    "the form of a sync with errors": _refused_start,
    "a plan with deletions": _job("plan", page_of="plans"),
    "the connections": _at("/connections"),
    **{f"a new connection of {kind}": _at(f"/connections/new?kind={kind}") for kind in KINDS},
    "a new connection with errors": _refused_connection,
    "a connection": _connection(),
    "a connection that is edited": _connection("/edit"),
    "folders of a storage": _connection("/browse"),
    "pictures in a storage": _connection("/browse?prefix=2026-06+Mountains%2F"),
    "the webhooks": _at("/account/webhooks"),
    "a new webhook with errors": _refused_webhook,
    "a webhook": _webhook(),
    "a webhook that is edited": _webhook("/edit"),
    "signing in": _at("/sign-in"),
    "an error": _at("/jobs/no-such-job", 404),
}
