"""What storages refuse, and how they fail."""

from app.errors.root import SluiceError


class StorageError(SluiceError):
    """A storage refused or failed."""

    reason = "storage_failure"


class StorageUnreachable(StorageError):
    """No answer, or none that is a storage's: refused, timed out, name unknown, TLS failed."""

    reason = "storage_unreachable"


class InvalidCredentials(StorageError):
    """The storage does not know the access key, or the signature is wrong."""

    reason = "access_denied"


class IdentityRefused(InvalidCredentials):
    """Whoever hands out temporary credentials does not accept this identity (any more), or not for the role."""

    reason = "identity_refused"


class ConsentRequired(InvalidCredentials):
    """The account's provider takes this grant no more, or it is not enough: its owner must consent anew."""

    reason = "consent_required"


class ListingBroken(StorageError):
    """A listing is not what the protocol promises (order, tokens); nothing may be concluded from it."""

    reason = "listing_broken"


class StorageMissing(StorageError):
    """The bucket, container or folder does not exist."""

    reason = "storage_missing"


class StorageNotEmpty(StorageError):
    """A storage that still holds something cannot be dropped."""

    reason = "storage_not_empty"


class StorageFull(StorageError):
    """The storage has no room left."""

    reason = "storage_full"


class AccessDenied(StorageError):
    """The credentials are known but do not allow this operation."""

    reason = "access_denied"


class ObjectMissing(StorageError):
    """No object has this key."""

    reason = "object_missing"


class ObjectExists(StorageError):
    """An object of this name is there, and was not to be replaced."""

    reason = "object_exists"


class QuotaExceeded(StorageError):
    """The library holds as much of this user as it may."""

    reason = "quota_exceeded"


class KeyRefused(StorageError):
    """This storage cannot hold this key (length, characters, or a file in place of a folder)."""

    reason = "key_refused"


class RequestRefused(StorageError):
    """What was asked makes no sense to the storage: a parameter that it does not take, or an id that can be none."""

    reason = "request_refused"


class Throttled(StorageError):
    """The storage asks for fewer requests, and went on to do so for as long as was reasonable to wait.

    Args:
        message: a sentence for people.
        retry_after: seconds after which asking again makes sense.
    """

    reason = "throttled"

    def __init__(self, message: str, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StorageFailure(StorageError):
    """The storage answered with an error that fits no other class."""
