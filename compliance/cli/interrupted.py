"""A restore that was stopped half-way: nothing serves until it was run again, and what it knew is not lost."""

import json
import os
import sys
from pathlib import Path
from typing import Any

NAME = "restoring.json"


def refuse_to_serve(data_dir: Path) -> None:
    """Exits with a sentence when a restore did not come to its end: awards could live again, mails go twice."""
    if (data_dir / NAME).exists():
        sys.exit("A restore was stopped half-way. Run it again: ./portal restore DIR")


def begin(data_dir: Path, known: dict[str, Any]) -> None:
    """Keeps what the store told before it is replaced."""
    data_dir.mkdir(parents=True, exist_ok=True)
    fresh = data_dir / f"{NAME}.new"
    with fresh.open("w") as stream:
        json.dump(known, stream)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(data_dir / NAME)


def known(data_dir: Path) -> dict[str, Any] | None:
    """What an interrupted restore knew; None when there is none."""
    path = data_dir / NAME
    return dict(json.loads(path.read_text())) if path.exists() else None


def end(data_dir: Path) -> None:
    """The restore is complete."""
    (data_dir / NAME).unlink(missing_ok=True)
