"""Sends requests to the API of Google Drive: with the account's token, and again where that may help."""

import threading
from collections.abc import Callable
from copy import copy
from typing import NamedTuple, TypeAlias

from app.errors import StorageError
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.errors import NOT_DRIVE, may_pass, refusal, retry_after_of, said
from app.storages.http_api.backoff import Backoff, Rule
from app.storages.http_api.exchange import Answer, Patience, Request
from app.storages.http_api.json_api import JsonApi
from app.storages.http_api.meanings import Meaning, Passing
from app.storages.http_api.sending import Sender

Waits: TypeAlias = Callable[[Rule], Backoff]


class Manner(NamedTuple):
    """How long an answer is waited for, and how often it is asked for.

    The waits are Google's ("Resolve errors": truncated exponential backoff, a second at first, a random second more).
    """

    patience: Patience
    rule: Rule


WORKING = Manner(Patience(3, 30, 30, 6), Rule(attempts=6, seconds=120, first=1, spread=1, most=32))
ASKING = Manner(Patience(2, 3, 4, 2), Rule(attempts=2, seconds=10, first=1, spread=1, most=2))
"""For what must end within some ten seconds: a black hole is told after twice three, and two between them."""


class Api(JsonApi):
    """Sends requests for one account. Thread-safe.

    Args:
        address: the account's tokens, and where the API is.
        places: one is held while a request is under way, none between attempts.
        connections: how many there are.
        manner: how long and how often.
        waits: makes what waits between attempts.
    """

    def __init__(
        self,
        address: DriveAddress,
        places: threading.BoundedSemaphore,
        connections: int,
        manner: Manner,
        waits: Waits = Backoff,
    ) -> None:
        def tell(meaning: Meaning, key: str, code: str) -> StorageError:
            return said(meaning, address, key, code)

        super().__init__(Sender(connections, manner.patience, tell, NOT_DRIVE), waits(manner.rule), tell, NOT_DRIVE)
        self._address, self._places, self._endpoint = address, places, address.endpoint

    def for_uploads(self) -> "Api":
        """Return the same, for requests to where bytes are sent."""
        twin = copy(self)
        twin._endpoint = self._address.uploads
        return twin

    def ask_once(self, request: Request) -> Answer:
        """Send a request that would do its work twice if it were repeated; otherwise as `ask`."""
        try:
            return self.once(request)
        except Passing as error:
            raise error.told from None

    def once(self, request: Request) -> Answer:
        """Send a request once, or twice where the account's token was not good any more.

        Raises:
            Passing: another attempt may help.
            ConsentRequired: no token of the account is good.
            StorageError: none will.
        """
        answer = self._exchanged_with_a_good_token(request)
        if answer.status in request.accepted:
            return answer
        told = refusal(self._address, request.key, answer)
        if may_pass(answer):
            raise Passing(told, retry_after_of(answer.headers) or 0)
        raise told

    def _exchanged_with_a_good_token(self, request: Request) -> Answer:
        tokens = self._address.tokens
        first = tokens.current()
        answer = self._exchanged(request, first)
        if answer.status != 401:
            return answer
        second = tokens.instead_of(first)
        answer = self._exchanged(request, second)
        if answer.status == 401:
            tokens.give_up(second)
        return answer

    def _exchanged(self, request: Request, token: str) -> Answer:
        with self._places:
            return self._sender.exchange(self._endpoint, request, {"Authorization": f"Bearer {token}"})
