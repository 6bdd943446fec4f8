"""Standing programs: one process for each image, whatever it does; programs that end are replaced, and none is left."""

import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from app.pictures.asking import StandingPrograms, _told
from app.pictures.process import NoAnswer, TooSlow
from tests.support.pictures import encoded, picture
from tests.support.service import eventually

ROOT = Path(__file__).parents[3]
ROSE = picture((40, 30), "JPEG")
KNOWN = {"format": "JPEG", "width": 40, "height": 30}
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc, or needs a limit that only Linux knows")


@pytest.fixture
def programs():
    programs = StandingPrograms(at_once=1)
    yield programs
    programs.close()


@pytest.fixture
def rose(tmp_path):
    (tmp_path / "rose").write_bytes(ROSE)
    return tmp_path / "rose"


@pytest.fixture
def pipe(tmp_path):
    """A file that whoever opens it waits for."""
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def pids(programs):
    return [program._running[1].pid for program in programs._programs if program._running]


def opened(pipe):
    """Open a pipe for writing, once somebody waits for that."""

    def descriptor():
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            return None

    return eventually(descriptor, what="somebody who reads the pipe")


def nobody_reads(descriptor):
    polled = select.poll()
    polled.register(descriptor, 0)
    return any(event & select.POLLERR for _, event in polled.poll(0))


