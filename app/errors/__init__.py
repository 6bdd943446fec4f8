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
    |-- PlanUnusable                 a dry run from which nothing can be started, or not so
    |-- NotRepeatable                a job that its id is not enough to start again
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
    |   |-- ConnectionUnusable
    |   `-- StoppedElsewhere         another process met the error while it did a part of the job
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

from app.errors.asking import (
    AddressRefused,
    AlreadyExists,
    CheckFailed,
    ImageUnusable,
    InvalidInput,
    ManifestUnusable,
    NoImages,
    NoManifest,
    NotFound,
    NotReady,
    TooBusy,
    UploadRefused,
)
from app.errors.jobs import (
    ConnectionUnusable,
    FetchFailed,
    FileChanged,
    FileError,
    FileMissing,
    FileUnreadable,
    JobAlreadyFinished,
    JobNotFound,
    JobStopped,
    NotRepeatable,
    PlanUnusable,
    ScratchUnusable,
    SourceEmpty,
    SourceUnreadable,
    StoppedElsewhere,
    TooManyDeletions,
    TooManyJobs,
)
from app.errors.people import (
    AuthorizationUnusable,
    CallerUnknown,
    ConsentRefused,
    InvalidLogin,
    KeysMissing,
    NotAllowed,
    PickerSessionEnded,
    ProviderUnsupported,
    RequestForged,
    TooManyAttempts,
    UserDisabled,
)
from app.errors.root import (
    DatabaseUnavailable,
    NotConfigured,
    SettingsError,
    SluiceError,
)
from app.errors.storages import (
    AccessDenied,
    ConsentRequired,
    IdentityRefused,
    InvalidCredentials,
    KeyRefused,
    ListingBroken,
    ObjectExists,
    ObjectMissing,
    QuotaExceeded,
    RequestRefused,
    StorageError,
    StorageFailure,
    StorageFull,
    StorageMissing,
    StorageNotEmpty,
    StorageUnreachable,
    Throttled,
)

__all__ = [
    "AccessDenied",
    "AddressRefused",
    "AlreadyExists",
    "AuthorizationUnusable",
    "CallerUnknown",
    "CheckFailed",
    "ConnectionUnusable",
    "ConsentRefused",
    "ConsentRequired",
    "DatabaseUnavailable",
    "FetchFailed",
    "FileChanged",
    "FileError",
    "FileMissing",
    "FileUnreadable",
    "IdentityRefused",
    "ImageUnusable",
    "InvalidCredentials",
    "InvalidInput",
    "InvalidLogin",
    "JobAlreadyFinished",
    "JobNotFound",
    "JobStopped",
    "KeyRefused",
    "KeysMissing",
    "ListingBroken",
    "ManifestUnusable",
    "NoImages",
    "NoManifest",
    "NotAllowed",
    "NotConfigured",
    "NotFound",
    "NotReady",
    "NotRepeatable",
    "ObjectExists",
    "ObjectMissing",
    "PickerSessionEnded",
    "PlanUnusable",
    "ProviderUnsupported",
    "QuotaExceeded",
    "RequestForged",
    "RequestRefused",
    "ScratchUnusable",
    "SettingsError",
    "SluiceError",
    "SourceEmpty",
    "SourceUnreadable",
    "StoppedElsewhere",
    "StorageError",
    "StorageFailure",
    "StorageFull",
    "StorageMissing",
    "StorageNotEmpty",
    "StorageUnreachable",
    "Throttled",
    "TooBusy",
    "TooManyAttempts",
    "TooManyDeletions",
    "TooManyJobs",
    "UploadRefused",
    "UserDisabled",
]
