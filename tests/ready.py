"""Processes that begin with their libraries loaded: half of a start is imports, and a run makes hundreds of starts.

One process a kind imports once and forks for whoever asks. What is forked is a process as any other: a session,
limits, an environment and an end of its own. Nothing of ours is loaded in it but what the kind names.
"""

import atexit
import importlib
import json
import os
import runpy
import select
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import NoReturn

ROOT = Path(__file__).parents[1]
LONGEST = 1 << 20


class Forked:
    """What `subprocess.Popen` gives, as far as anybody here asks: `wait`, `pid`, `returncode`, and its ends."""

    def __init__(self, minder: socket.socket, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._minder = minder

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, negative for a signal. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            self._minder.settimeout(timeout)
            try:
                self.returncode = int(self._minder.recv(16))
            except TimeoutError:
                raise subprocess.TimeoutExpired("forked", timeout or 0.0) from None
            self._minder.close()
        return self.returncode


def start(
    kind: Sequence[str], module: str, streams: Sequence[int], env: dict[str, str], cwd: Path, words: Sequence[str] = ()
) -> Forked:
    """`python -m module words`, by the process that has loaded the modules of `kind`."""
    asked = json.dumps({"module": module, "words": list(words), "env": env, "cwd": str(cwd)}).encode()
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line.connect(_source(tuple(kind)))
    socket.send_fds(line, [asked], list(streams))
    return Forked(line, int(line.recv(16)))


_starting = threading.Lock()


def _source(kind: tuple[str, ...]) -> str:
    with _starting:
        return _started(kind)


@cache
def _started(kind: tuple[str, ...]) -> str:
    """The address of the process that forks; it ends with this one, however that ends."""
    address = f"{mkdtemp(prefix='ready-')}/line"
    env = {"PATH": os.defpath, "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.ready", address, *kind]
    source = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert source.stdin is not None
    assert source.stdout is not None
    assert source.stdout.readline() == b"ready\n", kind
    source.stdout.close()
    atexit.register(_end, source)
    return address


def _end(source: subprocess.Popen[bytes]) -> None:
    assert source.stdin is not None
    source.stdin.close()
    source.wait()


def _serve(address: str, kind: list[str]) -> None:
    for name in kind:
        importlib.import_module(name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(address)
        door.listen(64)
        print("ready", flush=True)
        while door in select.select([door, sys.stdin], [], [])[0]:  # else whoever started this is gone
            line, _who = door.accept()
            if os.fork() == 0:
                door.close()
                _mind(line)
            line.close()
            _bury()
    Path(address).unlink()
    Path(address).parent.rmdir()


def _bury() -> None:
    """Those that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _mind(line: socket.socket) -> NoReturn:
    """Forks, tells the number of the child, waits for its end and tells that."""
    asked, streams, _flags, _who = socket.recv_fds(line, LONGEST, 3)
    if (pid := os.fork()) == 0:
        line.close()
        _become(json.loads(asked), streams)
    for stream in streams:
        os.close(stream)
    with suppress(OSError):
        line.send(b"%d" % pid)
        _pid, status = os.waitpid(pid, 0)
        line.send(b"%d" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(asked: dict[str, object], streams: list[int]) -> NoReturn:
    """The process that was asked for."""
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, max(streams) + 1)
    os.environ.clear()
    os.environ.update(asked["env"])  # type: ignore[call-overload]
    os.chdir(str(asked["cwd"]))
    sys.path[0] = str(asked["cwd"])
    module = str(asked["module"])
    sys.argv = [module, *asked["words"]]  # type: ignore[misc]
    sys.modules.pop(module, None)
    code = _run(module)
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _run(module: str) -> int:
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 (whatever it is, Python would print it and end)
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2:])
