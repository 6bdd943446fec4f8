import pytest
from sqlalchemy import text

from app.accounts.caller import Caller, Role
from app.errors import InvalidInput, NotAllowed, NotFound, TooBusy
from app.webhooks.contract import Draft
from app.webhooks.service import WEBHOOKS_MAX
from tests.support.receivers import answer
from tests.unit.webhooks.conftest import pile_up, transactions

REFUSAL = answer(500)
DAY = 86_400


def test_a_webhook_is_told_of_every_end_unless_said_otherwise(office, ann):
    made = office.webhook(ann, "http://127.0.0.1:9/in#part")

    assert (made.url, made.states) == ("http://127.0.0.1:9/in", ("succeeded", "partial", "failed", "cancelled"))
    assert (made.enabled, made.every_owner, made.description, made.failures) == (True, False, "", 0)
    assert office.service.list(ann) == [made] == [office.service.get(ann, made.id)]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        pytest.param(Draft(), "url", id="no address"),
        pytest.param(Draft("ftp://example.org/"), "url", id="another scheme"),
        pytest.param(Draft("http://a:b@example.org/"), "url", id="a name and a password"),
        pytest.param(Draft("http://10.1.2.3/"), "url", id="a private network"),
        pytest.param(Draft("http://localhost/"), "url", id="this machine"),
        pytest.param(Draft("http://169.254.169.254/"), "url", id="metadata"),
        pytest.param(Draft("https://example.org/" + "x" * 2000), "url", id="too long an address"),
        pytest.param(Draft("http://127.0.0.1/", states=[]), "states", id="no end"),
        pytest.param(Draft("http://127.0.0.1/", states=["running"]), "states", id="no end of a job"),
        pytest.param(Draft("http://127.0.0.1/", description="\x00"), "description", id="a control character"),
        pytest.param(Draft("http://127.0.0.1/", description="\udc80"), "description", id="half a character"),
        pytest.param(Draft("http://127.0.0.1/", description="x" * 501), "description", id="too long a text"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(office, ann, draft, field):
    with pytest.raises(InvalidInput) as refused:
        office.service.create(ann, draft)

    assert refused.value.field == field
    assert office.service.list(ann) == []


def test_a_refusal_names_the_setting_that_can_allow_the_address(office, ann):
    with pytest.raises(InvalidInput, match="WEBHOOK_HOSTS_ALLOWED"):
        office.webhook(ann, "http://192.168.0.1/")


def test_a_user_sees_his_own_and_an_admin_everybodys(office, ann, bob, root):
    of_ann, of_bob = office.webhook(ann, "http://127.0.0.1:9/a"), office.webhook(bob, "http://127.0.0.1:9/b")

    assert office.service.list(ann) == [of_ann]
    assert office.service.list(root) == [of_ann, of_bob]
    for ask in (office.service.get, office.service.deliveries, office.service.test, office.service.delete):
        with pytest.raises(NotFound):
            ask(bob, of_ann.id)
    with pytest.raises(NotFound):
        office.service.change(bob, of_ann.id, Draft(enabled=False))
    assert office.service.change(root, of_ann.id, Draft(description="seen")).description == "seen"


def test_only_an_admin_may_be_told_of_everybodys_jobs(office, ann, root):
    with pytest.raises(NotAllowed):
        office.webhook(ann, "http://127.0.0.1:9/", every_owner=True)
    own = office.webhook(ann, "http://127.0.0.1:9/", every_owner=False)
    with pytest.raises(NotAllowed):
        office.service.change(ann, own.id, Draft(every_owner=True))

    assert office.webhook(root, "http://127.0.0.1:9/", every_owner=True).every_owner


@pytest.mark.parametrize(
    "change",
    [pytest.param({"role": Role.WORKER}, id="a worker"), pytest.param({"read_only": True}, id="a key that only reads")],
)
def test_who_may_not_change_anything_makes_sends_and_changes_nothing(office, ann, change):
    own = office.webhook(ann, "http://127.0.0.1:9/")
    now = Caller(**{"user_id": ann.user_id, "name": ann.name, "role": ann.role, **change})

    for attempt in (
        lambda: office.webhook(now, "http://127.0.0.1:9/"),
        lambda: office.service.change(now, own.id, Draft(enabled=False)),
        lambda: office.service.test(now, own.id),
        lambda: office.service.renew_secret(now, own.id),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert office.service.list(now) == [own]


def test_a_user_has_so_many_and_no_more(office, ann, bob):
    for _ in range(WEBHOOKS_MAX):
        office.webhook(ann, "http://127.0.0.1:9/")

    with pytest.raises(NotAllowed, match=str(WEBHOOKS_MAX)):
        office.webhook(ann, "http://127.0.0.1:9/")
    assert office.webhook(bob, "http://127.0.0.1:9/")


def test_webhooks_and_deliveries_go_with_their_user(office, ended, ann, people, receiver, database):
    office.webhook(ann, receiver.url)
    ended(ann)
    office.look()
    people.remove(ann)

    with database.reading() as session:
        assert (
            session.execute(text("SELECT (SELECT count(*) FROM webhooks) + (SELECT count(*) FROM deliveries)")).scalar()
            == 0
        )


def test_a_test_is_sent_once_also_to_a_webhook_that_is_disabled(office, ann, receiver, clock):
    webhook = office.webhook(ann, receiver.url, enabled=False)
    receiver.usual = REFUSAL
    made = office.service.test(ann, webhook.id)
    for _ in range(3):
        office.look()
        clock.now += DAY

    [message] = receiver.messages
    assert (message.id, message.json()["type"]) == (made.id, "webhook.test")
    assert message.json()["data"] == {"webhook": webhook.id}
    [entry] = office.log(ann, webhook)
    assert (entry.state, entry.attempts, entry.status) == ("failed", 1, 500)
    assert office.service.get(ann, webhook.id).failures == 0


def test_tests_do_not_pile_up(office, ann):
    webhook = office.webhook(ann, "http://127.0.0.1:9/")
    for _ in range(5):
        office.service.test(ann, webhook.id)

    with pytest.raises(TooBusy):
        office.service.test(ann, webhook.id)


def test_who_asks_for_a_test_or_for_a_delivery_again_is_not_kept_waiting(office, ann, receiver):
    woken = []
    office.service.tell(lambda: woken.append(True))
    webhook = office.webhook(ann, receiver.url)
    made = office.service.test(ann, webhook.id)
    office.service.redeliver(ann, webhook.id, made.id)

    assert len(woken) == 2


def test_what_was_delivered_can_be_sent_again_with_the_same_id(office, ended, ann, receiver):
    webhook = office.webhook(ann, receiver.url)
    ended(ann)
    office.look()
    [entry] = office.log(ann, webhook)
    again = office.service.redeliver(ann, webhook.id, entry.id)
    assert (again.state, again.finished_at) == ("waiting", None)
    office.look()

    assert [message.id for message in receiver.messages] == [entry.id] * 2
    assert [(each.state, each.attempts) for each in office.log(ann, webhook)] == [("delivered", 1)]


def test_a_message_that_is_sent_again_begins_anew_and_does_not_disable_its_webhook(
    office, ended, ann, receiver, clock, database
):
    webhook = office.webhook(ann, receiver.url)
    receiver.usual = REFUSAL
    ended(ann)
    office.look()
    [entry] = office.log(ann, webhook)
    with database.writing() as session:
        session.execute(text("UPDATE webhooks SET failures = 9"))
        session.execute(text("UPDATE deliveries SET state = 'failed', attempts = 8, finished_at = 1"))
    for _ in range(2):
        assert office.service.redeliver(ann, webhook.id, entry.id).attempts == 0
        office.look()
        [again] = office.log(ann, webhook)
        assert (again.state, again.attempts, again.finished_at) == ("waiting", 1, None)
        office.service.prune()  # it ended long ago, but it does not have to be forgotten: it waits
        with database.writing() as session:
            session.execute(text("UPDATE deliveries SET attempts = 7"))
        clock.now += DAY
        office.look()

    assert [each.state for each in office.log(ann, webhook)] == ["failed"]
    assert (office.service.get(ann, webhook.id).enabled, office.service.get(ann, webhook.id).failures) == (True, 9)


def test_what_waits_anyway_only_comes_sooner_when_it_is_sent_again(office, ended, ann, receiver):
    webhook = office.webhook(ann, receiver.url)
    receiver.answers = [REFUSAL, REFUSAL]
    ended(ann)
    office.look()
    office.service.redeliver(ann, webhook.id, office.log(ann, webhook)[0].id)
    office.look()

    assert [(each.state, each.attempts) for each in office.log(ann, webhook)] == [("waiting", 2)]


def test_messages_that_are_sent_again_do_not_pile_up(office, ended, ann, receiver, database):
    webhook = office.webhook(ann, receiver.url)
    for _ in range(21):
        ended(ann)
    office.outbox.announce()
    with database.writing() as session:
        session.execute(text("UPDATE deliveries SET state = 'failed', finished_at = created_at"))
    *most, last = office.log(ann, webhook)
    for entry in most:
        office.service.redeliver(ann, webhook.id, entry.id)

    with pytest.raises(TooBusy):
        office.service.redeliver(ann, webhook.id, last.id)
    assert office.service.redeliver(ann, webhook.id, most[0].id).state == "waiting"
    assert office.service.test(ann, webhook.id)


def test_a_disabled_webhook_gets_what_a_person_sends_again_and_nothing_else(office, ended, ann, receiver, clock):
    webhook = office.webhook(ann, receiver.url)
    ended(ann)
    office.look()
    office.service.change(ann, webhook.id, Draft(enabled=False))
    [entry] = office.log(ann, webhook)
    office.service.redeliver(ann, webhook.id, entry.id)
    office.service.change(ann, webhook.id, Draft(description="still disabled"))
    receiver.usual = REFUSAL
    for _ in range(3):
        office.look()
        clock.now += DAY

    assert [message.id for message in receiver.messages] == [entry.id] * 2
    assert [(each.state, each.attempts) for each in office.log(ann, webhook)] == [("failed", 1)]


def test_a_delivery_of_another_webhook_is_not_sent_again(office, ended, ann, bob, receiver):
    mine, other = office.webhook(ann, receiver.url), office.webhook(bob, receiver.url)
    ended(ann)
    office.look()
    [entry] = office.log(ann, mine)

    with pytest.raises(NotFound):
        office.service.redeliver(bob, other.id, entry.id)


def test_disabling_gives_up_what_waits(office, ended, ann, receiver, clock):
    webhook = office.webhook(ann, receiver.url)
    receiver.usual = REFUSAL
    ended(ann)
    office.look()
    office.service.change(ann, webhook.id, Draft(enabled=False))
    clock.now += DAY
    ended(ann)
    office.look()

    assert len(receiver.messages) == 1
    assert [(entry.state, entry.message) for entry in office.log(ann, webhook)] == [
        ("failed", "Given up: the webhook was disabled.")
    ]


def test_disabling_gives_up_thousands_in_portions(office, ended, ann, receiver, database):
    webhook = office.webhook(ann, receiver.url)
    ended(ann)
    office.outbox.announce()
    pile_up(database, 1200)
    with transactions(database) as written:
        office.service.change(ann, webhook.id, Draft(enabled=False))

    assert written.count("UPDATE deliveries") == 3
    assert {(entry.state, entry.message) for entry in office.service.deliveries(ann, webhook.id, limit=2000)} == {
        ("failed", "Given up: the webhook was disabled.")
    }


def test_deleting_forgets_thousands_in_portions(office, ended, ann, receiver, database):
    webhook = office.webhook(ann, receiver.url)
    ended(ann)
    office.outbox.announce()
    pile_up(database, 2400)
    with transactions(database) as written:
        office.service.delete(ann, webhook.id)

    assert written.count("DELETE deliveries") == 3
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM deliveries")).scalar() == 0


def test_deleting_stops_what_waits(office, ended, ann, receiver, clock):
    webhook = office.webhook(ann, receiver.url)
    receiver.usual = REFUSAL
    ended(ann)
    office.look()
    office.service.delete(ann, webhook.id)
    clock.now += DAY
    office.look()

    assert len(receiver.messages) == 1
    with pytest.raises(NotFound):
        office.service.get(ann, webhook.id)


def test_the_log_is_read_in_pages_newest_first(office, ended, ann, receiver):
    webhook = office.webhook(ann, receiver.url)
    jobs = [ended(ann).id for _ in range(5)]
    office.outbox.announce()
    first = office.service.deliveries(ann, webhook.id, limit=3)
    rest = office.service.deliveries(ann, webhook.id, before=first[-1].id, limit=3)

    assert [entry.job_id for entry in [*first, *rest]] == jobs[::-1]
    with pytest.raises(NotFound):
        office.service.deliveries(ann, webhook.id, before="nothing")


def test_the_log_is_forgotten_after_history_days_but_for_what_waits(office, ended, ann, receiver, clock, settings):
    webhook = office.webhook(ann, receiver.url)
    receiver.answers = [answer(204), answer(503, Retry_After=str(DAY))]
    ended(ann)
    office.look()
    waiting = ended(ann)
    office.look()
    clock.now += settings.history_days * DAY - 1
    office.service.prune()
    assert len(office.log(ann, webhook)) == 2
    clock.now += 2
    office.service.prune()

    assert [entry.job_id for entry in office.log(ann, webhook)] == [waiting.id]


def test_secrets_are_sealed_again_with_the_others(office, ann, database):
    office.webhook(ann, "http://127.0.0.1:9/")
    seen = []

    assert office.service.reseal(lambda sealed: seen.append(sealed) or "other") == 1
    with database.reading() as session:
        assert session.execute(text("SELECT sealed FROM webhooks")).scalars().all() == ["other"]
    assert len(seen) == 1
