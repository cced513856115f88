"""What the charts of the national figures draw: shares of a scale in hundredths, signs that can be counted, lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compliance.domain.provinces import province_name
from compliance.journeys.language import gettext as _
from compliance.journeys.language import km_digits, show_number
from compliance.journeys.public.national import Line, Lines, newest, series

SIGNS_A_ROW = 18
UNITS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 120, 36, 6
SHADES = (5, 10, 20, 40)
"""From how many companies on a province is drawn darker."""
MAP: tuple[tuple[str, ...], ...] = (
    ("", "oddar-meanchey", "preah-vihear", "stung-treng", "ratanakiri"),
    ("banteay-meanchey", "siem-reap", "kampong-thom", "kratie", "mondulkiri"),
    ("pailin", "battambang", "kampong-chhnang", "kampong-cham", "tboung-khmum"),
    ("", "pursat", "kampong-speu", "phnom-penh", "prey-veng"),
    ("koh-kong", "kampot", "takeo", "kandal", "svay-rieng"),
    ("preah-sihanouk", "kep", "", "", ""),
)
"""The provinces as tiles, roughly where they lie, north above."""


@dataclass(frozen=True)
class Bar:
    """A figure in words and as hundredths of the scale: at least `first`, at most `last`; `inner`: a part of it."""

    label: str
    text: str
    first: int
    last: int
    covered: bool
    inner: int = 0
    inner_text: str = ""


@dataclass(frozen=True)
class Tile:
    """A province: `column` from 1, `shade` from 0 (fewer than five) to 4."""

    label: str
    text: str
    column: int
    shade: int


@dataclass(frozen=True)
class Signs:
    """A level on one day: as many signs as `number` has units, begun ones too."""

    day: str
    number: str
    count: int


@dataclass(frozen=True)
class Spark:
    """A series: `points` of its line, the last one apart, in a box of 120 by 36; `text` reads it aloud."""

    points: str
    dots: Sequence[tuple[int, int]]
    text: str


def in_words(line: Line | None, lang: str) -> str:
    """A number, a step such as 5–9, "fewer than 5"; nothing for what is not told."""
    if line is None or line.first is None or line.last is None:
        return ""
    if line.mark == "few":
        return _("fewer than %(number)s", number=show_number(line.last + 1, lang))
    return "–".join(show_number(end, lang) for end in dict.fromkeys((line.first, line.last)))


def bars(labels: Mapping[str, str], found: Mapping[str, Line], lang: str, inner: Mapping[str, int]) -> list[Bar]:
    """Beside each other on one scale."""
    scale = max((line.last or Decimal(0) for line in found.values()), default=Decimal(0)) or Decimal(1)
    return [_bar(label, found.get(of), scale, inner.get(of, 0), lang) for of, label in labels.items()]


def _bar(label: str, line: Line | None, scale: Decimal, inner: int, lang: str) -> Bar:
    first, last = (line.first or Decimal(0), line.last or Decimal(0)) if line else (Decimal(0), Decimal(0))
    covered = line is None or line.mark in {"few", "covered"}
    shown = show_number(inner, lang) if inner else ""
    return Bar(
        label, in_words(line, lang), _share(first, scale), _share(last, scale), covered, _share(inner, scale), shown
    )


def _share(part: Decimal | int, whole: Decimal) -> int:
    return min(100, round(Decimal(part) / whole * 100))


def tiles(found: Lines, lang: str) -> list[Tile]:
    """Every province once."""
    submitted = newest(found, "submitted", "province")
    return [
        Tile(province_name(name, lang), in_words(submitted.get(name), lang), column, _shade(submitted.get(name)))
        for row in MAP
        for column, name in enumerate(row, 1)
        if name
    ]


def _shade(line: Line | None) -> int:
    first = line.first if line and line.first else Decimal(0)
    return sum(first >= least for least in SHADES)


def unit_of(numbers: Iterable[int]) -> int:
    """How many awards one sign stands for, so that the longest row fits."""
    most = max(numbers, default=0)
    return next((unit for unit in UNITS if most <= unit * SIGNS_A_ROW), UNITS[-1])


def signs(found: Lines, level: str, unit: int, lang: str) -> list[Signs]:
    """A level over the years."""
    return [
        Signs(year_of(line, lang), show_number(line.last or 0, lang), -(-int(line.last or 0) // unit))
        for line in series(found, "awards", "level", level)
    ]


def year_of(line: Line, lang: str) -> str:
    """The year of a line; nothing for one that was never told."""
    return km_digits(line.on.year, lang) if line.on else ""


def spark(points: Sequence[Line], lang: str) -> Spark | None:
    """None for fewer than two years: nothing to compare."""
    told = [line for line in points if line.last is not None]
    if len(told) < 2:
        return None
    amounts = [line.last or Decimal(0) for line in told]
    low, spread = min(amounts), (max(amounts) - min(amounts)) or Decimal(1)
    wide, high = SPARK_WIDTH - 2 * SPARK_EDGE, SPARK_HEIGHT - 2 * SPARK_EDGE
    dots = [
        (SPARK_EDGE + wide * place // (len(told) - 1), SPARK_EDGE + high - round((amount - low) / spread * high))
        for place, amount in enumerate(amounts)
    ]
    text = "; ".join(f"{year_of(line, lang)}: {in_words(line, lang)}" for line in told)
    return Spark(" ".join(f"{x},{y}" for x, y in dots), dots, text)
