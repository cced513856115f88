"""A draft as somebody uploads it: a rubric file, or an edition's folder as a ZIP; read safely, refused with places."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from compliance.actions.rehearsing import SCALE, Draft
from compliance.bounded.runner import CrashedError, Sender, TooHeavyError, ask_about_foreign
from compliance.domain.errors import InvalidError
from questionnaires import edition, editions
from scoring import Rubric, load_rubric
from scoring.loading.reader import MAX_BYTES
from scoring.text import Text, same

RUBRIC_ENDINGS = (".yaml", ".yml", ".json")
ENDINGS = (*RUBRIC_ENDINGS, ".zip")
FIELD = "draft"
MODULE = "compliance.inspection.rehearsed_draft"


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


def read_upload(name: str, data: bytes, beside: Mapping[str, str], sender: Sender) -> Draft:
    """The draft in an uploaded file, read outside this process; `beside` are the files of the edition in force, whose
    words a rubric alone gets where it fits them.

    Raises InvalidError when it is none, DraftRefusedError when it has mistakes, BusyError.
    """
    ending = PurePosixPath(name.lower()).suffix
    if ending not in ENDINGS:
        raise InvalidError(FIELD, "Choose a rubric file (.yaml or .json) or an edition's folder packed as .zip.")
    if not data:
        raise InvalidError(FIELD, "This file is empty.")
    if ending != ".zip" and len(data) > MAX_BYTES:
        raise too_large(MAX_BYTES // 1_000_000)
    file = printable(PurePosixPath(name.replace("\\", "/")).name)
    try:
        told, body = ask_about_foreign(MODULE, {"ending": ending, "file": file, "beside": dict(beside)}, data, sender)
    except (TooHeavyError, CrashedError) as error:
        raise InvalidError(FIELD, "file_bomb") from error
    if "refused" in told:
        raise refusal(told["refused"], told["values"])
    if "mistakes" in told:
        raise DraftRefusedError(Text(one["km"], one["en"]) for one in told["mistakes"])
    rubric = load_rubric(json.loads(body))
    if SCALE not in rubric.levels:
        raise InvalidError(FIELD, "The draft has no levels called “award”, so no award can be compared.")
    return Draft(told["name"], rubric)


def refusal(code: str, values: Mapping[str, Any]) -> InvalidError:
    """Why a ZIP is no edition at all, as `inspection.edition_draft` says it."""
    match code:
        case "too_large":
            return too_large(values["megabytes"])
        case "too_many":
            return InvalidError(
                FIELD, "There are too many files in this ZIP: at most %(files)s.", files=values["files"]
            )
        case "no_edition":
            return InvalidError(
                FIELD, "There is no edition.yaml in this ZIP file. Pack the whole folder of the edition."
            )
        case "twice":
            return InvalidError(FIELD, "A file stands twice in this ZIP. Pack the edition's folder again.")
        case "not_utf8":
            file, line = printable(values["file"]), values["line"]
            return InvalidError(
                FIELD, "%(file)s, line %(line)s: this is not UTF-8 text. Save the file as UTF-8.", file=file, line=line
            )
    return unreadable()


def too_large(megabytes: int) -> InvalidError:
    return InvalidError(FIELD, "The file is too large: at most %(megabytes)s MB.", megabytes=megabytes)


def unreadable() -> InvalidError:
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
