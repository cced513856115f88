"""Files as people really send them, and as attackers would."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache

import pikepdf
from PIL import Image

from compliance.bounded.runner import Sender

SENDER = Sender("person 1", known=True)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
)
RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
RELATION = (
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    'Target="{}"{}/>'
)


def pdf(**catalogue: object) -> bytes:
    """A one-page PDF; keyword arguments become entries of its catalogue."""
    document = pikepdf.new()
    document.add_blank_page()
    for key, value in catalogue.items():
        document.Root[f"/{key}"] = value
    return saved(document)


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    written = io.BytesIO()
    document.save(written, **options)
    return written.getvalue()


def pdf_with_page_entry(key: str, value: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.pages[0].obj[f"/{key}"] = document.make_indirect(value)
    return saved(document)


def pdf_with_stream(**entries: object) -> bytes:
    """A page that draws a stream with these entries."""
    document = pikepdf.new()
    document.add_blank_page()
    drawn = document.make_stream(b"", Type=pikepdf.Name.XObject)
    for key, value in entries.items():
        drawn[f"/{key}"] = value
    document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Drawn=drawn))
    return saved(document)


def pdf_for_recipients() -> bytes:
    """Encrypted for the holders of certificates: no password opens it."""
    return saved(pikepdf.open(io.BytesIO(pdf())), qdf=True, static_id=True).replace(
        b"trailer <<", b"trailer <<\n  /Encrypt << /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5 /V 4 /Length 128 >>"
    )


def pdf_with_link(uri: str) -> bytes:
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(uri))
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    return pdf_with_page_entry("Annots", pikepdf.Array([note]))


def locked_pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    return saved(document, encryption=pikepdf.Encryption(owner="o", user="u"))


@cache
def packed_run(filler: bytes, million: int, head: bytes = b"") -> bytes:
    """`head` and so many million times the byte `filler`, as zlib packs them; one million is packed and repeated."""
    begin, block = (zlib.compressobj(9, wbits=-15) for _each in range(2))
    text = filler * 1_000_000
    first = begin.compress(head) + begin.flush(zlib.Z_FULL_FLUSH)
    again = block.compress(text) + block.flush(zlib.Z_FULL_FLUSH)
    check = zlib.adler32(head)
    for _each in range(million):
        check = zlib.adler32(text, check)
    return b"\x78\xda" + first + again * million + b"\x03\x00" + struct.pack(">I", check)


def pdf_bomb() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    packed = packed_run(b"\0", 320)
    stream = pikepdf.Stream(document, packed)
    stream["/Filter"] = pikepdf.Name.FlateDecode
    document.Root["/Bomb"] = document.make_indirect(stream)
    written = io.BytesIO()
    document.save(written, compress_streams=False, recompress_flate=False)
    return written.getvalue()


def zipped(parts: Mapping[str, str | bytes], comment: bytes = b"") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.comment = comment
    return written.getvalue()


def docx(extra: Mapping[str, str | bytes] | None = None, document: str = "<w/>", **options: bytes) -> bytes:
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES.format(part="word/document.xml", kind="wordprocessingml.document"),
        "_rels/.rels": RELS.format(RELATION.format("officeDocument", "word/document.xml", "")),
        "word/document.xml": document,
    }
    return zipped(parts | dict(extra or {}), **options)


def xlsx(extra: Mapping[str, str | bytes] | None = None) -> bytes:
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES.format(part="xl/workbook.xml", kind="spreadsheetml.sheet"),
        "_rels/.rels": RELS.format(RELATION.format("officeDocument", "xl/workbook.xml", "")),
        "xl/workbook.xml": "<workbook/>",
    }
    return zipped(parts | dict(extra or {}))


def outside(kind: str, target: str) -> dict[str, str]:
    return {"word/_rels/document.xml.rels": RELS.format(RELATION.format(kind, target, ' TargetMode="External"'))}


def picture(format_: str, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, format_, **options)
    return written.getvalue()


def animated_png() -> bytes:
    written = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(written, "PNG", save_all=True, append_images=frames[1:])
    return written.getvalue()


def huge_png() -> bytes:
    """A small file that says it is 60,000 pixels square."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )
