"""A second published edition for tests: a copy of the first one with changes, the current one while the test runs."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from unittest.mock import patch

from questionnaires import catalogue

Edit = tuple[str, str, str]
"""A file of the edition, a text in it, and what takes its place there."""
_numbers = count(1)
FIRST, HERE = "2026", catalogue.DIRECTORY


@contextmanager
def next_edition(folder: Path, *edits: Edit) -> Iterator[str]:
    """Publishes the changed copy and gives its id, which no other test uses: forms are kept by it."""
    name = f"test{next(_numbers)}"
    shutil.copytree(HERE / FIRST, folder / FIRST)
    shutil.copytree(HERE / FIRST, folder / name)
    for file, old, new in (("edition.yaml", f"id: '{FIRST}'", f"id: '{name}'"), *edits):
        path = folder / name / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")
    with patch.object(catalogue, "DIRECTORY", folder), patch.object(catalogue, "locked", lambda: {FIRST: "", name: ""}):
        _forget()
        try:
            yield name
        finally:
            _forget()


def _forget() -> None:
    catalogue.carried.cache_clear()
    catalogue._of_the_code.cache_clear()
