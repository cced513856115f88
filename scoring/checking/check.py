"""`check` of one rubric file: that it is usable, what it says, and what looks wrong in it."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from scoring.checking.read_back import read_back
from scoring.checking.remarks import Remark, remarks
from scoring.checking.words import AND_MORE, USABLE
from scoring.loading.load import load_rubric, written_out
from scoring.loading.reader import read_with_tables
from scoring.loading.reading import Reading
from scoring.rubric import Rubric
from scoring.text import fill, limit, same

MOST_ALIKE = 10


def check(path: Path) -> tuple[Rubric, tuple[Remark, ...]]:
    """Raises RubricError with every mistake when the rubric cannot be used."""
    tree = read_with_tables(path)
    rubric = load_rubric(tree, file=str(path))
    return rubric, remarks(rubric, written_out(Reading(str(path)), tree), tree)


def lines(path: Path, rubric: Rubric, found: tuple[Remark, ...], lang: str) -> Iterator[str]:
    """What `check` prints."""
    parts = (rubric.criteria, rubric.groups, rubric.levels)
    counts = dict(zip(("criteria", "groups", "levels"), (same(str(len(part))) for part in parts), strict=True))
    yield fill(USABLE, file=same(str(path)), rubric=same(rubric.id), sha256=same(rubric.sha256), **counts)[lang]
    yield from read_back(rubric, lang)
    yield from told(path, found, lang)


def told(path: Path, found: tuple[Remark, ...], lang: str) -> Iterator[str]:
    """The first few of each kind, for what is repeated in a rubric is told as often; then how many more."""
    count: dict[str, int] = {}
    for remark in found:
        count[remark.code] = count.get(remark.code, 0) + 1
        if count[remark.code] <= MOST_ALIKE:
            yield remark.says(lang, str(path))
    for code, number in count.items():
        if number > MOST_ALIKE:
            more = limit(Fraction(number - MOST_ALIKE))
            yield fill(AND_MORE, count=more, reason=next(one.reason for one in found if one.code == code))[lang]
