"""A draft edition that a test may spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from questionnaires import EditionRefusedError, load
from questionnaires.catalogue import DIRECTORY

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def draft(tmp_path: Path) -> Edit:
    """``draft(file, old, new)`` replaces the first ``old`` in a copy of the first edition and returns its folder."""
    folder = tmp_path / "draft"
    shutil.copytree(DIRECTORY / "2026", folder)

    def edit(file: str, old: str, new: str) -> Path:
        path = folder / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")
        return folder

    return edit


def refused(folder: Path) -> list[str]:
    with pytest.raises(EditionRefusedError) as caught:
        load(folder)
    return [str(error) for error in caught.value.errors]
