"""One family: the emblem on the certificate has the shapes of the emblem on the page and the badge."""

from pathlib import Path

import pytest

from certificates import emblem, ornament
from certificates.drawing import Shape, svg
from certificates.emblem import MARKS
from certificates.facts import LEVELS
from certificates.palette import EMBLEM, PRINT

PICTURES = Path(__file__).parents[2] / "static" / "pictures"


@pytest.mark.parametrize("level", LEVELS)
def test_the_page_shows_what_is_drawn_here(level: str) -> None:
    """One source: after a change, `python -m certificates emblem LEVEL static/pictures/emblem-LEVEL.svg`."""
    assert (PICTURES / f"emblem-{level}.svg").read_text() == emblem.picture(level)


@pytest.mark.parametrize("level", LEVELS)
def test_print_keeps_the_outline_of_the_page(level: str) -> None:
    """The child is drawn inside; what is seen from afar is the same."""
    outline = next(iter(emblem.drawing(level).body))
    assert isinstance(outline, Shape)
    assert outline.path in {shape.path for shape in emblem.engraved(level, 1).body if isinstance(shape, Shape)}


@pytest.mark.parametrize(("rank", "level"), list(enumerate(LEVELS, 1)))
def test_in_print_pairs_of_petals_and_filled_marks_tell_the_rank(rank: int, level: str) -> None:
    """Beside the outline, so that a copy in grey still says the level; every colour is the palette's."""
    shapes = [shape for shape in emblem.engraved(level, rank).body if isinstance(shape, Shape)]
    petals = [shape for shape in shapes if shape.fill == "shelter"]
    marks = [shape for shape in shapes if shape.path.count("L") == 1 and shape.path.count(" ") == 6][-MARKS:]
    assert len(petals) == 2 * rank + 5  # the last are the flower that the child stands in
    assert [bool(mark.fill) for mark in marks] == [True] * rank + [False] * (MARKS - rank)
    assert {name for shape in shapes for name in (shape.fill, shape.stroke) if name} <= set(EMBLEM[level])


def test_every_level_has_another_outline() -> None:
    assert len({shape.path for level in LEVELS for shape in list(emblem.drawing(level).body)[:1]}) == len(LEVELS)  # type: ignore[union-attr]


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
