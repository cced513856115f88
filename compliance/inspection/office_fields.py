"""Fields of documents and formulas of sheets: which start programs or draw in what is not in the file."""

import re

from compliance.inspection.links import is_remote, running_scheme
from compliance.inspection.refusal import RefusedFileError

FIELDS = {
    "DDE": "file_field", "DDEAUTO": "file_field", "INCLUDETEXT": "file_remote", "INCLUDE": "file_remote",
    "IMPORT": "file_remote", "LINK": "file_remote", "DATABASE": "file_remote", "RD": "file_remote",
    "CONTROL": "file_embedded", "EMBED": "file_embedded", "HTMLCONTROL": "file_embedded",
}  # fmt: skip
PICTURES = frozenset({"INCLUDEPICTURE"})
_NAME = re.compile(r'[\s"\u200b-\u200f\u2060\ufeff]*([A-Za-z]+)')
"""A field's name ends where its letters end; Word needs no space behind it."""
_SWITCH = re.compile(r"\\[a-z*@#!]", re.IGNORECASE)
_TELLING = re.compile(r'\\[lot]\s*(?:"[^"]*"|\S+)', re.IGNORECASE)
"""Switches of a link whose word is a place in the page, a hint or a window, never where it leads."""
_DDE_IN_TEXT = re.compile(
    r"\bDDEAUTO\s+[\"'“]?(?:[a-z]:|[\\/]{2}|cmd\b|(?:ms)?excel\b|winword\b|powershell\b|mshta\b|\S*\.exe\b)",
    re.IGNORECASE,
)
"""The field with what it starts; the name alone is a word that policies use."""
_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
_CALLS = re.compile(
    r"\b(WEBSERVICE|CALL|REGISTER(?:\.ID)?|EXEC|RTD|SQL\.REQUEST|EVALUATE|IMAGE|STOCKHISTORY)\s*\(", re.IGNORECASE
)
_DDE = re.compile(r"\bDDE\s*\(", re.IGNORECASE)  # a function of LibreOffice
_OTHER_BOOK = re.compile(r"'(?:[^']|'')*\[(?:[^']|'')*'\s*!|(?<![\w\])])\[[^\]]*[^\]\d][^\]]*\][\w.]*!")
_TEXT = re.compile(r'"[^"]*"')
_LINK = re.compile(r'\bHYPERLINK\s*\(\s*"([^"]*)"', re.IGNORECASE)


def refuse_field(instruction: str) -> None:
    """Raises RefusedFileError for a field's whole instruction, its runs joined."""
    found = _NAME.match(instruction)
    name = found[1].upper() if found else ""
    if name in FIELDS:
        raise RefusedFileError(FIELDS[name])
    rest = instruction[found.end() :].removeprefix('"') if found else ""
    for target in _targets(_TELLING.sub(" ", rest) if name == "HYPERLINK" else rest):
        if name in PICTURES and (target.startswith(("\\\\", "//")) or (":" in target and is_remote(target))):
            raise RefusedFileError("file_remote")
        if name == "HYPERLINK" and (scheme := running_scheme(target)):
            raise RefusedFileError("file_link", scheme=scheme[:30])


def _targets(text: str) -> list[str]:
    """The words of an instruction behind its name, without the switches."""
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|[^\s"]+', text)]
    return [word for word in words if word and not _SWITCH.fullmatch(word)]


def refuse_told(text: str) -> None:
    """Raises RefusedFileError when a part's text holds the name of the field that starts programs."""
    if _DDE_IN_TEXT.search(text):
        raise RefusedFileError("file_field")


def refuse_formula(formula: str) -> None:
    """Raises RefusedFileError for a formula that starts a program (`cmd|'/c calc'!A0`) or calls out."""
    for link in _LINK.findall(formula):
        if scheme := running_scheme(link):
            raise RefusedFileError("file_link", scheme=scheme[:30])
    bare = _QUOTED.sub("", formula)
    if re.search(r"\|[^!]*!", bare) or _DDE.search(bare):
        raise RefusedFileError("file_field")
    if _CALLS.search(bare) or _OTHER_BOOK.search(_TEXT.sub("", formula)):
        raise RefusedFileError("file_remote")
