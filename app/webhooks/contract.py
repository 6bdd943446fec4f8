"""What webhooks and deliveries are, as the rest of the product sees them. Pure data; no secret but in `NewWebhook`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.jobs.contract import JobState

FINAL_STATES = tuple(state for state in JobState if state.is_final)
"""What a webhook can be told of."""

TEST_EVENT = "webhook.test"


class DeliveryState(StrEnum):
    """The states of a delivery."""

    WAITING = "waiting"  #: due now or later, or being sent
    DELIVERED = "delivered"  #: answered with 2xx
    FAILED = "failed"  #: given up


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook as it stood when it was read.

    Attributes:
        id: a UUID4.
        owner_id: whose it is, and by whose jobs it is called.
        every_owner: it is called by everybody's jobs, and those of nobody, as long as its owner is an admin.
        url: where messages go.
        description: what people say of it.
        states: the final states of jobs that it is told of.
        enabled: False: nothing is sent but what a person asks for.
        failures: how many deliveries in a row were given up.
        message: why this service disabled it, for people; empty when it did not.
        created_at, updated_at: POSIX seconds.
    """

    id: str
    owner_id: int
    every_owner: bool
    url: str
    description: str
    states: Sequence[str]
    enabled: bool
    failures: int
    message: str
    created_at: float
    updated_at: float


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook, and its secret: this is the only time that it can be had."""

    webhook: Webhook
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person says of a webhook; None: as it is, or the default of a new one."""

    url: str | None = None
    states: Sequence[str] | None = None
    description: str | None = None
    enabled: bool | None = None
    every_owner: bool | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one webhook as it stood when it was read.

    Attributes:
        id: a UUIDv7; the receiver gets it as ``webhook-id``, the same at each attempt.
        job_id: the job that it tells of; None: none.
        event: its type, such as ``job.succeeded``.
        attempts: how often it was sent since its job ended, or since a person last had it sent again.
        due_at: POSIX seconds when it is sent next, while it waits.
        status: what the last attempt was answered; None: there was no answer, or no attempt.
        message: what became of the last attempt, for people; the beginning of an answer that was a refusal.
        seconds: how long the last attempt took; None: there was none.
        finished_at: when it was delivered or given up; None: it waits.
    """

    id: str
    job_id: str | None
    event: str
    state: DeliveryState
    attempts: int
    due_at: float
    status: int | None
    message: str
    seconds: float | None
    created_at: float
    finished_at: float | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery that is leased, with all that is needed to send it.

    Attributes:
        number: of its row.
        lease: until when; it is also what tells this lease from others.
        sealed: the secret of the webhook, sealed for ``webhook_id``.
    """

    number: int
    id: str
    body: str
    lease: float
    webhook_id: str
    url: str
    sealed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one attempt.

    Attributes:
        status: None: there was no answer.
        message: a sentence for people.
        seconds: how long it took.
        retry_after: seconds that the receiver wants to be left alone; None: it said nothing.
    """

    status: int | None
    message: str
    seconds: float
    retry_after: float | None = None

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants nothing more, ever."""
        return self.status == 410
