import re

import pytest
from sqlalchemy import text
from standardwebhooks import Webhook as Verifying

from app.errors import NotAllowed
from app.jobs.contract import JobState
from app.webhooks.contract import Draft
from app.webhooks.giving_up import WAITING_MAX
from app.webhooks.outbox import GIVEN_UP_MAX, LEASE_SECONDS
from app.webhooks.timing import PAUSES
from app.webhooks.turns import AT_ONCE_OF_ONE_OWNER
from tests.support.jobs import eventually
from tests.support.queries import plans
from tests.support.receivers import answer, receiving, silence
from tests.support.servers import free_port
from tests.unit.webhooks.conftest import Office, pile_up

FINAL = [state for state in JobState if state.is_final]
REFUSAL = answer(500, b"not now")


def types(receiver):
    return [message.json()["type"] for message in receiver.messages]


class TestWhoIsTold:
    def test_an_end_is_told_to_each_webhook_of_the_jobs_owner(self, office, ended, ann, receiver):
        office.webhook(ann, receiver.url + "/a")
        office.webhook(ann, receiver.url + "/b")
        ended(ann)
        office.look()

        assert sorted(message.path for message in receiver.messages) == ["/a", "/b"]
        assert len({message.id for message in receiver.messages}) == 2

    def test_a_user_is_told_of_no_other_users_job_and_of_nobodys(self, office, ended, ann, bob, receiver):
        office.webhook(ann, receiver.url)
        ended(bob)
        ended(None)
        office.look()

        assert receiver.messages == []

    def test_an_admin_is_told_of_everybodys_jobs_where_he_says_so(self, office, ended, root, ann, receiver):
        office.webhook(root, receiver.url + "/own")
        office.webhook(root, receiver.url + "/all", every_owner=True)
        ended(ann)
        office.look()
        ended(None)
        office.look()

        assert [(message.path, message.json()["data"]["job"]["owner"]) for message in receiver.messages] == [
            ("/all", "ann"),
            ("/all", None),
        ]

    def test_who_is_no_admin_any_more_is_told_of_his_own_only(self, office, ended, root, ann, people, receiver):
        office.webhook(root, receiver.url, every_owner=True)
        people.change(root, role="user")
        ended(ann)
        own = ended(root)
        office.look()

        assert [message.json()["data"]["job"]["id"] for message in receiver.messages] == [own.id]

    def test_who_is_disabled_is_told_nothing(self, office, ended, ann, people, receiver):
        office.webhook(ann, receiver.url)
        people.change(ann, disabled_at=1.0)
        ended(ann)
        office.look()

        assert receiver.messages == []

    @pytest.mark.parametrize("state", FINAL)
    def test_a_webhook_is_told_of_the_ends_that_it_names(self, office, ended, ann, receiver, state):
        office.webhook(ann, receiver.url, states=[state.value])
        for each in FINAL:
            ended(ann, each)
        office.look()

        assert types(receiver) == [f"job.{state.value}"]

    def test_jobs_that_go_on_are_not_announced(self, office, ended, ann, receiver, registry_request):
        office.webhook(ann, receiver.url)
        ended.service.submit(registry_request(ann))
        office.look()

        assert receiver.messages == []

    def test_an_end_is_announced_once_by_all_processes(self, office, another_office, ended, ann, receiver):
        office.webhook(ann, receiver.url)
        ended(ann)
        office.look()
        another_office.look()
        office.look()

        assert len(receiver.messages) == 1

    def test_many_ends_are_announced_in_several_transactions(self, office, ended, ann, receiver, database):
        office.webhook(ann, receiver.url)
        for _ in range(3):
            ended(ann)
        with database.writing() as session:  # as if hundreds had ended while nobody announced
            columns = (
                "kind, state, message, arguments, progress, owner_id, target, target_prefix, cancel_requested, "
                "attempt, crashes, version, created_at, finished_at, announced"
            )
            for number in range(240):
                session.execute(
                    text(f"INSERT INTO jobs (id, {columns}) SELECT 'id-{number}', {columns} FROM jobs LIMIT 1")
                )
        office.look()

        with database.reading() as session:
            assert session.execute(text("SELECT count(*), count(DISTINCT job_id) FROM deliveries")).one() == (243, 243)
            assert session.execute(text("SELECT count(*) FROM jobs WHERE NOT announced")).scalar() == 0


