"""An HTTP API whose answers are JSON objects: asked until it answers, or until it is certain that it will not."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from app.storages.http_api.backoff import Backoff
from app.storages.http_api.exchange import Answer, Request
from app.storages.http_api.meanings import Meaning, Tell
from app.storages.http_api.sending import Sender


class JsonApi(ABC):
    """Asks one API. Thread-safe; a driver says how a request is sent once, and what its refusals mean.

    Args:
        sender: sends the requests.
        backoff: waits between attempts.
        tell: makes errors of meanings.
        foreign: what an answer means that none of the API's servers would give.
    """

    def __init__(self, sender: Sender, backoff: Backoff, tell: Tell, foreign: Meaning) -> None:
        self._sender, self._backoff = sender, backoff
        self.tell, self.foreign = tell, foreign

    @abstractmethod
    def once(self, request: Request) -> Answer:
        """Send a request once.

        Raises:
            Passing: another attempt may help.
            StorageError: none will.
        """

    def ask(self, request: Request) -> Answer:
        """Send a request until it is answered well, or it is certain that it will not be.

        Raises:
            StorageError: the server refused or failed, each time.
        """
        return self.until_answered(lambda: self.once(request))

    def told(self, request: Request) -> dict[str, Any]:
        """As `ask`, and return the JSON object that was answered.

        Raises:
            StorageUnreachable: it is none, so this is some other server.
        """
        return self.parsed(self.ask(request).data)

    def parsed(self, data: bytes) -> dict[str, Any]:
        """Return the JSON object that these bytes spell.

        Raises:
            StorageUnreachable: they spell none.
        """
        try:
            told = json.loads(data)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise self.tell(self.foreign, "", "")
        return told

    def until_answered(self, attempt: Callable[[], Answer]) -> Answer:
        """Do something until it does not raise `Passing`, with waits between.

        Raises:
            StorageError: what the last attempt told.
        """
        return self._backoff.until_answered(attempt)

    def close(self) -> None:
        """Close the connections, and have those give up who wait.

        Harmless when called twice, and what is asked afterwards connects again.
        """
        self._backoff.close()
        self._sender.close()
