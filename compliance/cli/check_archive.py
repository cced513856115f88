"""Command: check-archive. Works out anew every digest of what a company took home, without a database."""

import argparse
import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance.cli.recheck import derive
from compliance.store.assessments import Submission
from questionnaires import catalogue
from questionnaires.errors import EditionRefusedError, UnknownEditionError
from questionnaires.folders import load_texts
from questionnaires.model import Edition

SUBMISSIONS, FILES, EDITIONS = "data/submissions.json", "files/", "editions/"
CHUNK = 1_000_000
MOST_OF_AN_EDITION = 20_000_000
"""Bytes of its files, unpacked: more is no edition."""


class Enclosed:
    """The editions that travel in the archive: what did not come with this program is read from there."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    def begun(self) -> Mapping[str, bool]:
        return {}

    def find(self, edition_id: str) -> Edition | None:
        folder = f"{EDITIONS}{edition_id}/"
        inside = [one for one in self.archive.infolist() if one.filename.startswith(folder)]
        if not inside or sum(one.file_size for one in inside) > MOST_OF_AN_EDITION:
            return None
        return load_texts({one.filename.removeprefix(folder): self.archive.read(one).decode() for one in inside})


@dataclass(frozen=True)
class Found:
    """One thing that was checked; `same` is None for what cannot be checked here."""

    what: str
    same: bool | None
    note: str = ""


def register(commands: Any) -> None:
    """Adds this file's command."""
    check = commands.add_parser(
        "check-archive",
        help="check a company's archive against the digests on its receipts; exit code 1 on a difference",
    )
    check.add_argument("archive", type=Path, help="the ZIP that a company downloaded")
    check.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Says of every submission and file whether it is what its digest says."""
    try:
        with zipfile.ZipFile(chosen.archive) as archive:
            catalogue.put_beside(Enclosed(archive))
            checked = list(checks(archive))
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        print(f"{chosen.archive} is not the archive of a company: {error}", file=sys.stderr)
        return 2
    for one in checked:
        said = {True: "same", False: "DIFFERENT", None: "not checked"}[one.same]
        print(f"{said}: {one.what}{f' ({one.note})' if one.note else ''}")
    wrong = sum(one.same is False for one in checked)
    print(f"{len(checked)} checked: {f'{wrong} DIFFER' if wrong else 'none differs'}")
    return 1 if wrong else 0


def checks(archive: zipfile.ZipFile) -> Iterator[Found]:
    """Each submission's digest, edition and claimed score, then each file that a submission names."""
    files: dict[int, tuple[str, str]] = {}
    for row in json.loads(archive.read(SUBMISSIONS)):
        content = json.loads(row["content"])
        yield from _submission(row, content)
        for given in content["evidence"].values():
            files |= {file["id"]: (file["name"], file["sha256"]) for file in given if not file.get("address")}
    yield from _files(archive, files)


def _submission(row: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Found]:
    name = f"round {content['round']} of assessment {content['assessment']}"
    digest = hashlib.sha256(row["content"].encode()).hexdigest()
    yield Found(f"submission, {name}", digest == row["digest"], digest)
    score = hashlib.sha256(row["scorecard"].encode()).hexdigest()
    yield Found(f"claimed scorecard, {name}", score == row["scorecard_sha256"] == content["scorecard_sha256"], score)
    yield _derived(name, row, content)


def _derived(name: str, row: Mapping[str, Any], content: Mapping[str, Any]) -> Found:
    """The claimed score, worked out anew from the answers; only with the very edition they were given to."""
    what = f"claimed score worked out anew, {name}"
    try:
        edition = catalogue.edition(content["edition"])
    except UnknownEditionError:
        return Found(what, None, f"edition {content['edition']} is not installed here")
    except (EditionRefusedError, ValueError):
        return Found(what, False, f"edition {content['edition']} in the archive is damaged")
    if edition.sha256 != content["edition_sha256"]:
        return Found(what, None, f"edition {edition.id} is another one here")
    again = derive(Submission(content=row["content"]), "claimed").canonical_json(json.loads(row["scorecard"])["format"])
    return Found(what, again.decode() == row["scorecard"])


def _files(archive: zipfile.ZipFile, files: Mapping[int, tuple[str, str]]) -> Iterator[Found]:
    kept = {
        entry.removeprefix(FILES).partition("-")[0]: entry for entry in archive.namelist() if entry.startswith(FILES)
    }
    for number, (name, sha256) in sorted(files.items()):
        entry = kept.get(str(number), "")
        if not entry or entry.endswith(".missing.txt"):
            yield Found(f"file {number}, {name}", None, "it is not in the archive")
        else:
            yield Found(f"file {number}, {name}", _digest(archive, entry) == sha256, sha256)


def _digest(archive: zipfile.ZipFile, entry: str) -> str:
    digest = hashlib.sha256()
    with archive.open(entry) as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()
