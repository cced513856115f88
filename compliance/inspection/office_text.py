"""One XML part, read as a stream: its elements' names, the joined text of its fields, its formulas."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from compliance.inspection.office_fields import refuse_field, refuse_formula, refuse_told
from compliance.inspection.refusal import RefusedFileError

MOST_DEPTH = 200
WATCHED = frozenset({"Relationship", "Default", "Override"})
BLANKS = frozenset({"tab", "br", "cr"})
FIELD_PARTS = BLANKS | {"fldChar", "fldSimple"}
INSTRUCTIONS = frozenset({"instrText", "delInstrText"})  # one that was deleted comes back when the change is rejected
FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedName"})
REFUSED_ROOTS = {
    "DataMashup": "file_remote", "connections": "file_remote", "queryTable": "file_remote",
    "externalLink": "file_remote", "volTypes": "file_remote", "customUI": "file_macros", "macrosheet": "file_macros",
    "dialogsheet": "file_macros", "vbaSuppData": "file_macros", "ocx": "file_embedded", "webextension": "file_script",
    "taskpanes": "file_script", "html": "file_embedded",
}  # fmt: skip
REFUSED_ELEMENTS = {
    "ddeLink": "file_field", "oleLink": "file_remote", "altChunk": "file_embedded", "OLEObject": "file_embedded",
    "oleObject": "file_embedded",
}  # fmt: skip
VML = "urn:schemas-microsoft-com:vml"
SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True)
class Element:
    """An element that tells about parts, with its attributes (their names without namespace)."""

    name: str
    attributes: Mapping[str, str]


@dataclass
class Part:
    """What is remembered of a part while it is read."""

    elements: list[Element] = field(default_factory=list)
    fields: list[list[str]] = field(default_factory=list)  # open ones, the innermost last
    loose: list[str] = field(default_factory=list)  # instructions outside any field
    told: list[str] = field(default_factory=list)  # the text that a reader sees
    formula: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    root: str = ""


def read_part(content: bytes) -> Part:
    """A part without document type and entities: neither can explode or reach out. Raises RefusedFileError."""
    part = Part()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda tag, attributes: _begin(part, tag, attributes)
    parser.EndElementHandler = lambda _tag: _end(part)
    parser.CharacterDataHandler = lambda text: _text(part, text)
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise RefusedFileError("file_damaged") from error
    for instruction in [*part.fields, part.loose]:
        refuse_field("".join(instruction))
    refuse_told("".join(part.told))
    return part


def _refuse_doctype(*_declared: object) -> None:
    raise RefusedFileError("file_damaged")


def _begin(part: Part, tag: str, attributes: dict[str, str]) -> None:
    space, _blank, name = tag.rpartition(" ")
    if not part.path:
        part.root = space
        if name in REFUSED_ROOTS:
            raise RefusedFileError(REFUSED_ROOTS[name])
    part.path.append(name)
    if len(part.path) > MOST_DEPTH:
        raise RefusedFileError("file_damaged")
    if name in REFUSED_ELEMENTS:
        raise RefusedFileError(REFUSED_ELEMENTS[name])
    if name in FIELD_PARTS:
        _take_field(part, name, _local(attributes))
    elif name == "blip" and "link" in _local(attributes):
        raise RefusedFileError("file_remote")
    elif name in WATCHED:
        part.elements.append(Element(name, _local(attributes)))
    elif name == "definedName" and "auto_" in _local(attributes).get("name", "").lower():
        raise RefusedFileError("file_macros")
    elif space in {VML, SVG}:
        _refuse_drawing(space, name, _local(attributes))


def _take_field(part: Part, name: str, attributes: Mapping[str, str]) -> None:
    """A beginning or an end, a whole field, or what stands for a blank between the words of an open one."""
    if name == "fldChar":
        _turn_field(part, attributes.get("fldCharType", ""))
    elif name == "fldSimple":
        refuse_field(attributes.get("instr", ""))
    elif part.fields:
        part.fields[-1].append(" ")


def _end(part: Part) -> None:
    name = part.path.pop()
    if name in FORMULAS and part.formula:
        refuse_formula("".join(part.formula))
        part.formula.clear()
    elif name == "p" and part.told:
        part.told.append("\n")


def _text(part: Part, text: str) -> None:
    name = part.path[-1]
    if name in INSTRUCTIONS:
        (part.fields[-1] if part.fields else part.loose).append(text)
    elif name in FORMULAS:
        part.formula.append(text)
    elif name == "t" and "spreadsheetml" not in part.root:
        part.told.append(text)


def _turn_field(part: Part, turn: str) -> None:
    """A field whose name is made by another field hides what it is."""
    if turn == "begin":
        if part.fields and not "".join(part.fields[-1]).strip():
            raise RefusedFileError("file_field")
        part.fields.append([])
    elif turn == "end" and part.fields:
        refuse_field("".join(part.fields.pop()))


def _local(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name.rpartition(" ")[2]: value for name, value in attributes.items()}


def _refuse_drawing(space: str, name: str, attributes: Mapping[str, str]) -> None:
    """Drawings may neither run nor load from elsewhere."""
    if space == SVG and (
        name in {"script", "foreignObject"} or any(key.lower().startswith("on") for key in attributes)
    ):
        raise RefusedFileError("file_script")
    source = attributes.get("src" if space == VML else "href", "").strip().lower()
    if source.startswith(("http:", "https:", "ftp:", "file:", "\\\\", "//", "javascript:")) and name != "a":
        raise RefusedFileError("file_remote")
