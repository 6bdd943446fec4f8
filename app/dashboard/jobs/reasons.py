"""What the reasons of jobs and steps mean, in sentences for people; ``docs/reasons.md`` lists the same words."""

MEANINGS = {
    "cancelled_by_user": "Somebody asked for it. What was done before stays; start it again to go on.",
    "interrupted": (
        "The service stopped while this ran. A job that waits is resumed by itself; one that failed so has taken its "
        "process down six times, and the log says how."
    ),
    "source_unreadable": (
        "The source, or a folder in it, could not be listed: it may not be read, is broken, is not mounted, or an "
        "unfinished download has not brought yet what would be deleted. Nothing was deleted."
    ),
    "source_empty": "The source is missing or holds nothing, and deleting everything for that is not allowed.",
    "too_many_deletions": (
        "More would be deleted than max_delete allows, or than the plan showed that this was started from. Uploads "
        "were done, nothing was deleted. Look at a new plan."
    ),
    "storage_unreachable": (
        "The storage does not answer, or not as one of its kind. Check the address, and that it runs."
    ),
    "access_denied": "The keys are unknown or wrong, or do not allow this operation.",
    "storage_missing": "There is no such bucket, or it was removed while the job ran.",
    "storage_full": "The storage has no room left.",
    "listing_broken": "The storage lists out of order, or its pages cannot be followed, so nothing may be concluded.",
    "upload_failed": "Some uploads failed, for different reasons; the steps say why. Deletions were withheld.",
    "download_failed": "Some downloads failed, for different reasons; the steps say why. Deletions were withheld.",
    "copy_failed": "Copies failed, for different reasons; the steps say why.",
    "delete_failed": "Some deletions failed; the steps say why.",
    "file_changed": "The file kept changing while it was read, three times in a row. What was stored before stays.",
    "file_unreadable": "The file may not or cannot be read. What was stored before stays.",
    "file_missing": "The file went away between listing and reading. The next run sorts it out.",
    "files_skipped": "All went well, but something was left out that is no file: a pipe, or a link that leads away.",
    "not_a_file": "Only files are mirrored: no pipes, sockets, devices, markers of folders, or links that lead away.",
    "key_refused": (
        "This name cannot be stored there: it is too long, has characters that are refused, would lie outside the "
        "folder, or a folder or another file stands in its place."
    ),
    "object_missing": "There is no such object, or it went away meanwhile.",
    "object_exists": "The target has an object of that name, and it was not to be replaced or renamed.",
    "quota_exceeded": "The file does not fit into what its owner may keep in the library.",
    "not_ready": "The item has no file any more: it was purged.",
    "not_found": "An item or an upload that was to be copied is gone.",
    "upload_refused": "An upload that was to be copied is not whole, or is being written to.",
    "fetch_failed": "The address on the web gave no file.",
    "address_refused": "The address leads to this machine or its network; FETCH_HOSTS_ALLOWED can allow it.",
    "storage_not_empty": "The bucket could not be deleted: something appeared in it, or it keeps old versions.",
    "storage_failure": "The storage answered with an error of its own.",
    "scratch_unusable": "The disk of DATA_DIR is full or broken. Free space, then start the job again.",
    "connection_unusable": (
        "The connection was deleted or changed while the job waited, its credentials cannot be opened, or the owner of "
        "the job may not use it any more. Look at the connection, then start the job again."
    ),
    "authorization_unusable": (
        "No credentials can be made of the authorization, it was removed or changed since, or the owner of the job may "
        "not use it any more."
    ),
    "identity_refused": "No keys are lent for this identity: its token has expired, or the role does not trust it.",
    "consent_required": "Google takes the grant of this connection no more. Connect the account again.",
    "throttled": "The storage asked for fewer requests for longer than was reasonable to wait. Try again later.",
    "request_refused": "What was asked makes no sense to the storage, such as an id that no file can have.",
    "layout_invalid": "Everything was mirrored, but some files do not fit the layout of datasets; the steps say which.",
    "settings_invalid": "The keys that came with the request cannot be opened any more. Start the job again.",
    "internal_error": "A fault in Sluice; the log of the service has the details.",
}

WHY = {
    "new": "The target did not have it.",
    "size": "The sizes differed.",
    "edited": "The file had changed since both sides were last seen equal.",
    "replaced": "Somebody else had changed the object since both sides were last seen equal.",
    "content": "The sizes were the same, the contents were not.",
    "always": "It was asked to send every file.",
    "extra": "The source does not have it.",
    "missing": "The bucket did not exist.",
    "source_empty": "The source is missing or holds no file.",
}
"""Why a step was done that went well, or would be done by a plan."""


def meaning(reason: str | None) -> str:
    """Return what a reason means; the word itself where nobody has said that, and nothing for none."""
    return MEANINGS.get(reason, reason) if reason else ""