def is_gone(pid):
    """Whether a process has ended; where there is no /proc nobody waits for that."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize("name", ["rose.jpg", "-m", "a b\n", '"', "\u3042", "\udcff", "\U0001f339" * 60])
def test_a_path_is_a_question_whatever_is_in_it(programs, tmp_path, name):
    (tmp_path / name).write_bytes(ROSE)

    assert programs.facts_of(tmp_path / name) == KNOWN


@pytest.mark.usefixtures("rose")
def test_the_program_is_found_wherever_this_one_was_started(tmp_path):
    (tmp_path / "json.py").write_text("raise SystemExit(9)")  # would be in the place of Python's own
    code = (
        f"import sys; sys.path.append({str(ROOT)!r})\n"
        "from pathlib import Path; from app.pictures.asking import StandingPrograms\n"
        "assert StandingPrograms(1).facts_of(Path('rose'))['width'] == 40"
    )

    subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, env={}, check=True)


def test_no_program_runs_before_it_is_needed_and_one_stays(programs, rose, tmp_path):
    assert not pids(programs)

    assert programs.facts_of(rose) == KNOWN
    first = pids(programs)
    assert programs.facts_of(tmp_path / "gone") == programs.facts_of(Path("/dev/null")) == {}
    assert programs.facts_of(rose) == KNOWN
    assert pids(programs) == first


@on_linux
@pytest.mark.parametrize(("side", "is_known"), [(4000, True), (16_000, False)])
def test_an_image_that_needs_more_memory_is_not_known(programs, tmp_path, rose, side, is_known):
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    canvas = struct.pack("<I", side - 1)[:3]
    (tmp_path / "moving").write_bytes(data[:24] + 2 * canvas + data[30:])  # Pillow makes two canvases when it opens it
    programs.facts_of(rose)
    first = pids(programs)

    assert programs.facts_of(tmp_path / "moving").get("width") == (side if is_known else None)
    assert programs.facts_of(rose) == KNOWN
    assert pids(programs) == first


@pytest.mark.slow
def test_an_image_that_needs_more_of_the_processor_is_not_known(programs, tmp_path, rose):
    with (tmp_path / "endless").open("wb") as file:
        file.write(b"\xff\xd8\xff\xe0\0\x04ab")
        file.truncate(2**31)  # of zeros, which Pillow reads one by one to find a segment
    programs.facts_of(rose)
    first = pids(programs)

    assert programs.facts_of(tmp_path / "endless") == {}
    assert programs.facts_of(rose) == KNOWN
    assert pids(programs) == first


@pytest.mark.slow
def test_an_image_that_needs_more_time_is_not_known(programs, pipe, rose):
    programs.facts_of(rose)
    first = pids(programs)

    assert programs.facts_of(pipe) == {}
    assert programs.facts_of(rose) == KNOWN
    assert pids(programs) == first


@pytest.mark.slow
def test_an_image_that_heeds_no_alarm_is_ended_by_its_program(pipe):
    code = (
        "import signal; from pathlib import Path; from app.pictures.asking import StandingPrograms\n"
        "signal.signal(signal.SIGALRM, signal.SIG_IGN)  # and so do the processes that are started from now on\n"
        f"assert StandingPrograms(1).facts_of(Path({str(pipe)!r})) == {{}}"
    )

    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_program_that_somebody_ended_is_started_anew(programs, rose, number):
    programs.facts_of(rose)
    (first,) = pids(programs)
    os.kill(first, number)
    eventually(lambda: is_gone(first), what="the end of the program")

    assert programs.facts_of(rose) == KNOWN
    assert pids(programs) != [first]


@pytest.mark.slow
def test_an_image_whose_program_is_ended_meanwhile_is_asked_once_more(programs, pipe, rose):
    with ThreadPoolExecutor() as pool:
        found = pool.submit(programs.facts_of, pipe)
        descriptor = opened(pipe)
        rose.rename(pipe)
        os.kill(pids(programs)[0], signal.SIGKILL)

        assert found.result(60) == KNOWN
    eventually(lambda: nobody_reads(descriptor), what="the end of the process that nobody waits for")
    os.close(descriptor)


@on_linux
def test_a_program_that_does_not_answer_is_ended(rose):
    programs = StandingPrograms(at_once=1, patience=60)
    programs.facts_of(rose)
    (first,) = pids(programs)
    programs._programs[0]._patience = 0.2
    os.kill(first, signal.SIGSTOP)

    with pytest.raises(TooSlow):
        programs.facts_of(rose)
    programs._programs[0]._patience = 60
    assert is_gone(first)
    assert programs.facts_of(rose) == KNOWN
    programs.close()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="none"),
        pytest.param(b"{", id="the start of one"),
        pytest.param(b"{\n", id="no JSON"),
        pytest.param(b"\xff\n", id="no text"),
        pytest.param(b"[]\n", id="no object"),
        pytest.param(b"[" * 4000 + b"\n", id="a deep one"),
        pytest.param(b"{}\n{}\n", id="two"),
        pytest.param(b" " * 4096 + b"{}\n", id="a long one"),
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(answer):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(answer)
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(NoAnswer) as caught:
            _told(ours, b"question\n", 60)
    assert caught.type is not TooSlow


def test_an_answer_is_an_object_or_nothing():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b'{"format": "JPEG"}\n')
        assert _told(ours, b"one\n", 60) == {"format": "JPEG"}
        theirs.sendall(b"\n")
        assert _told(ours, b"two\n", 60) == {}
        assert theirs.recv(100) == b"one\ntwo\n"


def test_whoever_finds_all_programs_at_work_waits(programs, pipe, rose):
    with ThreadPoolExecutor() as pool:
        first = pool.submit(programs.facts_of, pipe)
        descriptor = opened(pipe)
        thread = threading.Thread(target=programs.facts_of, args=[rose])
        thread.start()
        thread.join(0.5)  # who did not wait would be ready by then
        waited = thread.is_alive()
        os.close(descriptor)
        thread.join()

        assert waited
        assert first.result(60) == {}


def test_many_threads_get_each_its_own_answer(tmp_path):
    programs = StandingPrograms(at_once=2)
    for width in range(1, 65):
        (tmp_path / str(width)).write_bytes(picture((width, 9), "PNG"))

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda width: programs.facts_of(tmp_path / str(width))["width"], range(1, 65)))

    assert found == list(range(1, 65))
    assert len(pids(programs)) == 2
    programs.close()


@on_linux
def test_neither_a_process_nor_a_descriptor_is_left(programs, rose):
    programs.facts_of(rose)
    before = len(list(Path("/proc/self/fd").iterdir()))
    ended = []
    for _ in range(5):
        ended += pids(programs)
        os.kill(ended[-1], signal.SIGKILL)
        assert programs.facts_of(rose) == KNOWN
    children = Path(f"/proc/{pids(programs)[0]}/task/{pids(programs)[0]}/children").read_text()
    descriptors = list(Path(f"/proc/{pids(programs)[0]}/fd").iterdir())

    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert not [pid for pid in ended if Path(f"/proc/{pid}").exists()]
    assert not children.split()
    assert len(descriptors) == 3


@on_linux
@pytest.mark.slow
@pytest.mark.parametrize("at_work", [False, True])
def test_no_program_outlives_a_service_that_is_killed(rose, pipe, at_work):
    code = (
        "import sys, threading; from pathlib import Path; from app.pictures.asking import StandingPrograms\n"
        f"programs = StandingPrograms(1); programs.facts_of(Path({str(rose)!r}))\n"
        "print(programs._programs[0]._running[1].pid, flush=True)\n"
        f"programs.facts_of(Path({str(pipe)!r})) if {at_work} else sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as service:
        pid = int(service.stdout.readline())
        descriptor = opened(pipe) if at_work else None
        service.kill()

    eventually(lambda: is_gone(pid), what="the end of the program")
    if descriptor is not None:
        eventually(lambda: nobody_reads(descriptor), what="the end of the image's process")
        os.close(descriptor)


@on_linux
@pytest.mark.slow
def test_a_process_that_is_forked_has_programs_of_its_own(rose):
    code = f"""if True:
        import os, threading
        from pathlib import Path
        from app.pictures.asking import StandingPrograms
        rose = Path({str(rose)!r})
        programs = StandingPrograms(2)
        pids = lambda: {{program._running[1].pid for program in programs._programs if program._running}}
        files = lambda: len(os.listdir("/proc/self/fd"))
        before = files()
        assert programs.facts_of(rose) == {KNOWN}
        first = pids()
        programs._free.get(), programs._free.get()  # as if two threads were asking at this moment
        child = os.fork()
        if not child:
            assert files() == before and not pids()
            assert programs.facts_of(rose) == {KNOWN}
            assert pids() and not pids() & first
            programs.close()
            os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        for program in programs._programs:
            programs._free.put(program)
        assert pids() == first and programs.facts_of(rose) == {KNOWN} and pids() == first
        """

    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, check=True)
