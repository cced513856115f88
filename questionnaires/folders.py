"""An edition's files held in memory, {place below its folder: text}: read from a folder, laid out in one, loaded."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from questionnaires.loader import SUFFIXES, digest, load
from questionnaires.model import Edition

Texts = Mapping[str, str]


def texts_in(directory: Path) -> dict[str, str]:
    """Every file of the edition in a folder. Raises UnicodeDecodeError for what is not UTF-8."""
    found = sorted(path for path in directory.rglob("*") if path.suffix in SUFFIXES)
    return {path.relative_to(directory).as_posix(): path.read_bytes().decode() for path in found}


def digest_of(texts: Texts) -> str:
    """As `Edition.sha256` is of a folder with these files."""
    return digest({place: text.encode() for place, text in texts.items()})


@contextmanager
def laid_out(texts: Texts) -> Iterator[Path]:
    """A folder with these files, gone afterwards. Raises ValueError for a place outside of it."""
    with tempfile.TemporaryDirectory(prefix="edition-") as name:
        for place, text in texts.items():
            inside = PurePosixPath(place)
            if inside.is_absolute() or ".." in inside.parts:
                raise ValueError(place)
            target = Path(name) / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
        yield Path(name)


def load_texts(texts: Texts) -> Edition:
    """The edition; raises EditionRefusedError with everything that is wrong."""
    with laid_out(texts) as directory:
        return load(directory)
