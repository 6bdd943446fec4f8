"""Every error of the product, without a word about HTTP.

The tree (a class is caught by its parent's name)::

    SluiceError
    |-- InvalidInput                 a parameter or name that no storage or job can take
    |-- SettingsError                the environment or .env holds something unusable
    |-- NotConfigured                something is asked for that needs settings which the operator has not given
    |-- DatabaseUnavailable          the job database cannot be read or written just now
    |-- NotFound                     nothing has this id or name, or the caller may not know that something has
    |   |-- JobNotFound
    |   |-- NoManifest
    |   `-- NoImages
    |-- AlreadyExists                the name is taken
    |-- CallerUnknown                nobody said who he is, where that is asked
    |-- InvalidLogin                 a key, password or session that is none (any more)
    |   `-- UserDisabled
    |-- NotAllowed                   the caller is known, and may not
    |   `-- RequestForged
    |-- TooManyAttempts              too many wrong passwords of late
    |-- JobAlreadyFinished
    |-- TooManyJobs
    |-- TooBusy                      as many of these as can be are under way
    |-- NotReady                     an item that has no file (yet, or any more)
    |-- UploadRefused                a part of an upload that does not fit what has arrived
    |-- ConsentRefused               an OAuth consent that cannot be used: too old, of somebody else, or of too little
    |-- PickerSessionEnded
    |-- AddressRefused               an address that users may not have this service ask
    |-- AuthorizationUnusable        an authorization from which no credentials can be made
    |   |-- KeysMissing
    |   `-- ProviderUnsupported
    |-- CheckFailed                  a connection was to be made or changed, and its storage is not as it must be
    |-- ManifestUnusable
    |-- ImageUnusable
    |-- JobStopped                   a whole job must stop; nothing of it is retried
    |   |-- SourceUnreadable
    |   |-- SourceEmpty
    |   |-- TooManyDeletions
    |   |-- ScratchUnusable
    |   `-- ConnectionUnusable
    |-- FileError                    one file of a source, the others go on
    |   |-- FileUnreadable
    |   |-- FileChanged
    |   |-- FileMissing
    |   `-- FetchFailed
    `-- StorageError
        |-- StorageUnreachable       whole storage: stop the job
        |-- InvalidCredentials       whole storage: stop the job
        |   |-- IdentityRefused
        |   `-- ConsentRequired      the account's owner must consent (anew)
        |-- ListingBroken            whole storage: stop the job
        |-- StorageMissing           the bucket itself is not there
        |-- StorageNotEmpty
        |-- StorageFull
        |-- AccessDenied
        |-- ObjectMissing
        |-- ObjectExists             the name is taken, and must not be overwritten
        |-- QuotaExceeded
        |-- KeyRefused               this storage cannot hold this key
        |-- RequestRefused           what was asked makes no sense to the storage
        |-- Throttled                the storage asks for fewer requests
        `-- StorageFailure           anything else that the storage answered

``reason`` is the machine-readable word that jobs and steps carry (the list is in ``docs/reasons.md``);
``str(error)`` is a sentence for people that says what to do and never holds a secret.
"""

from collections.abc import Sequence
from typing import ClassVar


class SluiceError(Exception):
    """Root of all product errors."""

    reason: ClassVar[str] = "internal_error"


class InvalidInput(SluiceError):
    """A parameter that cannot be accepted.

    Args:
        field: the parameter's public name.
        message: what is wrong with it and what would be right.
    """

    reason = "invalid_input"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class SettingsError(SluiceError):
    """A setting is missing or unusable; the process must not start."""

    reason = "settings_invalid"


class NotConfigured(SluiceError):
    """Something is asked for that needs settings which the operator of this installation has not given."""

    reason = "not_configured"


class DatabaseUnavailable(SluiceError):
    """The job database cannot be used just now (locked, full disk, read-only, newer than this code)."""

    reason = "database_unavailable"


class NotFound(SluiceError):
    """Nothing that the caller may know of has this id or name."""

    reason = "not_found"


class JobNotFound(NotFound):
    """No job has this id."""

    reason = "job_not_found"


class NoManifest(NotFound):
    """A connection has no manifest, so nobody said which images it holds."""

    reason = "no_manifest"


