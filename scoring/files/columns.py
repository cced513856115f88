"""What the columns of a table mean: facts, answers, and what is said about them."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from scoring.errors import ReadingError
from scoring.files.layout import Layout
from scoring.headers import About, Column, Known, column_of, tidy
from scoring.loading.reading import suggest
from scoring.subject import Ruling, Subject

MISSPELT = 0.85  # how like two names are, from 0 to 1
_TOGETHER = " / "
MEND = "Mend the name, or list it with --pass-over"
_CLAIMS = {"yes", "true", "1", "claimed"}


def read_columns(header: list[str], names: Known, id_columns: tuple[str, ...], layout: Layout) -> list[Column | None]:
    """One column each; None for those passed over, and for the subject's name unless it is a fact or answer."""
    found: list[Column | None] = []
    unknown: list[str] = []
    for title in header:
        column = column_named(title, names)
        if column is not None and column in found:
            raise ReadingError(f"the column {title!r} is there twice")
        if column is None and title not in id_columns:
            if layout.skip_unknown or layout.passes(title):
                layout.passed[title] = 0
            else:
                unknown.append(title)
        found.append(column)
    if unknown:
        near = suggest(unknown[0], sorted(names.facts | names.answers))
        shown = ", ".join(repr(title) for title in unknown[:10])
        remedy = "Pass over a column with --pass-over NAME, or all that are unknown with --skip-unknown-columns"
        raise ReadingError(f"the rubric knows no fact or answer for: {shown}. {remedy}. {near}")
    return found


def column_named(title: str, names: Known) -> Column | None:
    """The rubric's own `columns` come first."""
    return column_of(names.headers.get(tidy(title), title), names)


def refuse_misspelt(header: list[str], names: frozenset[str], found: list[Column | None], layout: Layout) -> None:
    """A column may be passed over; an answer that the rubric asks for may not get lost with it."""
    given = {column.name for column in found if column is not None}
    for title, column in zip(header, found, strict=True):
        near = misspelt(title, names - given, layout) if column is None else ""
        if near:
            raise ReadingError(f"the column {title!r} is passed over and nothing stands for {near!r}. {MEND}")


def misspelt(title: str, names: Iterable[str], layout: Layout) -> str:
    """The name that is nearly this one; none for a name that is listed as it is."""
    near = [] if title in layout.pass_over else get_close_matches(tidy(title), sorted(names), n=1, cutoff=MISSPELT)
    return near[0] if near else ""


def name_of(row: list[str], places: list[int]) -> str:
    return _TOGETHER.join(row[place].strip() for place in places)


def missing(columns: list[Column | None], names: Known) -> list[str]:
    """Headers that the rubric counts on and no column stands for."""
    return [header for header, name in names.headers.items() if column_of(name, names) not in columns]


def subject_from(cells: Iterable[tuple[Column | None, str]], name: str) -> Subject:
    """The subject of one row; empty cells say nothing."""
    said: dict[About, dict[str, str]] = {}
    for column, cell in cells:
        text = cell.strip()
        if column is not None and text:
            said.setdefault(column.about, {})[column.name] = text
    if said.keys() <= {"fact", "answer"}:
        return Subject(facts=said.get("fact", {}), answers=said.get("answer", {}), id=name)
    evidence: dict[str, Any] = {**said.get("evidence", {})}
    skipped = said.get("not_applicable", {})
    claimed = {key for key, value in skipped.items() if value in {"accepted", "refused"} or value.casefold() in _CLAIMS}
    return Subject(
        facts=said.get("fact", {}),
        answers=said.get("answer", {}),
        evidence=evidence,
        rulings=_rulings(said),
        not_applicable=frozenset(claimed),
        id=name,
    )


def _rulings(said: dict[About, dict[str, str]]) -> dict[str, Ruling]:
    decided = {key: word for key, word in said.get("not_applicable", {}).items() if word in {"accepted", "refused"}}
    names = {*said.get("ruling", {}), *said.get("essential", {}), *decided}
    return {name: _ruling(name, said, decided.get(name)) for name in sorted(names)}


def _ruling(name: str, said: dict[About, dict[str, str]], not_applicable: str | None) -> Ruling:
    word, _, value = said.get("ruling", {}).get(name, "").partition(":")
    if word not in {"", "confirm", "adjust", "not_supported"}:
        raise ReadingError(f"the ruling on {name!r} is confirm, not_supported or adjust:VALUE, not {word!r}")
    essential = said.get("essential", {}).get(name)
    if essential not in {None, "pass", "fail"}:
        raise ReadingError(f"the essential decision on {name!r} is pass or fail, not {essential!r}")
    reason = said.get("reason", {}).get(name, "")
    plain: dict[str, Any] = {"verdict": word or None, "value": value or None, "not_applicable": not_applicable}
    return Ruling(**plain, essential=essential, reason=reason)  # type: ignore[arg-type]
