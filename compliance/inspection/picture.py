"""Pictures: opened, measured and drawn anew, so that nothing but the picture is kept."""

import io
import warnings

from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin  # noqa: F401 (formats register)

from compliance.inspection.refusal import RefusedFileError, serve_check

MOST_PIXELS = 250_000_000
LARGE = 30_000_000
"""Pixels; a photo with more is drawn at half or a quarter of its width: telephones make up to 200 million."""
PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def check(data: bytes) -> tuple[str, bytes]:
    """Its media type and a clean copy: upright, without the place where it was taken. Raises RefusedFileError."""
    format_ = "PNG" if data.startswith(PNG_HEAD) else "JPEG"
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=[format_]) as opened:
            warnings.simplefilter("ignore")
            _measure(opened, format_)
            opened.load()
            upright = ImageOps.exif_transpose(opened)
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise RefusedFileError("file_damaged") from error
    return f"image/{format_.lower()}", clean(upright, format_)


def _measure(opened: Image.Image, format_: str) -> None:
    """A camera's second view beside the photo is left out; a film is no picture."""
    pixels = opened.width * opened.height
    if pixels > (MOST_PIXELS if format_ == "JPEG" else LARGE + LARGE // 2):
        raise RefusedFileError("file_bomb")
    if format_ == "PNG" and getattr(opened, "n_frames", 1) > 1:
        raise RefusedFileError("file_type")
    if pixels > LARGE:
        scale = 2 if pixels <= 4 * LARGE else 4
        opened.draft("RGB", (opened.width // scale, opened.height // scale))


def clean(picture: Image.Image, format_: str) -> bytes:
    """The picture alone, written anew."""
    plain = picture if picture.mode in {"RGB", "L"} or (format_ == "PNG" and picture.mode in {"RGBA", "P"}) else None
    plain = plain or picture.convert("RGB")
    plain.info = {}
    written = io.BytesIO()
    plain.save(written, format_, exif=b"", **({"quality": 90} if format_ == "JPEG" else {}))
    return written.getvalue()


# PIL's own limit counts what is in the file; ours counts what is drawn.
Image.MAX_IMAGE_PIXELS = None

if __name__ == "__main__":
    serve_check(check)