class TestWhoIsToldNoMore:
    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            pytest.param({"role": "user"}, "other users' jobs", id="an admin who is none any more"),
            pytest.param({"disabled_at": 1.0}, "disabled", id="a user who is disabled"),
        ],
    )
    def test_what_waits_for_him_is_given_up_and_cannot_be_sent_again(
        self, office, ended, ann, root, people, receiver, clock, change, sentence
    ):
        webhook = office.webhook(root, receiver.url, every_owner=True)
        receiver.answers = [REFUSAL]
        for owner in (ann, None):
            ended(owner)
        office.look()
        people.change(root, **change)
        clock.now += PAUSES[0]
        for _ in range(2):
            office.look()

        log = office.log(root, webhook)
        assert len(receiver.messages) == 1
        assert {(entry.state, sentence in entry.message) for entry in log} == {("failed", True)}
        assert office.service.get(root, webhook.id).failures == 0
        with pytest.raises(NotAllowed, match=sentence):
            office.service.redeliver(root, webhook.id, log[0].id)

    def test_who_is_no_admin_any_more_is_still_sent_what_is_his(self, office, ended, ann, root, people, receiver):
        office.webhook(root, receiver.url, every_owner=True)
        for owner in (ann, root, ann):
            ended(owner)
        office.outbox.announce()
        people.change(root, role="user")
        for _ in range(2):
            office.look()

        assert [message.json()["data"]["job"]["owner"] for message in receiver.messages] == ["root"]

    def test_a_disabled_webhook_is_not_sent_what_a_dead_process_held(self, office, ended, ann, receiver, clock):
        webhook = office.webhook(ann, receiver.url)
        ended(ann)
        office.outbox.announce()
        assert len(office.outbox.lease(1)) == 1  # and the process dies
        office.service.change(ann, webhook.id, Draft(enabled=False))
        clock.now += LEASE_SECONDS
        office.look()

        assert receiver.messages == []
        assert [(each.state, each.message) for each in office.log(ann, webhook)] == [
            ("failed", "Given up: the webhook was disabled.")
        ]


