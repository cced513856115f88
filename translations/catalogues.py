"""Collects the messages of code and templates, keeps the Khmer catalogue in step with them, compiles what is used."""

import ast
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from scoring.phrases import Phrases

HERE = Path(__file__).parent
ROOT = HERE.parent
KHMER = HERE / "km" / "LC_MESSAGES"
OURS = KHMER / "messages.po"
TEMPLATE = HERE / "messages.pot"
SHOWN_TO_READERS: Mapping[str, Any] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
REFUSED = {"InvalidError": (2,)}
ANSWERS = KHMER / "answers.po"
"""What an officer reads of an answer, whatever the edition."""
OF_FILES = HERE / "km" / "of_files"
"""What is wrong in a file, by package: read by the package itself, not by the pages."""
SAID_OF_FILES: Mapping[str, frozenset[str]] = {
    "scoring": frozenset(
        {"wrong", "refuse", "Problem", "_wrong", "_refuse", "ScoringError", "error", "ValueRefusedError"}
        | {"ReadingError", "unread", "_fail"}
    ),
    "questionnaires": frozenset({"_wrong", "_error", "_warning", "_at", "error", "EditionError"}),
}
WIDTH = 120


def _found(keywords: Mapping[str, Any], *folders: str) -> Iterator[str | tuple[str, ...]]:
    with (HERE / "babel.cfg").open() as config:
        method_map, options_map = parse_mapping_cfg(config)  # type: ignore[no-untyped-call]
    for folder in folders:
        methods = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in method_map]
        options = {pattern.removeprefix(f"{folder}/"): chosen for pattern, chosen in options_map.items()}
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, methods, options, keywords=keywords
        ):
            yield message


def messages() -> Catalog:
    """Every message that a reader may see. A refusal's one-word codes are looked up in tables, not shown."""
    found = Catalog(charset="utf-8")
    for message in _found(SHOWN_TO_READERS, "compliance", "templates"):
        found.add(message)
    for message in _found(REFUSED, "compliance"):
        if " " in message:
            found.add(message)
    return found


def answer_messages() -> Catalog:
    """Every message of the questionnaires' own."""
    found = Catalog(charset="utf-8")
    for message in _found({"worded": None}, "questionnaires"):
        found.add(message)
    return found


def sentences(package: str) -> Iterator[str]:
    """Every text of several words that is given to what notes a mistake, with `{}` for values."""
    trees = (ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / package).rglob("*.py")))
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    for call in calls:
        if getattr(call.func, "attr", getattr(call.func, "id", "")) in SAID_OF_FILES[package]:
            parts = (*call.args, *(one.value for one in call.keywords))
            yield from (text for part in parts for text in _texts(part) if " " in text)


def _texts(node: ast.AST) -> Iterator[str]:
    """The node's own texts; those of other calls are theirs."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    elif not isinstance(node, ast.Call):
        for part in ast.iter_child_nodes(node):
            yield from _texts(part)


def of_files(package: str, written: Catalog) -> Catalog:
    """What the package may say: the sentences of the catalogue that stand in it, and those that none of them covers."""
    found = Catalog(charset="utf-8")
    worded = {str(message.id): str(message.string) for message in written if message.id and message.string}
    known = Phrases(worded)
    for text in sentences(package):
        if known.said(text.replace("{}", "x")) is None:
            found.add(text)
    source = "".join(path.read_text("utf-8") for path in (ROOT / package).rglob("*.py"))
    for text in worded:
        if _stands_in(source, text):
            found.add(text)
    return found


def _stands_in(source: str, text: str) -> bool:
    longest = max(text.split("{}"), key=len)
    return longest.replace("{", "{{").replace("}", "}}") in source or longest.removeprefix("Use").strip() in source


def khmer(path: Path = OURS) -> Catalog:
    """The catalogue as it is written."""
    with path.open("rb") as file:
        return read_po(file, locale="km", domain=path.stem)


def in_step(template: Catalog, written: Catalog) -> Catalog:
    """The written catalogue with what is new (still without words) and without what is gone."""
    made = Catalog("km", fuzzy=False, header_comment=written.header_comment, project="champion-companies")
    made.version, made.msgid_bugs_address, made.last_translator = "1", "docs/khmer-review.md", "docs/khmer-review.md"
    made.creation_date, made.revision_date = written.creation_date, written.creation_date
    for message in template:
        if message.id:
            known = written.get(message.id if isinstance(message.id, str) else message.id[0])
            made.add(message.id, known.string if known else "")
    return made


def compiled(catalogue: Catalog) -> bytes:
    """What the portal reads at run time."""
    made = BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def main() -> int:
    """Writes the template, the Khmer catalogue and the compiled files; the exit status says whether words lack."""
    template = messages()
    with TEMPLATE.open("wb") as file:
        write_po(file, template, width=WIDTH, omit_header=True, no_location=True, sort_output=True)
    ours = in_step(template, khmer())
    with OURS.open("wb") as file:
        write_po(file, ours, width=WIDTH, no_location=True, sort_output=True)
    told = [ours]
    beside = {
        OF_FILES / f"{package}.po": of_files(package, khmer(OF_FILES / f"{package}.po")) for package in SAID_OF_FILES
    }
    for path, messages_ in {ANSWERS: answer_messages(), **beside}.items():
        told.append(in_step(messages_, khmer(path)))
        with path.open("wb") as file:
            write_po(file, told[-1], width=WIDTH, no_location=True, sort_output=True)
    for path in (*KHMER.glob("*.po"), *OF_FILES.glob("*.po")):
        path.with_suffix(".mo").write_bytes(compiled(khmer(path)))
    lacking = [str(one.id) for catalogue in told for one in catalogue if one.id and not all(one.string or [""])]
    sys.stdout.write("".join(f"no Khmer yet: {text}\n" for text in lacking))
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
