"""What is wrong with who asks, or with what he has consented to."""

from collections.abc import Sequence

from app.errors.root import SluiceError


class CallerUnknown(SluiceError):
    """The caller must say who he is: with a key, or a name and a password."""

    reason = "caller_unknown"


class InvalidLogin(SluiceError):
    """What should prove who the caller is proves nothing: unknown, wrong, expired, revoked, or of a disabled user."""

    reason = "invalid_login"


class UserDisabled(InvalidLogin):
    """What was presented is real, and its user is disabled."""

    reason = "user_disabled"


class NotAllowed(SluiceError):
    """The caller is known, and this is more than he may do."""

    reason = "not_allowed"


class RequestForged(NotAllowed):
    """A session's cookie came with nothing that shows that its user meant this (cross-site request forgery)."""

    reason = "request_forged"


class TooManyAttempts(SluiceError):
    """Too many wrong passwords came for one user, or from one address.

    Args:
        retry_after: seconds after which the next attempt is looked at.
    """

    reason = "too_many_attempts"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many wrong passwords. Try again in {retry_after} seconds.")
        self.retry_after = retry_after


class ConsentRefused(SluiceError):
    """What came back from an account's provider is no consent that can be used; it has to be asked for anew."""

    reason = "consent_refused"


class PickerSessionEnded(SluiceError):
    """No session of the picker has this id any more, or it is another user's."""

    reason = "picker_session_ended"


class AuthorizationUnusable(SluiceError):
    """No credentials can be made from an authorization."""

    reason = "authorization_unusable"


class KeysMissing(AuthorizationUnusable):
    """An authorization lacks fields that its provider needs.

    Args:
        names: the fields.
    """

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"The authorization lacks {', '.join(names)}. Add them to its config.")
        self.names = tuple(names)


class ProviderUnsupported(AuthorizationUnusable):
    """There is no way from this provider's authorizations to credentials.

    Args:
        provider: as its user wrote it.
    """

    def __init__(self, provider: str) -> None:
        super().__init__(f"Authorizations of the provider {provider!r} cannot be used. Use aws, azure or gcp.")
        self.provider = provider