class TestWhatIsSent:
    def test_the_message_says_how_the_job_ended_and_is_signed(self, office, ended, ann, receiver):
        made = office.service.create(ann, Draft(url=receiver.url))
        progress = {"planned": {"uploads": 3, "bytes": 9, "complete": True}, "failed": 1, "phases": ["many"]}
        job = ended(ann, JobState.PARTIAL, reason="files_failed", message="1 of 3 failed.", progress=progress)
        office.look()

        [message] = receiver.messages
        said = Verifying(made.secret).verify(message.body, message.headers)
        assert (said["type"], [*said]) == ("job.partial", ["type", "timestamp", "data"])
        about = said["data"]["job"]
        assert about["id"] == job.id
        assert (about["kind"], about["state"], about["reason"]) == ("mirror", "partial", "files_failed")
        assert (about["message"], about["owner"], about["target"]) == ("1 of 3 failed.", "ann", "s3://host/bucket")
        assert about["counters"] == {
            "planned": {"uploads": 3, "deletes": 0, "bytes": 9},
            "done": {"uploads": 0, "deletes": 0, "bytes": 0},
            "unchanged": 0,
            "skipped": 0,
            "failed": 1,
        }
        assert about["created_at"] <= about["started_at"] <= about["finished_at"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", said["timestamp"])

    def test_nothing_secret_is_in_a_message_or_in_the_database(self, office, ended, ann, receiver, settings):
        made = office.service.create(ann, Draft(url=receiver.url))
        ended(ann)
        office.look()

        assert b"canary" not in receiver.messages[0].body
        kept = b"".join(path.read_bytes() for path in settings.data_dir.glob("sluice.db*"))
        assert made.secret.removeprefix("whsec_").encode() not in kept

    def test_another_secret_signs_from_the_next_attempt_on(self, office, ended, ann, receiver, clock):
        made = office.service.create(ann, Draft(url=receiver.url))
        receiver.answers = [REFUSAL]
        ended(ann)
        office.look()
        again = office.service.renew_secret(ann, made.webhook.id)
        clock.now += PAUSES[0]
        office.look()

        first, second = receiver.messages
        Verifying(made.secret).verify(first.body, first.headers)
        Verifying(again.secret).verify(second.body, second.headers)
        assert (first.id, first.body) == (second.id, second.body)


class TestRetries:
    def test_what_is_refused_is_sent_again_after_the_pause_with_the_same_id(self, office, ended, ann, receiver, clock):
        webhook = office.webhook(ann, receiver.url)
        receiver.answers = [REFUSAL, REFUSAL]
        ended(ann)
        office.look()
        for pause in PAUSES[:2]:
            clock.now += pause - 0.1
            office.look()  # too early
            clock.now += 0.1
            office.look()

        assert len(receiver.messages) == 3
        assert len({(message.id, message.body) for message in receiver.messages}) == 1
        [entry] = office.log(ann, webhook)
        assert (entry.state, entry.attempts, entry.status, entry.message) == ("delivered", 3, 204, "")
        assert entry.finished_at == clock.now

    @pytest.mark.fault(40)
    def test_after_the_last_attempt_it_is_given_up(self, office, ended, ann, receiver, clock):
        webhook = office.webhook(ann, receiver.url)
        receiver.usual = REFUSAL
        ended(ann)
        for pause in (*PAUSES, 0):
            office.look()
            clock.now += pause
        clock.now += 1e6
        office.look()

        [entry] = office.log(ann, webhook)
        assert (entry.state, entry.attempts, len(receiver.messages)) == ("failed", 8, 8)
        assert entry.message == "It answered 500: not now"
        now = office.service.get(ann, webhook.id)
        assert (now.enabled, now.failures) == (True, 1)

    def test_a_receiver_that_asks_for_time_gets_it(self, office, ended, ann, receiver, clock):
        office.webhook(ann, receiver.url)
        receiver.answers = [answer(429, Retry_After="900")]
        ended(ann)
        office.look()
        clock.now += 899
        office.look()
        assert len(receiver.messages) == 1
        clock.now += 1
        office.look()
        assert len(receiver.messages) == 2

    def test_a_receiver_that_is_gone_disables_its_webhook(self, office, ended, ann, receiver, clock):
        webhook = office.webhook(ann, receiver.url)
        receiver.answers = [REFUSAL, answer(410)]
        ended(ann)
        office.look()
        ended(ann)
        office.look()
        clock.now += 1e6
        ended(ann)
        office.look()

        now = office.service.get(ann, webhook.id)
        assert (now.enabled, "410" in now.message, len(receiver.messages)) == (False, True, 2)
        assert {entry.state for entry in office.log(ann, webhook)} == {"failed"}

    def test_so_many_given_up_in_a_row_disable_it_and_enabling_begins_anew(
        self, office, ended, ann, receiver, database
    ):
        webhook = office.webhook(ann, receiver.url)
        receiver.usual = REFUSAL
        with database.writing() as session:
            session.execute(text("UPDATE webhooks SET failures = :many"), {"many": GIVEN_UP_MAX - 2})
        for _ in range(3):
            ended(ann)
        office.outbox.announce()
        with database.writing() as session:
            session.execute(text("UPDATE deliveries SET attempts = 7"))
        for _ in range(4):
            office.look()

        now = office.service.get(ann, webhook.id)
        assert (now.enabled, now.failures, len(receiver.messages)) == (False, GIVEN_UP_MAX, 2)
        assert "given up" in now.message
        assert [entry.attempts for entry in office.log(ann, webhook)] == [7, 8, 8]
        enabled = office.service.change(ann, webhook.id, Draft(enabled=True))
        assert (enabled.enabled, enabled.failures, enabled.message) == (True, 0, "")

    def test_one_that_arrives_begins_the_row_of_failures_anew(self, office, ended, ann, receiver, clock):
        webhook = office.webhook(ann, receiver.url)
        receiver.answers = [REFUSAL] * 8
        ended(ann)
        for _ in range(8):
            office.look()
            clock.now += PAUSES[-1]
        assert office.service.get(ann, webhook.id).failures == 1
        ended(ann)
        office.look()
        assert office.service.get(ann, webhook.id).failures == 0

    def test_who_takes_no_connection_is_tried_again(self, office, ended, ann, clock):
        webhook = office.webhook(ann, f"http://127.0.0.1:{free_port()}/")
        ended(ann)
        office.look()

        [entry] = office.log(ann, webhook)
        assert (entry.state, entry.attempts, entry.status) == ("waiting", 1, None)
        assert entry.due_at == clock.now + PAUSES[0]

    def test_a_secret_whose_key_is_lost_is_told_of_in_the_log(self, office, ended, ann, receiver, database):
        webhook = office.webhook(ann, receiver.url)
        with database.writing() as session:
            session.execute(text("UPDATE webhooks SET sealed = 'gone'"))
        ended(ann)
        office.look()

        assert (receiver.messages, "key" in office.log(ann, webhook)[0].message) == ([], True)


class TestLeases:
    def test_what_is_leased_is_sent_by_nobody_else(self, office, another_office, ended, ann, receiver):
        office.webhook(ann, receiver.url)
        ended(ann)
        office.outbox.announce()

        assert len(office.outbox.lease(10)) == 1
        assert another_office.outbox.lease(10) == []

    def test_a_lease_that_ran_out_is_another_ones_and_the_first_holder_writes_nothing(
        self, office, another_office, ended, ann, receiver, clock
    ):
        webhook = office.webhook(ann, receiver.url)
        ended(ann)
        office.outbox.announce()
        [late] = office.outbox.lease(10)
        clock.now += LEASE_SECONDS
        receiver.answers = [REFUSAL]
        another_office.look()
        office.announcer._deliver(late)

        [entry] = office.log(ann, webhook)
        assert (entry.attempts, entry.status) == (1, 500)
        assert [message.id for message in receiver.messages] == [late.id, late.id]

    def test_a_slow_receiver_holds_up_nobody_else(self, office, ended, ann, bob, receiver):
        with receiving() as slow:
            slow.usual = silence
            office.webhook(ann, slow.url)
            office.webhook(bob, receiver.url)
            for _ in range(5):
                ended(ann)
                ended(bob)
            for count in range(1, 6):
                office.announcer.look()
                eventually(lambda count=count: len(receiver.messages) == count)
                eventually(lambda count=count: _delivered(office, bob) == count)
            eventually(lambda: len(slow.messages) == 1)
            slow.over.set()
            assert office.announcer.wait_idle(30)

    def test_one_owner_takes_no_more_than_his_share_of_the_places(self, office, ended, ann, bob, receiver):
        for number in range(AT_ONCE_OF_ONE_OWNER + 3):
            office.webhook(ann, f"{receiver.url}/{number}")
        office.webhook(bob, receiver.url + "/bob")
        ended(ann)
        ended(bob)
        office.outbox.announce()

        owned = [parcel.url.rpartition("/")[2] for parcel in office.outbox.lease(100)]
        assert len(owned) == AT_ONCE_OF_ONE_OWNER + 1
        assert "bob" in owned

    def test_slow_receivers_of_his_own_do_not_keep_a_quick_one_waiting(
        self, database, box, settings, clock, ended, ann, receiver
    ):
        office = Office(database, box, settings, clock, seconds=1.0)
        with receiving() as slow:
            slow.usual = silence
            for number in range(AT_ONCE_OF_ONE_OWNER):
                office.webhook(ann, f"{slow.url}/{number}")
            for _ in range(6):
                ended(ann)
            office.outbox.announce()
            office.webhook(ann, receiver.url)
            clock.now += 1
            ended(ann)
            for _ in range(2):
                office.look()
            eventually(lambda: receiver.messages)
            slow.over.set()

        assert len(receiver.messages) == 1

    def test_the_oldest_of_too_many_are_given_up(self, office, ended, ann, receiver, database):
        webhook = office.webhook(ann, receiver.url)
        first = ended(ann)
        office.outbox.announce()
        pile_up(database, WAITING_MAX)
        second = ended(ann)
        office.outbox.announce()

        with database.reading() as session:
            waits = session.execute(text("SELECT count(*) FROM deliveries WHERE state = 'waiting'")).scalar()
            given_up = session.execute(text("SELECT number, message FROM deliveries WHERE state = 'failed'")).all()
        assert waits == WAITING_MAX
        assert [number for number, _ in given_up] == [1, 2]
        assert all(str(WAITING_MAX) in message for _, message in given_up)
        assert office.log(ann, webhook)[0].job_id == second.id != first.id

    def test_what_is_asked_each_second_is_answered_by_small_indexes(self, office, ended, ann, receiver, database):
        office.webhook(ann, receiver.url)
        ended(ann)
        office.look()
        asked = plans(database, office.announcer.look)

        assert "ix_jobs_unannounced" in asked[0]
        assert len(asked) == 2
        assert "ix_deliveries_due" in asked[1]

    def test_who_sends_goes_through_no_more_than_what_waits(self, office, ended, ann, receiver, database):
        office.webhook(ann, receiver.url)
        ended(ann)
        office.outbox.announce()
        due, first, held = plans(database, lambda: office.outbox.lease(16))

        assert all("ix_deliveries_due" in plan and "SCAN deliveries" not in plan for plan in (due, first))
        assert "SEARCH deliveries USING INTEGER PRIMARY KEY" in held


def _delivered(office, caller):
    [webhook] = office.service.list(caller)
    return len([entry for entry in office.log(caller, webhook) if entry.state == "delivered"])
