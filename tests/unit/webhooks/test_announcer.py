import threading

from prometheus_client import REGISTRY

from app.webhooks.turns import AT_ONCE
from tests.support.databases import rows
from tests.support.jobs import eventually, write_lock
from tests.support.receivers import answer, receiving, silence


def test_a_thread_announces_within_about_a_second(office, ended, ann, receiver):
    office.webhook(ann, receiver.url)
    office.announcer.start()
    ended(ann)
    eventually(lambda: receiver.messages)

    assert office.announcer.stop(10)


def test_two_announcers_send_each_message_once(office, another_office, ended, ann, bob, receiver):
    for caller in (ann, bob):
        office.webhook(caller, receiver.url)
    for each in (office, another_office):
        each.announcer.start()
    jobs = {ended(caller).id for caller in (ann, bob) for _ in range(10)}

    def delivered():
        return [entry for webhook in webhooks() for entry in webhook if entry.state == "delivered"]

    def webhooks():
        return [office.log(caller, office.service.list(caller)[0]) for caller in (ann, bob)]

    eventually(lambda: len(delivered()) == 20)
    assert office.announcer.stop(10)
    assert another_office.announcer.stop(10)
    assert len(receiver.messages) == 20
    assert {message.json()["data"]["job"]["id"] for message in receiver.messages} == jobs


def test_each_attempt_is_counted_by_how_it_ended(office, ended, ann, receiver):
    def counted():
        ends = ("delivered", "failed")
        return [REGISTRY.get_sample_value("sluice_webhook_deliveries_total", {"outcome": end}) or 0 for end in ends]

    office.webhook(ann, receiver.url)
    receiver.answers = [answer(500)]
    before = counted()
    for _ in range(3):
        ended(ann)
        office.look()

    assert [now - then for now, then in zip(counted(), before, strict=True)] == [2, 1]


def test_stopped_it_sends_nothing_more(office, ended, ann, receiver):
    office.webhook(ann, receiver.url)
    office.announcer.start()
    assert office.announcer.stop(10)
    ended(ann)
    office.announcer.look()

    assert receiver.messages == []
    eventually(lambda: not [one for one in threading.enumerate() if one.name in ("announcer", "webhook")])


def test_what_is_being_sent_is_waited_for_as_long_as_is_said(office, ended, ann):
    with receiving() as slow:
        slow.usual = silence
        office.webhook(ann, slow.url)
        ended(ann)
        office.announcer.look()
        eventually(lambda: slow.messages)
        assert not office.announcer.stop(0.01)
        slow.over.set()
        assert office.announcer.stop(10)


def test_no_more_than_so_many_are_sent_at_once(office, ended, people):
    with receiving() as slow:
        slow.usual = silence
        for number in range(AT_ONCE + 4):
            caller = people.user(f"user{number}")
            office.webhook(caller, slow.url)
            ended(caller)
        office.announcer.look()
        eventually(lambda: len(slow.messages) == AT_ONCE)
        office.announcer.look()
        assert len(slow.messages) == AT_ONCE
        slow.over.set()
        assert office.announcer.wait_idle(30)


def test_while_the_database_cannot_be_written_nothing_is_lost(office, ended, ann, receiver, settings):
    office.webhook(ann, receiver.url)
    job = ended(ann)
    with write_lock(settings.data_dir / "sluice.db"):
        office.announcer.start()
        assert receiver.messages == []
    eventually(lambda: receiver.messages)
    assert office.announcer.stop(10)

    assert rows(settings.data_dir / "sluice.db", "SELECT id FROM jobs WHERE announced") == [(job.id,)]
