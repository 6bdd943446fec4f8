"""What is wrong with what somebody asks for, or with what it is about."""

from app.errors.root import SluiceError
from app.errors.storages import StorageError


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


class NotFound(SluiceError):
    """Nothing that the caller may know of has this id or name."""

    reason = "not_found"


class NoManifest(NotFound):
    """A connection has no manifest, so nobody said which images it holds."""

    reason = "no_manifest"


class NoImages(NotFound):
    """The manifests of a connection name no image."""

    reason = "no_images"


class AlreadyExists(SluiceError):
    """Something of this kind has this name already."""

    reason = "already_exists"


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


class AddressRefused(SluiceError):
    """An address that a user may not have this service ask: it leads, or may lead, to this machine or its network."""

    reason = "address_refused"


class CheckFailed(SluiceError):
    """The storage of a connection was asked before it was kept, and is not as it must be; nothing was kept.

    Args:
        found: what stood in the way.
        manifest: the key of the manifest that it was about; None: the storage itself.
    """

    reason = "check_failed"

    def __init__(self, found: StorageError, manifest: str | None = None) -> None:
        super().__init__(str(found))
        self.found = found
        self.manifest = manifest


class ManifestUnusable(SluiceError):
    """What is named as a manifest is none, or too large for one."""

    reason = "manifest_unusable"


class ImageUnusable(SluiceError):
    """An image that cannot be shown: broken, of an unknown kind, or too large."""

    reason = "image_unusable"
