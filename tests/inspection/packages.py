"""Office files with one thing changed: parts added, relationships and types declared, as attackers would."""

import io
import zipfile
from collections.abc import Callable, Mapping

import docx
import openpyxl

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships/"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
Parts = dict[str, bytes]


def written(file: object) -> bytes:
    out = io.BytesIO()
    file.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def document(text: str = "Policy") -> bytes:
    made = docx.Document()
    made.add_paragraph(text)
    return written(made)


def workbook() -> bytes:
    made = openpyxl.Workbook()
    made.active["A1"] = "Reports"
    made.active["B1"] = 12
    return written(made)


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(data: bytes, change: Callable[[Parts], object]) -> bytes:
    parts = parts_of(data)
    change(parts)
    return packed(parts)


def related(
    source: str, kind: str, target: str, *, outside: bool = False, base: str = OFFICE
) -> Callable[[Parts], None]:
    """Adds a relationship to a part (`word/document.xml`)."""
    folder, _slash, name = source.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels"
    mode = ' TargetMode="External"' if outside else ""
    line = f'<Relationship Id="rIdX" Type="{base}{kind}" Target="{target}"{mode}/>'

    def change(parts: Parts) -> None:
        empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        parts[rels] = parts.get(rels, empty).replace(b"</Relationships>", line.encode() + b"</Relationships>")

    return change


def declared(name: str, kind: str) -> Callable[[Parts], None]:
    """Declares the content type of a part."""
    line = f'<Override PartName="/{name}" ContentType="{kind}"/>'

    def change(parts: Parts) -> None:
        types = "[Content_Types].xml"
        parts[types] = parts[types].replace(b"</Types>", line.encode() + b"</Types>")

    return change


def with_part(name: str, content: bytes, *changes: Callable[[Parts], None]) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        parts[name] = content
        for one in changes:
            one(parts)

    return change


def with_default(ending: str, kind: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        types = "[Content_Types].xml"
        line = f'<Default Extension="{ending}" ContentType="{kind}"/>'.encode()
        parts[types] = parts[types].replace(b"</Types>", line + b"</Types>")

    return change


def with_body(xml: str, encoding: str = "utf-8") -> Callable[[Parts], None]:
    """Runs or paragraphs at the end of a document's body."""

    def change(parts: Parts) -> None:
        text = parts["word/document.xml"].decode()
        at = text.rindex("<w:sectPr")
        text = text[:at] + f"<w:p>{xml}</w:p>" + text[at:]
        head, _end, rest = text.partition("?>")
        new = (
            f'<?xml version="1.0" encoding="{encoding.upper()}" standalone="yes"?>' if head.startswith("<?xml") else ""
        )
        parts["word/document.xml"] = (new + rest).encode(encoding)

    return change


def with_formula(formula: str) -> bytes:
    made = openpyxl.Workbook()
    made.active["A1"] = formula
    return written(made)


def run(instruction: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'


def field(*pieces: str) -> str:
    """A field of several runs."""
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{turn}"/></w:r>' for turn in ("begin", "end"))
    return begin + "".join(pieces) + end
