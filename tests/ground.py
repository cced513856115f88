"""Where tests write: in memory where there is room, for nothing they store has to outlive a power cut."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2 << 30


def choose() -> None:
    """From now on, in this process and in those it starts; whoever sets TMPDIR has chosen already."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
