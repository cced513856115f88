"""A draft edition from outside: its files taken out of a ZIP, or as they were edited, and every mistake in them."""

import io
import json
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from compliance.bounded.child import serve
from compliance.inspection.refusal import RefusedFileError
from questionnaires import EditionRefusedError, khmer
from questionnaires.checking import Finding, check
from questionnaires.folders import digest_of, laid_out
from questionnaires.loader import SUFFIXES
from questionnaires.reading import read
from questionnaires.text import LANGS
from scoring.loading.reader import MAX_BYTES

FIRST = "edition.yaml"
MOST_FILES = 100
MOST_ENTRIES = 1_000
"""With what is no file of an edition: folders, pictures, what a computer leaves in its archives."""
MAX_UNPACKED = 8_000_000
DEEPEST = 2
"""A file lies in the edition's folder, or in a folder of that."""
MOST_TOLD = 500
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


def work(request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """`data` is a ZIP, or with `{"packed": false}` a JSON object of texts by place. Answers `refused` with `values`, or
    what `look` tells and in the body the texts as JSON.
    """
    try:
        texts = unpacked(data) if request["packed"] else json.loads(data)
    except RefusedFileError as refused:
        return {"refused": refused.code, "values": refused.values}, b""
    return look(texts), json.dumps(texts).encode()


def unpacked(data: bytes) -> dict[str, str]:
    """The edition's files by their place; nothing larger than an edition can be is ever held."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            found, left = {}, MAX_UNPACKED
            for place, info in _members(packed):
                with packed.open(info) as member:
                    content = member.read(min(MAX_BYTES, left) + 1)
                left -= len(content)
                if left < 0 or len(content) > MAX_BYTES:
                    raise RefusedFileError("too_large", megabytes=MAX_UNPACKED // 1_000_000)
                found[place] = _text(place, content)
    except BROKEN as error:
        raise RefusedFileError("unreadable") from error
    return found


def _text(place: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RefusedFileError("not_utf8", file=place, line=line) from error


def _members(packed: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """The edition's files below the folder that holds edition.yaml, wherever that lies in the ZIP."""
    infos = [info for info in packed.infolist() if not info.is_dir()]
    if len(infos) > MOST_ENTRIES:
        raise RefusedFileError("too_many", files=MOST_FILES)
    paths = [(PurePosixPath(info.filename.replace("\\", "/")), info) for info in infos]
    roots = [path.parent for path, _info in paths if path.name == FIRST]
    if not roots:
        raise RefusedFileError("no_edition")
    root = min(roots, key=lambda path: (len(path.parts), str(path)))
    wanted = [(path, info) for path, info in paths if path.suffix in SUFFIXES and path.is_relative_to(root)]
    own = [(path.relative_to(root), info) for path, info in wanted if not path.name.startswith(".")]
    if len(own) > MOST_FILES:
        raise RefusedFileError("too_many", files=MOST_FILES)
    if len({str(place) for place, _info in own}) != len(own):
        raise RefusedFileError("twice")
    for place, info in own:
        plain = info.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        outside = ".." in place.parts or place.is_absolute() or len(place.parts) > DEEPEST
        if outside or not plain or stat.S_ISLNK(info.external_attr >> 16):
            raise RefusedFileError("unreadable")
        yield str(place), info


def look(texts: Mapping[str, str]) -> dict[str, Any]:
    """`sha256`, `name`, `title`, `mistakes` (the first of them), and how many are `wrong` and `doubtful` in all."""
    with laid_out(texts) as folder:
        found = _findings(folder)
        name, title = _named(folder)
    wrong = sum(one.severity == "error" for one in found)
    return {
        "sha256": digest_of(texts),
        "name": name,
        "title": title,
        "mistakes": [_told(one) for one in found[:MOST_TOLD]],
        "wrong": wrong,
        "doubtful": len(found) - wrong,
    }


def _findings(folder: Path) -> tuple[Finding, ...]:
    """As `python -m questionnaires check` finds them; what cannot be loaded at all is wrong."""
    try:
        return check(folder)
    except EditionRefusedError as refused:
        return tuple(Finding("error", error) for error in refused.errors)


def _told(finding: Finding) -> dict[str, Any]:
    error = finding.error
    return {
        "severity": finding.severity,
        "file": error.file,
        "line": error.line,
        "column": error.column,
        "key": error.key,
        **{lang: khmer.reason(error, lang) for lang in ("km", "en")},
    }


def _named(folder: Path) -> tuple[str, dict[str, str]]:
    """What edition.yaml says of itself, as far as it can be read."""
    document = read(folder / FIRST, FIRST, [])
    said = document.value if document and isinstance(document.value, dict) else {}
    name, title = said.get("id"), said.get("title")
    words = title if isinstance(title, dict) else {}
    known = {str(lang): words[lang] for lang in LANGS if isinstance(words.get(lang), str)}
    return name if isinstance(name, str) else "", known if len(known) == len(LANGS) else {}


if __name__ == "__main__":
    serve(work, foreign=True)
