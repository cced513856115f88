"""Small files that would take a machine's memory or time."""

import io
import zipfile
import zlib
from collections.abc import Callable

import pikepdf

from tests.actions.samples import huge_png, packed_run, pdf_bomb
from tests.inspection.packages import document, packed, parts_of

MEGABYTE = 1_000_000


def object_stream(megabytes: int) -> bytes:
    """A PDF whose objects stand in a packed stream; a reader unpacks it before it knows how much there is."""
    first = b"1 0 2 30 "
    objects = b"<</Type/Catalog/Pages 2 0 R>>".ljust(30) + b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    body = packed_run(b" ", megabytes, first + objects)
    out = io.BytesIO(b"%PDF-1.5\n")
    out.seek(0, 2)
    places = {}
    for number, head, data in (
        (3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", None),
        (4, b"<</Type/ObjStm/N 2/First %d/Filter/FlateDecode/Length %d>>" % (len(first), len(body)), body),
    ):
        places[number] = out.tell()
        stream = b"\nstream\n" + data + b"\nendstream" if data is not None else b""
        out.write(b"%d 0 obj\n" % number + head + stream + b"\nendobj\n")
    start = out.tell()
    rows = [(0, 0, 65535), (2, 4, 0), (2, 4, 1), (1, places[3], 0), (1, places[4], 0), (1, start, 0)]
    table = b"".join(bytes([kind]) + place.to_bytes(4) + more.to_bytes(2) for kind, place, more in rows)
    out.write(b"5 0 obj\n<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Length %d>>\nstream\n" % len(table) + table)
    out.write(b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def filters_in_filters() -> bytes:
    """300 MB packed twice."""
    made = pikepdf.new()
    made.add_blank_page()
    stream = pikepdf.Stream(made, zlib.compress(packed_run(b"\0", 300), 9))
    stream["/Filter"] = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
    made.Root["/Bomb"] = made.make_indirect(stream)
    out = io.BytesIO()
    made.save(out, compress_streams=False, recompress_flate=False)
    return out.getvalue()


def many_objects() -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    made.Root["/Many"] = pikepdf.Array([made.make_indirect(pikepdf.Array([number])) for number in range(160_000)])
    out = io.BytesIO()
    made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def nested() -> bytes:
    return b"%PDF-1.4\n1 0 obj\n" + b"[" * 3 * MEGABYTE + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def document_part(content: bytes) -> bytes:
    return packed(parts_of(document()) | {"word/document.xml": content})


def many_parts() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}", b"")
    return out.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "packed stream": pdf_bomb,
    "packed objects": lambda: object_stream(285),
    "packed objects, more than the memory": lambda: object_stream(700),
    "filters in filters": filters_in_filters,
    "many objects": many_objects,
    "nested arrays": nested,
    "elements": lambda: document_part(b"<w>" + b"<a/>" * 25 * MEGABYTE + b"</w>"),
    "zeros": lambda: document_part(b"\0" * 110 * MEGABYTE),
    "many parts": many_parts,
    "picture": huge_png,
}
