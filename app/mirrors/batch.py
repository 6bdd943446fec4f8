"""Carries out batches of mirror jobs: opens the two storages, does the steps, tells the planner what became of them."""

import logging
from collections.abc import Sequence

from app.errors import DatabaseUnavailable, SluiceError
from app.jobs.contract import BatchContext, BatchResult
from app.mirrors.direction import Direction, direction_of
from app.mirrors.mounts import require_known_folder_when_empty, require_volume
from app.mirrors.opening import Opening, Sides
from app.mirrors.sides import OpenSides
from app.mirrors.unfinished import Pair
from app.mirrors.volumes import Volumes
from app.settings import Settings
from app.transfer.batch import BatchRun
from app.transfer.batching import Line
from app.transfer.operations import Operations
from app.transfer.results import Results

logger = logging.getLogger(__name__)


def folder_of(settings: Settings) -> int:
    """Return what tells the uploads folder from another one in its place, such as an empty mount point; 0: unknown.

    It is the number of its inode, which all machines see that mount the same file system.
    """
    try:
        return settings.uploads_dir.stat().st_ino
    except OSError:
        return 0


class MirrorBatchHandler:
    """The handler of batches of job kind ``mirror``; one for all, thread-safe.

    See `app.jobs.contract.BatchHandler`. Source and target stay open for some seconds for the next batch.
    """

    def __init__(self, settings: Settings, opening: Opening) -> None:
        self._settings = settings
        self._opening = opening
        self._sides = OpenSides(opening.noting_sides)

    def __call__(self, context: BatchContext) -> BatchResult:
        """Do one batch."""
        folder, *lines = context.steps
        if folder not in (0, here := folder_of(self._settings)):
            logger.error(
                "Job %s: UPLOADS_DIR %s is not the folder that its planner sees (inode %s and not %s), so this process "
                "leaves it to others. Mount the same folder on all machines.",
                context.job_id, self._settings.uploads_dir, here, folder,
            )  # fmt: skip
            return BatchResult([], context.steps)
        done = self._done_here(context, lines)
        return BatchResult(done.result, [folder, *done.left] if done.left else ())

    def _done_here(self, context: BatchContext, lines: Sequence[Line]) -> BatchResult:
        results = Results(context.report_moving)
        try:
            self._require_safe(context)
            with self._sides.lent(context) as sides:
                return self._done(context, lines, sides, results)
        except DatabaseUnavailable:
            return BatchResult([], lines)  # of connections; nothing was begun
        except SluiceError as error:
            return _stopped(context, results, error, lines)

    def close(self) -> None:
        """Close what is open, as soon as nobody uses it."""
        self._sides.close()

    def _done(self, context: BatchContext, lines: Sequence[Line], sides: Sides, results: Results) -> BatchResult:
        index = results if sides.index is None else sides.index
        operations = Operations(sides.source, sides.target, context.token, results, index, asks_for_each_key=True)
        run = BatchRun(operations, results, context.threads, context.seconds)
        try:
            left = run.run(context.kind, lines)
            return BatchResult(results.lines(), left)
        except SluiceError as error:
            return _stopped(context, results, error, run.left(lines))
        finally:
            if sides.index is not None:
                sides.index.flush()

    def _require_safe(self, context: BatchContext) -> None:
        """Return when the uploads folder of this machine is the one it was, with the volumes in it."""
        uploads, data_dir, arguments = self._settings.uploads_dir, self._settings.data_dir, context.arguments
        require_volume(uploads, data_dir)
        folder = self._opening.folder_path(arguments)
        Volumes.of(Pair.of(arguments), folder, uploads, data_dir).require_there()
        if direction_of(arguments) is Direction.UPLOAD:
            require_known_folder_when_empty(uploads, data_dir)


def _stopped(context: BatchContext, results: Results, error: SluiceError, left: Sequence[Line]) -> BatchResult:
    """Return what a batch has told until it met an error that ends the whole job.

    When this process is to stop, the machine may be going down, and the storage or the network first.
    """
    if context.token.is_cancelled:
        return BatchResult(results.lines(), left)
    results.stop(error.reason, str(error))
    return BatchResult(results.lines())
