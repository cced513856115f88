"""The letters of a Khmer badge, set and cut in a process of their own."""

from collections.abc import Iterator
from typing import Any

from certificates import lettering
from certificates.fitting import fit, two_lines, whole_on_two
from compliance.bounded.child import serve

SHORTER = (2.0, 1.5, 1.0)
"""How many lines' widths a name may take; the next where its letters would make the badge too large."""


def work(request: dict[str, Any], _data: bytes) -> tuple[dict[str, Any], bytes]:
    """`lines` are [text, largest size, width], `name` [text, size, sizes on two lines, width], `rooms` the bytes for
    name and font of a badge with its ornament and without. Answers the sizes that fit, the lines of the name and their
    size, and which room was taken; then the font, or none."""
    said = [text for text, _size, _width in request["lines"]]
    sizes = [fit(text, size, width, lettering.ems) for text, size, width in request["lines"]]
    for setting in _settings(*request["name"]):
        named = sum(len(line.encode()) for line in setting[0])
        room, font = lettering.cut([*said, *setting[0]], [(room - named) * 3 // 4 for room in request["rooms"]])
        if font:
            break
    return {"sizes": sizes, "name": setting[0], "size": setting[1], "room": room}, font


def _settings(name: str, large: float, smaller: list[float], width: float) -> Iterator[tuple[list[str], float]]:
    """Ways to set the name, the best first: on one line, whole on two, then shorter and shorter."""
    if fit(name, large, width, lettering.ems) == large:
        yield [name], large
        return
    words = lettering.words(name)
    yield whole_on_two(words, smaller, width, lettering.ems)
    for most in SHORTER:
        yield two_lines(words, smaller[0], width, lettering.ems, most), smaller[0]


if __name__ == "__main__":
    serve(work, foreign=False)
