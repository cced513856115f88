"""Looking into a file ends: in time, within its memory, with a reason; and leaves nothing behind."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from compliance.actions.inspecting import inspect
from compliance.bounded import runner
from compliance.bounded.limits import CPU_SECONDS, MEMORY, WALL_SECONDS
from compliance.domain.errors import InvalidError
from tests.actions import samples
from tests.bounded import begun_anew
from tests.inspection.bombs import BOMBS

ENDS = {"file_bomb", "file_too_heavy", "file_damaged", "file_unreadable", "file_type"}


@pytest.fixture(autouse=True, scope="module")
def really() -> Iterator[None]:
    with begun_anew():
        yield


@pytest.fixture(scope="module", params=BOMBS)
def bomb(request: pytest.FixtureRequest) -> bytes:
    return BOMBS[request.param]()


def test_a_bomb_ends_in_a_refusal_within_memory_and_time(bomb: bytes) -> None:
    before = time.monotonic()
    with pytest.raises(InvalidError) as refused:
        inspect("a.pdf", bomb, samples.SENDER, pictures=True, max_bytes=100_000_000)
    assert refused.value.message in ENDS
    assert time.monotonic() - before < WALL_SECONDS + 2


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for rooms of a test's own."""
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    (tmp_path / "compliance").symlink_to(Path(__file__).parents[2] / "compliance")
    return tmp_path


def write(room: Path, body: str) -> str:
    lines = "\n    ".join(body.splitlines())
    text = f"from compliance.bounded.child import serve\n\ndef work(request, data):\n    {lines}\n\nserve(work, foreign=True)\n"
    (room / "trial.py").write_text(text)
    return "trial"


def test_memory_is_bounded(room: Path) -> None:
    with pytest.raises(runner.TooHeavyError):
        runner.ask(write(room, f"return {{}}, b'x' * {MEMORY}"), {})


def test_time_is_bounded(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "WALL_SECONDS", 1)
    started = time.monotonic()
    with pytest.raises(runner.TooHeavyError):
        runner.ask(write(room, "while True: pass"), {})
    assert time.monotonic() - started < CPU_SECONDS


def test_what_comes_back_is_bounded(room: Path) -> None:
    body = "import sys\nfor _ in range(200): sys.stdout.buffer.write(b'x' * 1_000_000)\nreturn {}, b''"
    with pytest.raises((runner.TooHeavyError, runner.CrashedError)):
        runner.ask(write(room, body), {})


def test_what_it_started_ends_with_it(room: Path) -> None:
    body = "import subprocess\np = subprocess.Popen(['sleep', '60'])\nreturn {'pid': p.pid}, b''"
    told, _data = runner.ask(write(room, body), {})
    time.sleep(0.2)
    state = Path(f"/proc/{told['pid']}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_it_knows_none_of_our_secrets(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "quokka")
    told, _data = runner.ask(write(room, "import os\nreturn dict(os.environ), b''"), {})
    assert "quokka" not in json.dumps(told)
    assert "SECRET_KEY" not in told


def test_a_crash_is_told_apart_from_a_limit(room: Path) -> None:
    with pytest.raises(runner.CrashedError):
        runner.ask(write(room, "raise RuntimeError('broken')"), {})


SLOW = "import time\ntime.sleep(1)\nreturn {}, b''"


def together(module: str, senders: list[runner.Sender]) -> list[str]:
    """What each is told when all ask at once."""
    answers: list[str] = []

    def ask(sender: runner.Sender) -> None:
        try:
            runner.ask_about_foreign(module, {}, b"", sender)
            answers.append("done")
        except runner.BusyError:
            answers.append("busy")

    threads = [threading.Thread(target=ask, args=(sender,)) for sender in senders]
    for thread in threads:
        thread.start()
    time.sleep(0.7)
    assert set(answers) <= {"busy"}, "who finds no place is told so at once"
    for thread in threads:
        thread.join()
    return answers


def person(number: int) -> runner.Sender:
    return runner.Sender(f"person {number}", known=True)


def stranger(address: str) -> runner.Sender:
    return runner.Sender(address, known=False)


def test_few_at_once_and_the_next_is_told_so_at_once(room: Path) -> None:
    module = write(room, SLOW)
    answers = together(module, [person(number) for number in range(12)])
    assert answers.count("done") == runner.RUNNING + runner.WAITING
    assert runner.ask_about_foreign(module, {}, b"", person(1))[0] == {}


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param([person(1)] * 12, id="one person"),
        pytest.param([stranger("192.0.2.1")] * 12, id="one address"),
        pytest.param([stranger(f"192.0.2.{number}") for number in range(12)], id="many addresses"),
    ],
)
def test_no_sender_keeps_out_the_others(room: Path, flood: list[runner.Sender]) -> None:
    answers = together(write(room, SLOW), [*flood, person(2)])
    assert answers.count("done") == flood[0].most + 1
    assert not runner._held


def test_no_file_is_left_open(tmp_path: Path) -> None:
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    for _turn in range(3):
        inspect("a.pdf", samples.pdf(), samples.SENDER, pictures=False, max_bytes=10_000_000)
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


def test_the_room_alone_takes_its_limits_before_it_reads(room: Path) -> None:
    body = "import resource\nreturn {'memory': resource.getrlimit(resource.RLIMIT_AS)}, b''"
    done = subprocess.run(
        [sys.executable, "-m", write(room, body)], input=b"{}\n", cwd=room, capture_output=True, check=True
    )
    assert json.loads(done.stdout)["memory"] == [MEMORY, MEMORY]
