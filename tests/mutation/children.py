"""Work in forked children, so many at once, each with a process group and a folder of its own."""

import os
import shutil
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

Work = Callable[[], int]
BROKEN = 70
# Where errors of our own go: the tests' words go nowhere.
SAID = os.fdopen(os.dup(2), "w", buffering=1)


def forked(work: Work) -> int:
    """Starts the work in a child; its process id."""
    process = os.fork()
    if process:
        return process
    code = BROKEN
    try:
        os.setpgid(0, 0)
        code = work()
    except BaseException:  # noqa: BLE001 - the child ends here, whatever it was
        traceback.print_exc(file=SAID)
    finally:
        os._exit(code)


def ended() -> tuple[int, int]:
    """Waits for a child: its process id and its exit code, negative when a signal ended it."""
    process, status = os.wait()
    with suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    return process, os.waitstatus_to_exitcode(status)


def each(works: Iterable[tuple[str, Work]], parallel: int, scratch: Path) -> Iterator[tuple[str, int]]:
    """The exit code of each named work, as soon as it is known."""
    waiting, running = list(works)[::-1], dict[int, tuple[str, Work]]()
    while waiting or running:
        while waiting and len(running) < parallel:
            name, work = waiting.pop()
            running[forked(partial(_in_folder, work, scratch / name))] = (name, work)
        process, code = ended()
        name, work = running.pop(process)
        shutil.rmtree(scratch / name, ignore_errors=True)
        # Somebody else ended it: that tells nothing.
        if code in {-signal.SIGKILL, -signal.SIGTERM}:
            waiting.append((name, work))
        elif code == BROKEN:
            raise RuntimeError(f"{name} could not be tried")
        else:
            yield name, code


def _in_folder(work: Work, folder: Path) -> int:
    folder.mkdir()
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(folder)
    return work()
