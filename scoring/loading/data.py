"""How files of subjects are written, from the tree: states as words, signs in numbers, headers of columns."""

from scoring.errors import ReadingError
from scoring.headers import Known, column_of, tidy
from scoring.loading.names import Names
from scoring.loading.reading import Reading, suggest
from scoring.loading.tree import Leaf, Tree
from scoring.numbers import AS_USUAL, Written
from scoring.rubric import WORD_STATES, WordState

_DECIMALS = (".", ",")


def read_words(reading: Reading, tree: Tree | None) -> dict[str, WordState]:
    """Which texts in the data stand for a state; an empty text is always unanswered."""
    words: dict[str, WordState] = {"": "unanswered"}
    entries = reading.branch(tree, "words", WORD_STATES)
    for state, value in ((state, entries[state]) for state in WORD_STATES if state in entries):
        for item in (value,) if isinstance(value, Leaf) else reading.items(value, "words"):
            text = reading.text(item, f"words.{state}").strip()
            if text and words.get(text, state) != state:
                reading.wrong(item, f"words.{state}", "this text stands for two states", "Keep it in one place")
            words[text] = state
    return words


def read_written(reading: Reading, tree: Tree | None) -> Written:
    """How numbers are written; digits and the other sign cannot be signs that say nothing."""
    if tree is None:
        return AS_USUAL
    entries = reading.branch(tree, "numbers", ("thousands", "decimal", "signs"))
    decimal = reading.one_of(entries["decimal"], "numbers", _DECIMALS) if "decimal" in entries else "."
    thousands = reading.text(entries["thousands"], "numbers") if "thousands" in entries else ""
    if thousands and (thousands == decimal or len(thousands) > 1 or thousands.isalnum() or thousands in "+-/"):
        reading.wrong(tree, "numbers", "this cannot separate thousands", 'Write thousands: "," or " "', thousands)
    signs = tuple(reading.text(item, "numbers").strip() for item in reading.items(entries.get("signs"), "numbers"))
    for sign in signs:
        if not sign or any(letter.isdigit() or letter in "+-.,/" for letter in sign):
            reading.wrong(tree, "numbers", "this cannot be left out of a number", 'Write signs: ["%"]', sign)
    return Written(thousands, decimal, signs)


def read_columns(reading: Reading, tree: Tree | None, names: Names) -> dict[str, str]:
    """What each header means: `name: header` in the file, header → name here."""
    known = Known(frozenset(names.facts), frozenset(names.answers), frozenset(names.nodes))
    found: dict[str, str] = {}
    for name, value in reading.branch(tree, "columns").items():
        header = tidy(reading.text(value, "columns"))
        if _means_nothing(name, known):
            fix = suggest(name, sorted(known.facts | known.answers))
            reading.wrong(value, "columns", "there is no fact or answer of this name", fix, name)
        if not header or header in found:
            reading.wrong(value, "columns", "each name needs a header of its own", "Write name: header", header)
        found[header] = name
    return found


def _means_nothing(name: str, known: Known) -> bool:
    try:
        return column_of(name, known) is None
    except ReadingError:
        return True
