"""The ministry's logo or seal: a PNG, or a drawing (SVG) that holds only shapes; drawn anew as a bounded PNG."""

import io

import pypdfium2
from PIL import Image, ImageFile
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from compliance.inspection.picture import PNG_HEAD
from compliance.inspection.picture import check as check_picture
from compliance.inspection.plain_drawing import require_plain
from compliance.inspection.refusal import RefusedFileError, serve_check

SMALLEST, WIDEST, TALLEST = 300, 4.5, 2.0
"""Pixels of the longer side, so that it prints sharp; width by height, and height by width, that fit their places."""
SIDES = (1_200, 900, 600)
"""Pixels of the longer side as kept: the first at which it is no larger than LARGEST."""
LARGEST = 400_000
CANVAS = 600
"""Points of the square on which a drawing is laid; twice as many pixels."""
PAGE = f"""<style>@page {{ size: {CANVAS}pt; margin: 0 }} body {{ margin: 0 }}
img {{ display: block; width: {CANVAS}pt; height: {CANVAS}pt; object-fit: contain }}</style><img src="drawing:">"""


class OneDrawing(URLFetcher):  # type: ignore[misc]  # the library ships no types
    """Answers with the drawing itself, and fetches nothing else."""

    def __init__(self, data: bytes) -> None:
        super().__init__(allowed_protocols=(), fail_on_errors=True)
        self.data = data

    def fetch(self, url: str, headers: object = None) -> object:  # noqa: ARG002  # the library's signature
        if url != "drawing:":
            raise RefusedFileError("mark_reaches")
        return URLFetcherResponse(url, self.data, {"Content-Type": "image/svg+xml"})


def check(data: bytes) -> tuple[str, bytes]:
    """Its media type and the picture as it will be printed. Raises RefusedFileError."""
    if data.startswith(PNG_HEAD):
        _type, clean = check_picture(data)
        with Image.open(io.BytesIO(clean), formats=["PNG"]) as opened:
            picture = opened.convert("RGBA")
    else:
        require_plain(data)
        picture = _drawn(data)
    return "image/png", _packed(_cut(picture))


def _drawn(data: bytes) -> Image.Image:
    """A drawing laid on nothing, as a picture with its own transparency."""
    made = HTML(string=PAGE, url_fetcher=OneDrawing(data)).write_pdf()
    page = pypdfium2.PdfDocument(made)[0]
    drawn: Image.Image = page.render(scale=2, fill_color=(0, 0, 0, 0), may_draw_forms=False).to_pil()
    return drawn.convert("RGBA")


def _cut(picture: Image.Image) -> Image.Image:
    """Without the empty edge around it. Raises RefusedFileError where nothing is seen, or no shape to print."""
    box = picture.getchannel("A").getbbox()
    if box is None:
        raise RefusedFileError("mark_empty")
    cut = picture.crop(box)
    if max(cut.size) < SMALLEST:
        raise RefusedFileError("mark_small", least=SMALLEST)
    if cut.width > WIDEST * cut.height or cut.height > TALLEST * cut.width:
        raise RefusedFileError("mark_shape")
    return cut


def _packed(picture: Image.Image) -> bytes:
    for side in SIDES:
        small = picture.copy()
        small.thumbnail((side, side))
        written = io.BytesIO()
        small.save(written, "PNG", optimize=True)
        if len(written.getvalue()) <= LARGEST:
            return written.getvalue()
    raise RefusedFileError("file_bomb")


ImageFile.LOAD_TRUNCATED_IMAGES = (
    False  # the layout engine allows half of a picture; the ministry's seal is a whole one
)

if __name__ == "__main__":
    serve_check(check)
