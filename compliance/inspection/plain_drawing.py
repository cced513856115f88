"""A drawing (SVG) of shapes alone: nothing that runs, nothing that is loaded, no letters whose font we do not have."""

import re
from xml.parsers import expat

from compliance.inspection.refusal import RefusedFileError

SVG = "http://www.w3.org/2000/svg"
SHAPES = frozenset(
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "clipPath",
        "mask",
        "linearGradient",
        "radialGradient",
        "stop",
        "title",
        "desc",
        "metadata",
        "style",
    ]
)
LETTERS = frozenset({"text", "tspan", "textPath"})
DEEPEST, MOST = 60, 20_000
"""Elements within each other, and in all."""
_REACHES = re.compile(r"""@import|javascript:|data:|expression\s*\(|\\|url\(\s*["']?\s*(?!["'#\s])""", re.IGNORECASE)
"""What loads or runs, in an attribute or a style; a backslash could spell any of them."""


class _Reader:
    """Goes through the elements; each handler refuses what is no plain drawing."""

    def __init__(self) -> None:
        self.depth = self.count = 0
        self.text: list[str] = []

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        space, _blank, name = tag.rpartition(" ")
        self.depth, self.count = self.depth + 1, self.count + 1
        if (self.count == 1 and (space, name) != (SVG, "svg")) or self.depth > DEEPEST or self.count > MOST:
            raise RefusedFileError("mark_type" if self.count == 1 else "file_bomb")
        if space == SVG and name in LETTERS:
            raise RefusedFileError("mark_letters")
        if space == SVG and name not in SHAPES:
            raise RefusedFileError("mark_reaches")
        for label, value in attributes.items():
            _require_still(label.rpartition(" ")[2].lower(), value)

    def end(self, _tag: str) -> None:
        self.depth -= 1


def _require_still(name: str, value: str) -> None:
    outside = name == "href" and not value.strip().startswith("#")
    if name.startswith("on") or outside or _REACHES.search(value):
        raise RefusedFileError("mark_reaches")


def require_plain(data: bytes) -> None:
    """Raises RefusedFileError with why it is none."""
    reader, parser = _Reader(), expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.ProcessingInstructionHandler = _refuse_instruction
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text.append
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise RefusedFileError("mark_type") from error
    if _REACHES.search("".join(reader.text)):
        raise RefusedFileError("mark_reaches")


def _refuse_doctype(*_declared: object) -> None:
    raise RefusedFileError("mark_doctype")


def _refuse_instruction(*_said: object) -> None:
    """A stylesheet that is loaded from elsewhere."""
    raise RefusedFileError("mark_reaches")
