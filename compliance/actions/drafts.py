"""A draft as somebody uploads it: a rubric file, or an edition's folder as a ZIP; read safely, refused with places."""

import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from compliance.actions.rehearsing import SCALE, Draft
from compliance.domain.errors import InvalidError
from questionnaires import EditionRefusedError, current, edition, editions, khmer
from questionnaires.catalogue import DIRECTORY
from questionnaires.loader import SUFFIXES, load
from scoring import Rubric, RubricError
from scoring.loading.khmer import in_words
from scoring.loading.reader import MAX_BYTES, read_rubric
from scoring.text import Text, same

RUBRIC_ENDINGS = (".yaml", ".yml", ".json")
ENDINGS = (*RUBRIC_ENDINGS, ".zip")
MOST_FILES = 100
MAX_UNPACKED = 8_000_000
FIELD = "draft"


def printable(text: str) -> str:
    """The text without what no page and no database can hold; a place to break Khmer lines stays."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\u200b")


class DraftRefusedError(Exception):
    """The draft has mistakes; `mistakes` says each in both languages, with file, line and column."""

    def __init__(self, mistakes: Iterable[Text]) -> None:
        self.mistakes = tuple(Text(printable(one.km), printable(one.en)) for one in mistakes)
        super().__init__("\n".join(one.en for one in self.mistakes))


@dataclass(frozen=True)
class Differences:
    """How a draft's rules differ from those in force; texts and order aside."""

    criteria: int
    new: int
    gone: int
    changed: int
    groups_changed: bool
    levels_changed: bool


def published(edition_id: str) -> Draft:
    """An edition that is published already. Raises InvalidError when there is none."""
    if edition_id not in editions():
        raise InvalidError("what", "Choose one of these.")
    return Draft(edition_id, edition(edition_id).rubric)


def read_upload(name: str, data: bytes) -> Draft:
    """The draft in an uploaded file. Raises InvalidError when it is none, DraftRefusedError when it has mistakes."""
    ending = PurePosixPath(name.lower()).suffix
    if ending not in ENDINGS:
        raise InvalidError(FIELD, "Choose a rubric file (.yaml or .json) or an edition's folder packed as .zip.")
    if not data:
        raise InvalidError(FIELD, "This file is empty.")
    with tempfile.TemporaryDirectory(prefix="draft-") as folder:
        try:
            draft = _edition(Path(folder), data) if ending == ".zip" else _rubric(Path(folder), ending, data)
        except EditionRefusedError as error:
            said = (Text(khmer.in_words(one, "km"), khmer.in_words(one, "en")) for one in error.errors)
            raise DraftRefusedError(said) from error
        except RubricError as error:
            file = printable(PurePosixPath(name.replace("\\", "/")).name)
            problems = [replace(one, file=file) for one in error.problems]
            raise DraftRefusedError(Text(in_words(one, "km"), in_words(one, "en")) for one in problems) from error
    if SCALE not in draft.rubric.levels:
        raise InvalidError(FIELD, "The draft has no levels called “award”, so no award can be compared.")
    return draft


def _rubric(folder: Path, ending: str, data: bytes) -> Draft:
    """Rules alone. Where they fit the questions of the edition in force, they get its words."""
    if len(data) > MAX_BYTES:
        raise InvalidError(FIELD, "The file is too large: at most %(megabytes)s MB.", megabytes=MAX_BYTES // 1_000_000)
    path = folder / f"rubric{ending}"
    path.write_bytes(data)
    rubric = read_rubric(path)
    return Draft(f"{rubric.id} {rubric.version}", _with_words(folder / "edition", data) or rubric)


def _with_words(folder: Path, data: bytes) -> Rubric | None:
    for path in (DIRECTORY / current().id).rglob("*.yaml"):
        target = folder / path.relative_to(DIRECTORY / current().id)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data if target.name == "rubric.yaml" else path.read_bytes())
    try:
        return load(folder).rubric
    except (EditionRefusedError, RubricError):
        return None


def _edition(folder: Path, data: bytes) -> Draft:
    """A whole edition; nothing is written outside `folder` and nothing larger than an edition can be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            left = MAX_UNPACKED
            for name, info in _members(packed):
                with packed.open(info) as member:
                    content = member.read(min(MAX_BYTES + 1, left + 1))
                left -= len(content)
                if left < 0:
                    raise InvalidError(
                        FIELD, "The file is too large: at most %(megabytes)s MB.", megabytes=MAX_UNPACKED // 1_000_000
                    )
                target = folder.joinpath(*name.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _unreadable() from error
    found = load(folder)
    return Draft(found.id, found.rubric)


def _members(packed: zipfile.ZipFile) -> Iterator[tuple[PurePosixPath, zipfile.ZipInfo]]:
    """The edition's files by their place below the folder that holds edition.yaml, wherever that lies in the ZIP."""
    infos = {PurePosixPath(info.filename.replace("\\", "/")): info for info in packed.infolist() if not info.is_dir()}
    roots = [path.parent for path in infos if path.name == "edition.yaml"]
    if not roots or len(infos) > MOST_FILES:
        raise InvalidError(FIELD, "There is no edition.yaml in this ZIP file. Pack the whole folder of the edition.")
    root = min(roots, key=lambda path: (len(path.parts), str(path)))
    for path, info in infos.items():
        if path.suffix not in SUFFIXES or not path.is_relative_to(root):
            continue
        inside = path.relative_to(root)
        plain = info.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        if ".." in path.parts or path.is_absolute() or len(inside.parts) > 2 or not plain:
            raise _unreadable()
        yield inside, info


def _unreadable() -> InvalidError:
    return InvalidError(FIELD, "This ZIP file cannot be read. Pack the edition's folder again, without a password.")


def differences(draft: Rubric, force: Rubric) -> Differences:
    """What the draft changes in the rules."""
    before, after = _plain_criteria(force), _plain_criteria(draft)
    return Differences(
        criteria=len(after),
        new=len(after.keys() - before.keys()),
        gone=len(before.keys() - after.keys()),
        changed=sum(after[name] != before[name] for name in after.keys() & before.keys()),
        groups_changed=_plain_groups(draft) != _plain_groups(force),
        levels_changed=_plain_levels(draft) != _plain_levels(force),
    )


NO_TITLE = same("")


def _plain_criteria(rubric: Rubric) -> dict[str, object]:
    return {name: replace(criterion, title=NO_TITLE) for name, criterion in rubric.criteria.items()}


def _plain_groups(rubric: Rubric) -> dict[str, object]:
    return {name: replace(group, title=NO_TITLE) for name, group in rubric.groups.items()}


def _plain_levels(rubric: Rubric) -> dict[str, object]:
    return {
        name: replace(scale, title=NO_TITLE, rungs=tuple(replace(rung, title=NO_TITLE) for rung in scale.rungs))
        for name, scale in rubric.levels.items()
    }
