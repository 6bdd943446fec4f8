"""The embedded S3 server: its keys, its life, and what it tells people when it cannot live."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from app.errors import SettingsError
from app.storages.embedded import EmbeddedKeys, EmbeddedS3, load_or_create_keys
from app.storages.embedded.leftovers import clear_leftovers
from app.storages.s3 import S3Address, S3Storage
from tests.conformance.contents import MIB, content
from tests.conformance.subjects import client_of
from tests.support.servers import READY_SECONDS, free_port

KEYS = EmbeddedKeys("embedded-key", "embedded secret=/+\\key")


@pytest.fixture(autouse=True)
def _rclone_is_installed(rclone):
    """Skip or fail like every test that needs the server."""


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def server(tmp_path, port):
    server = EmbeddedS3(tmp_path, port, KEYS)
    yield server
    server.stop()


def bucket(port, name="mybucket"):
    return S3Address(f"http://127.0.0.1:{port}", name, KEYS.access_key, KEYS.secret_key)


def wait_for(condition):
    deadline = time.monotonic() + READY_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def is_free(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_objects_outlive_the_server(tmp_path, port, server):
    server.start()
    server.wait_until_ready(READY_SECONDS)
    with closing(S3Storage(bucket(port))) as storage:
        storage.create()
        storage.write("key", content(b"data"))
    server.stop()
    assert server.poll() is None
    wait_for(lambda: is_free(port))
    server.start()
    server.wait_until_ready(READY_SECONDS)
    assert server.poll() is None
    with closing(S3Storage(bucket(port))) as storage:
        assert storage.read("key").read() == b"data"
    assert (tmp_path / "embedded-s3" / "objects" / "mybucket" / "key").read_bytes() == b"data"


def test_stopping_is_harmless_at_any_time(server):
    server.stop()
    server.start()
    server.stop()
    server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.fault(38)
def test_the_secret_is_not_on_the_command_line(server):
    server.start()
    server.wait_until_ready(READY_SECONDS)
    shown = Path(f"/proc/{server.pid}/cmdline").read_text()
    assert "serve\0s3" in shown
    assert KEYS.secret_key not in shown


@pytest.mark.fault("commands", "embedded")
def test_settings_of_another_rclone_do_not_reach_it(monkeypatch, server):
    monkeypatch.setenv("RCLONE_ADDR", "127.0.0.1:1")
    monkeypatch.setenv("RCLONE_LOG_LEVEL", "nonsense")
    server.start()
    server.wait_until_ready(READY_SECONDS)


def test_a_port_in_use_is_told_before_anything_starts(port, server):
    with socket.create_server(("127.0.0.1", port)), pytest.raises(SettingsError, match=f"Port {port} .* MINIO_PORT"):
        server.start()
    server.start()


def test_a_second_server_on_one_folder_is_told_who_runs_the_first(tmp_path, server):
    server.start()
    second = EmbeddedS3(tmp_path, free_port(), KEYS)
    with pytest.raises(SettingsError, match=f"Process {os.getpid()} "):
        second.start()
    second.stop()
    server.stop()
    second.start()
    second.stop()


def test_a_server_that_ends_is_reported_with_the_end_of_its_log(server):
    server.start()
    server.wait_until_ready(READY_SECONDS)
    os.kill(server.pid, signal.SIGKILL)
    wait_for(lambda: server.poll() is not None)
    with pytest.raises(SettingsError, match=r"ended at once.*rclone\.log"):
        server.wait_until_ready(READY_SECONDS)


def test_another_server_in_its_place_is_noticed(tmp_path, rclone):
    """Its keys are unknown there, so waiting longer would not help."""
    impostor = EmbeddedS3(tmp_path, int(rclone.endpoint.rpartition(":")[2]), KEYS)
    with pytest.raises(SettingsError, match="not ready"):
        impostor.wait_until_ready(20)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can end a child with its parent")
def test_no_server_is_left_behind_when_its_parent_is_killed(tmp_path, port):
    program = (
        "import sys, pathlib\n"
        "from app.storages.embedded import EmbeddedKeys, EmbeddedS3\n"
        f"server = EmbeddedS3(pathlib.Path({str(tmp_path)!r}), {port}, EmbeddedKeys('embedded-key', 'embedded-secret'))\n"
        "server.start()\n"
        f"server.wait_until_ready({READY_SECONDS})\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout.readline() == b"ready\n"
        assert not is_free(port)
        parent.kill()
    wait_for(lambda: is_free(port))


def test_what_a_killed_server_left_unfinished_is_cleared_at_the_next_start(port, server):
    server.start()
    server.wait_until_ready(READY_SECONDS)
    with closing(S3Storage(bucket(port))) as storage, closing(client_of(bucket(port))) as client:
        storage.create()
        storage.write("kept/object", content(b"data"))
        upload = client.create_multipart_upload(Bucket="mybucket", Key="some/deep/key")["UploadId"]
        client.upload_part(Bucket="mybucket", Key="some/deep/key", UploadId=upload, PartNumber=1, Body=bytes(5 * MIB))
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    wait_for(lambda: is_free(port))
    server.start()
    server.wait_until_ready(READY_SECONDS)
    with closing(S3Storage(bucket(port))) as storage:
        assert [entry.key for entry in storage.list()] == ["kept/object"]
        storage.delete(["kept/object"])
        storage.drop()


def test_clearing_leftovers_keeps_objects_and_buckets(tmp_path):
    for name in ("full/a/b/object", "full/.rclone_temp_put_1", "hollow/c/d/.rclone_temp_multipart_2"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "empty").mkdir()
    clear_leftovers(tmp_path)
    left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
    assert left == ["empty", "full", "full/a", "full/a/b", "full/a/b/object", "hollow"]


def test_keys_are_made_once_and_only_their_owner_can_read_them(tmp_path):
    keys = load_or_create_keys(tmp_path, None)
    assert load_or_create_keys(tmp_path, None) == keys
    path = tmp_path / "embedded-s3" / "keys.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.secret_key not in repr(keys)
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_keys_of_the_settings_win_and_are_not_kept(tmp_path):
    assert load_or_create_keys(tmp_path, ("given-key", "given-secret")) == EmbeddedKeys("given-key", "given-secret")
    assert list(tmp_path.iterdir()) == []


def test_several_that_ask_at_once_get_the_same_keys(tmp_path):
    together = threading.Barrier(8)

    def ask(_):
        together.wait()
        return load_or_create_keys(tmp_path, None)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(("a,b", "long enough"), id="comma"),
        pytest.param(("abc", 'quo"ted-secret'), id="quote"),
        pytest.param(("ab", "long enough"), id="a short key"),
        pytest.param(("abc", "1234567"), id="a short secret"),
        pytest.param(("abc", "line\nbreak-secret"), id="line break"),
        pytest.param(("schlüssel", "long enough"), id="beyond ASCII"),
    ],
)
def test_keys_that_the_server_cannot_take_are_refused(tmp_path, given):
    with pytest.raises(SettingsError, match="MINIO_ACCESS_KEY") as raised:
        load_or_create_keys(tmp_path, given)
    assert given[1] not in str(raised.value)


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}", json.dumps({"access_key": "abc"})])
def test_a_damaged_key_file_is_named(tmp_path, text):
    (tmp_path / "embedded-s3").mkdir()
    (tmp_path / "embedded-s3" / "keys.json").write_text(text)
    with pytest.raises(SettingsError, match=r"keys\.json is damaged"):
        load_or_create_keys(tmp_path, None)


def test_a_data_directory_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="DATA_DIR"):
        load_or_create_keys(tmp_path / "file", None)
    with pytest.raises(SettingsError, match="DATA_DIR"):
        EmbeddedS3(tmp_path / "file", free_port(), KEYS).start()


def test_a_missing_rclone_is_told_with_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match=r"make setup.*STORAGE_URL"):
        EmbeddedS3(tmp_path, free_port(), KEYS).start()
