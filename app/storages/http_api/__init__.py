"""What drivers of storages behind HTTP APIs share: sending, waiting, reading in pieces, resumable uploads, deleting."""
