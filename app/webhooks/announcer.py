"""Looks each second for jobs that have ended and for deliveries that are due, and sends these on threads."""

import logging
import threading
import time
from contextlib import suppress

from app.connections.secrets import SecretBox
from app.errors import DatabaseUnavailable, SettingsError
from app.jobs.pace import Every
from app.monitoring.metrics import delivery_ended
from app.webhooks.contract import Answer, Parcel
from app.webhooks.outbox import Outbox
from app.webhooks.sealing import opened
from app.webhooks.sender import Sender
from app.webhooks.turns import AT_ONCE

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_COMPLAIN_SECONDS = 60.0
_BROKEN = "It was not sent: an internal error, see the log of the service."


class Announcer:
    """Sends what is due. Make it after a fork; several may work at once: leases in the database keep them apart.

    Args:
        outbox: the deliveries.
        sender: sends them.
        box: opens the secrets of webhooks.
    """

    def __init__(self, outbox: Outbox, sender: Sender, box: SecretBox) -> None:
        self._outbox, self._sender, self._box = outbox, sender, box
        self._complaint = Every(_COMPLAIN_SECONDS)
        self._awake, self._stopped = threading.Event(), threading.Event()
        self._changed = threading.Condition()
        self._in_hand = 0
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)

    def start(self) -> None:
        """Begin to look. To be called once."""
        self._thread.start()

    def wake(self) -> None:
        """Look now instead of within a second. Never blocks."""
        self._awake.set()

    def stop(self, timeout: float) -> bool:
        """Send nothing more; what is cut off by the end of the process is sent again when its lease has run out.

        Args:
            timeout: seconds to wait for what is being sent.

        Returns:
            Whether nothing is under way any more.
        """
        deadline = time.monotonic() + timeout
        self._stopped.set()
        self.wake()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return self.wait_idle(max(0.0, deadline - time.monotonic())) and not self._thread.is_alive()

    def wait_idle(self, seconds: float) -> bool:
        """Wait until nothing is being sent; return whether that came about in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._in_hand, seconds)

    def look(self) -> None:
        """Announce all jobs that have ended, and begin to send what is due. What the thread does each second.

        Raises:
            DatabaseUnavailable: what is due stays due.
        """
        while not self._stopped.is_set() and self._outbox.announce():
            pass
        with self._changed:
            places = 0 if self._stopped.is_set() else AT_ONCE - self._in_hand
        for parcel in self._outbox.lease(places):
            with self._changed:
                self._in_hand += 1
            threading.Thread(target=self._deliver, args=(parcel,), name="webhook", daemon=True).start()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
            except DatabaseUnavailable as error:
                if self._complaint.due():
                    logger.warning("No webhook can be sent just now: %s", error)
            except Exception:
                logger.exception("The announcer met an error and goes on.")
            self._awake.wait(_LOOK_SECONDS)
            self._awake.clear()

    def _deliver(self, parcel: Parcel) -> None:
        try:
            self._settle(parcel, self._sent(parcel))
        finally:
            with self._changed:
                self._in_hand -= 1
                self._changed.notify_all()
            self.wake()

    def _sent(self, parcel: Parcel) -> Answer:
        try:
            secret = opened(self._box, parcel.sealed, parcel.webhook_id)
            return self._sender.send(parcel.url, secret, parcel.id, parcel.body)
        except SettingsError as error:  # its key is missing
            return Answer(None, f"It was not sent: {error}", 0.0)
        except Exception:
            logger.exception("Delivery %s broke.", parcel.id)
            return Answer(None, _BROKEN, 0.0)

    def _settle(self, parcel: Parcel, answer: Answer) -> None:
        with suppress(OSError):  # the counters of several processes are files
            delivery_ended("delivered" if answer.is_delivered else "failed")
        try:
            disabled = self._outbox.settle(parcel, answer)
        except DatabaseUnavailable as error:
            logger.warning("Delivery %s will be sent again: what became of it was not written: %s", parcel.id, error)
            return
        if disabled:
            logger.warning("Webhook %s: %s", parcel.webhook_id, disabled)
