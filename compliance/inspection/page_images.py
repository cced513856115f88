"""Pages of a file as pictures, in a process of their own: whoever looks at evidence opens nothing of a stranger's."""

import io
import time
from collections.abc import Iterator
from typing import Any

import pypdfium2
from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401 (formats register)

from compliance.bounded.child import serve

WIDTH = 1_000
"""Pixels across a page, or along the longer side of a photo."""
TALLEST = 3_000
"""A page is never drawn higher: a strip of receipts becomes narrow instead."""
AT_ONCE = 4
"""Pages drawn in one process."""
ENOUGH_SECONDS = 4.0
"""Of work, after which no further page is begun: the limit of the process would lose those that are drawn."""
PDF = "application/pdf"


def work(request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """Keys: `type` of the file, `first` page. Answers `pages` (0: it cannot be drawn) and the `sizes` of the pictures,
    which follow one another.
    """
    try:
        count, drawn = _document(data, request["first"]) if request["type"] == PDF else (1, [_photo(data)])
    except (pypdfium2.PdfiumError, OSError, ValueError, SyntaxError):
        return {"pages": 0, "sizes": []}, b""
    return {"pages": count, "sizes": [len(page) for page in drawn]}, b"".join(drawn)


def _document(data: bytes, first: int) -> tuple[int, list[bytes]]:
    document = pypdfium2.PdfDocument(data)
    wanted = range(first - 1, min(len(document), first - 1 + AT_ONCE))
    return len(document), list(_pages(document, wanted))


def _pages(document: pypdfium2.PdfDocument, wanted: range) -> Iterator[bytes]:
    for place in wanted:
        if time.process_time() > ENOUGH_SECONDS:
            return
        page = document[place]
        width, height = page.get_size()
        scale = min(WIDTH / max(width, 1), TALLEST / max(height, 1))
        yield _packed(page.render(scale=scale, may_draw_forms=False).to_pil())


def _photo(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as opened:
        opened.draft("RGB", (WIDTH, WIDTH))
        opened.thumbnail((WIDTH, WIDTH))
        return _packed(opened)


def _packed(picture: Image.Image) -> bytes:
    """As WebP, with nothing but the picture."""
    written = io.BytesIO()
    plain = picture if picture.mode in {"RGB", "RGBA"} else picture.convert("RGB")
    plain.info = {}
    plain.save(written, "WEBP", quality=75, method=2, exif=b"", icc_profile=b"", xmp=b"")
    return written.getvalue()


Image.MAX_IMAGE_PIXELS = None  # what is drawn here was measured when it was taken

if __name__ == "__main__":
    serve(work, foreign=True)