class NoImages(NotFound):
    """The manifests of a connection name no image."""

    reason = "no_images"


class AlreadyExists(SluiceError):
    """Something of this kind has this name already."""

    reason = "already_exists"


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


class JobAlreadyFinished(SluiceError):
    """The job has reached a terminal state, which is final.

    Args:
        job_id: the id of that job.
    """

    reason = "job_already_finished"

    def __init__(self, job_id: str) -> None:
        super().__init__(f"Job {job_id} has already finished.")
        self.job_id = job_id


class TooManyJobs(SluiceError):
    """The queue is full.

    Args:
        limit: how many jobs may wait.
        retry_after: seconds after which asking again makes sense.
    """

    reason = "too_many_jobs"

    def __init__(self, limit: int, retry_after: int) -> None:
        super().__init__(f"{limit} jobs are already waiting. Try again in {retry_after} seconds, or cancel some.")
        self.retry_after = retry_after


class TooBusy(SluiceError):
    """As many of these as can be are under way.

    Args:
        retry_after: seconds after which asking again makes sense.
    """

    reason = "too_busy"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too much of this is under way. Try again in {retry_after} seconds.")
        self.retry_after = retry_after


class NotReady(SluiceError):
    """An item of the library has no file: it has not arrived yet, failed to, or was purged."""

    reason = "not_ready"


class UploadRefused(SluiceError):
    """A part of an upload that cannot be taken: it begins elsewhere than where the upload stands, or is too much.

    Args:
        message: what is wrong.
        offset: how many bytes have arrived; None: it is not about that.
    """

    reason = "upload_refused"

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


class ConsentRefused(SluiceError):
    """What came back from an account's provider is no consent that can be used; it has to be asked for anew."""

    reason = "consent_refused"


class PickerSessionEnded(SluiceError):
    """No session of the picker has this id any more, or it is another user's."""

    reason = "picker_session_ended"


class AddressRefused(SluiceError):
    """An address that a user may not have this service ask: it leads, or may lead, to this machine or its network."""

    reason = "address_refused"


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


class CheckFailed(SluiceError):
    """The storage of a connection was asked before it was kept, and is not as it must be; nothing was kept.

    Args:
        found: what stood in the way.
        manifest: the key of the manifest that it was about; None: the storage itself.
    """

    reason = "check_failed"

    def __init__(self, found: "StorageError", manifest: str | None = None) -> None:
        super().__init__(str(found))
        self.found = found
        self.manifest = manifest


class ManifestUnusable(SluiceError):
    """What is named as a manifest is none, or too large for one."""

    reason = "manifest_unusable"


class ImageUnusable(SluiceError):
    """An image that cannot be shown: broken, of an unknown kind, or too large."""

    reason = "image_unusable"


class JobStopped(SluiceError):
    """The job as a whole cannot go on."""


class SourceUnreadable(JobStopped):
    """The source exists but cannot be listed, or the uploads folder itself is not there."""

    reason = "source_unreadable"


class SourceEmpty(JobStopped):
    """The source holds no file and dropping the bucket for that is switched off."""

    reason = "source_empty"


class TooManyDeletions(JobStopped):
    """The plan would delete more than was allowed; nothing has been deleted."""

    reason = "too_many_deletions"


class ScratchUnusable(JobStopped):
    """Steps that wait cannot be put aside: the disk of DATA_DIR is full or broken. Nothing was deleted for it."""

    reason = "scratch_unusable"


class ConnectionUnusable(JobStopped):
    """The connection of a job is gone, leads elsewhere now, or may not be used any more by who started the job."""

    reason = "connection_unusable"


class FileError(SluiceError):
    """One file of the source cannot be used; its object stays as it was."""


class FileUnreadable(FileError):
    """The file exists but may not or cannot be read."""

    reason = "file_unreadable"


class FileChanged(FileError):
    """The file changed while it was read, so what was read may be torn."""

    reason = "file_changed"


class FileMissing(FileError):
    """The file went away between listing and reading."""

    reason = "file_missing"


class FetchFailed(FileError):
    """An address on the web gave no file."""

    reason = "fetch_failed"


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
