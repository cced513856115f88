"""Pictures: opened, measured and drawn anew, so that nothing but the picture is kept."""

import io
import warnings

from PIL import Image, ImageOps

from compliance.actions.inspection.refusal import RefusedFileError

MOST_PIXELS = 50_000_000


def redraw_png(data: bytes) -> bytes:
    """A clean PNG of the same picture. Raises RefusedFileError."""
    return _redraw(data, "PNG")


def redraw_jpeg(data: bytes) -> bytes:
    """A clean JPEG of the same picture, turned upright, without the place where it was taken."""
    return _redraw(data, "JPEG")


def _redraw(data: bytes, format_: str) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=[format_]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise RefusedFileError("file_bomb")
                if getattr(opened, "n_frames", 1) > 1:
                    raise RefusedFileError("file_type")
                opened.load()
                upright = ImageOps.exif_transpose(opened)
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError, EOFError) as error:
        raise RefusedFileError("file_damaged") from error
    plain = upright.convert("RGB") if format_ == "JPEG" or upright.mode not in {"RGB", "RGBA", "L", "P"} else upright
    clean = Image.new(plain.mode, plain.size)
    if plain.mode == "P" and (palette := plain.getpalette()):
        clean.putpalette(palette)
    clean.paste(plain)
    written = io.BytesIO()
    clean.save(written, format_, **({"quality": 90} if format_ == "JPEG" else {"optimize": False}))
    return written.getvalue()
