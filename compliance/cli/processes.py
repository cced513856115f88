"""Child processes of `./portal run`: started, watched, started again, stopped."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

SOON = 3.0
MOST_FAILURES = 5
STOP_SECONDS = 12
DIE_WITH_PARENT = 1
PARENT = "PORTAL_PARENT"


class ChildFailedError(Exception):
    """A child does not stay up; the text says which."""


@dataclass
class Child:
    """One process; its own group, so that nothing of it outlives it."""

    name: str
    arguments: list[str]
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    failures: int = field(default=0)

    def start(self) -> None:
        output = self.log.open("ab") if self.log else None
        try:
            self.process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                [sys.executable, "-m", "compliance.cli", *self.arguments],
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, PARENT: str(os.getpid())},
            )
        finally:
            if output is not None:
                output.close()
        self.began = time.monotonic()

    def check(self) -> None:
        """Starts the child again when it ended. Raises ChildFailedError when it ends again and again."""
        if self.process is None or self.process.poll() is None:
            return
        self.failures = self.failures + 1 if time.monotonic() - self.began < SOON else 0
        self.end_group()
        if self.failures >= MOST_FAILURES:
            raise ChildFailedError(f"the {self.name} does not stay up; see {self.log or 'the lines above'}")
        print(f"The {self.name} ended ({self.process.returncode}) and is started again.", file=sys.stderr, flush=True)
        self.start()

    def end_group(self) -> None:
        """Ends what the child itself may have left behind."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def stop(children: list[Child]) -> None:
    """Asks all to finish, waits, and ends those that do not."""
    for child in children:
        if child.process is not None and child.process.poll() is None:
            child.process.terminate()
    limit = time.monotonic() + STOP_SECONDS
    for child in children:
        if child.process is not None:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.1, limit - time.monotonic()))
            child.end_group()


def follow_parent() -> None:
    """In a child (Linux): when the parent is killed, this process is told to stop."""
    if os.environ.get(PARENT) == str(os.getppid()):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
