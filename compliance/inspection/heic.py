"""Photos of telephones in HEIC: drawn anew as JPEG, which every browser shows; nothing but the picture is kept."""

import io

import pillow_heif
from PIL import Image

from compliance.inspection.picture import LARGE, clean
from compliance.inspection.refusal import RefusedFileError, serve_check

MOST_PIXELS = LARGE + LARGE * 2 // 3
"""This format is drawn whole before it can be made smaller: 50 million, what telephones make by themselves."""


def check(data: bytes) -> tuple[str, bytes]:
    """JPEG and the copy: upright, without the place where it was taken. Raises RefusedFileError."""
    try:
        opened = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
        width, height = opened.size
        if width * height > MOST_PIXELS:
            raise RefusedFileError("file_bomb")
        picture = Image.frombytes(opened.mode, opened.size, opened.data, "raw", opened.mode, opened.stride)
    except (OSError, ValueError, RuntimeError, SyntaxError, EOFError, IndexError) as error:
        raise RefusedFileError("file_damaged") from error
    return "image/jpeg", clean(picture, "JPEG")


if __name__ == "__main__":
    serve_check(check)
