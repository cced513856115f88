"""The letters of a Khmer badge, set and cut in a process of their own."""

from typing import Any

from certificates import lettering
from certificates.fitting import fit, two_lines
from compliance.bounded.child import serve

SHORTER = (2.0, 1.5, 1.0)
"""How many lines' widths a name may take; the next where its letters would make the badge too large."""


def work(request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
    """`lines` are [text, largest size, width], `name` [text, size, size on two lines, width], `rooms` the bytes for
    name and font of a badge with its ornament and without. Answers the sizes that fit, the lines of the name and their
    size, and which room was taken; then the font, or none."""
    said = [text for text, _size, _width in request["lines"]]
    sizes = [fit(text, size, width, lettering.ems) for text, size, width in request["lines"]]
    name, large, small, width = request["name"]
    words, on_one = lettering.words(name), fit(name, large, width, lettering.ems) == large
    for most in SHORTER:
        lines = [name] if on_one else two_lines(words, small, width, lettering.ems, most)
        named = sum(len(line.encode()) for line in lines)
        room, font = lettering.cut([*said, *lines], [(room - named) * 3 // 4 for room in request["rooms"]])
        if font or on_one:
            break
    return {"sizes": sizes, "name": lines, "size": large if on_one else small, "room": room}, font


if __name__ == "__main__":
    serve(work, foreign=False)
