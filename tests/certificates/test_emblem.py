"""One family: the emblem on the certificate has the shapes of the emblem on the page and the badge."""

import re
from pathlib import Path

import pytest

from certificates import emblem, ornament
from certificates.drawing import flat, svg
from certificates.facts import LEVELS
from certificates.palette import EMBLEM, PRINT

PICTURES = Path(__file__).parents[2] / "static" / "pictures"


def _outlines(picture: str) -> list[list[float]]:
    """The coordinates of every path, in order, as written."""
    return [[float(value) for value in re.findall(r"-?[\d.]+", data)] for data in re.findall(r' d="([^"]+)"', picture)]


@pytest.mark.parametrize("level", LEVELS)
def test_page_and_certificate_share_their_shapes(level: str) -> None:
    """Circles are written differently; every path of the page's emblem is in ours, to a tenth of a unit."""
    ours = _outlines(emblem.picture(level))
    for outline in _outlines((PICTURES / f"emblem-{level}.svg").read_text()):
        assert any(
            len(outline) == len(other) and all(abs(a - b) <= 0.11 for a, b in zip(outline, other, strict=True))
            for other in ours
        )


@pytest.mark.parametrize("level", LEVELS)
def test_print_only_adds_to_the_shape(level: str) -> None:
    plain = [shape.path for shape, _ in flat(emblem.drawing(level))]
    engraved = [shape.path for shape, _ in flat(emblem.drawing(level, engraved=True))]
    assert [path for path in engraved if path in plain] == plain or set(plain) <= set(engraved)


def test_every_level_has_another_silhouette() -> None:
    assert len({next(iter(flat(emblem.drawing(level))))[0].path for level in LEVELS}) == len(LEVELS)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("level", LEVELS)
def test_words_stand_out_from_the_paper(level: str) -> None:
    colours = PRINT[level]
    for ink in (colours["level"], colours["metal-ink"], "#4d463c"):
        light, dark = sorted((_luminance(colours["paper"]), _luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 5


@pytest.mark.parametrize("level", LEVELS)
def test_every_colour_of_a_drawing_is_in_the_palette(level: str) -> None:
    assert svg(ornament.frame(), PRINT[level]).count("<path") > 300
    assert emblem.picture(level, EMBLEM[level], engraved=True).startswith("<svg ")
