"""Tables with a row a value: the rows of one subject, gathered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scoring.errors import ReadingError
from scoring.files.columns import MEND, column_named, misspelt, name_of, subject_from
from scoring.files.layout import Layout, Row, unread
from scoring.headers import Column, Known
from scoring.loading.reading import suggest

_REMEDY = "Mend the name, or pass it over with --pass-over NAME"


@dataclass(frozen=True, slots=True)
class Places:
    """Where in a row the subject, the criterion and the value stand, and what is said beside them in every row."""

    width: int
    ids: list[int]
    criterion: list[int]
    value: int
    beside: tuple[tuple[int, Column], ...] = ()


@dataclass(slots=True)
class _Gathered:
    """What the rows of one subject say; what stands beside the values must be the same in each of its rows."""

    name: str
    cells: dict[Column, str] = field(default_factory=dict)
    beside: dict[Column, str] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    failed: Row | None = None

    def add(self, line: int, name: str, column: Column | None, text: str) -> None:
        if column is None:
            self.unknown.setdefault(name, line)
            return
        if not text:
            return
        if column in self.cells or column in self.beside:
            self._fail(line, f"{column.name!r} is given twice")
        self.cells[column] = text

    def add_beside(self, line: int, column: Column, text: str) -> None:
        if text and column in self.cells:
            self._fail(line, f"{column.name!r} is given twice")
        elif text and self.beside.setdefault(column, text) != text:
            self._fail(line, f"{column.name!r} is {text!r} here and {self.beside[column]!r} above")

    def _fail(self, line: int, error: str) -> None:
        self.failed = self.failed or unread(self.name, line, error)

    def pass_over(self, names: Known, layout: Layout) -> None:
        """An unknown name stops the subject, unless it is listed and does not look like one that is missing."""
        known = names.facts | names.answers
        given = {column.name for column in (*self.cells, *self.beside)}
        for name, line in self.unknown.items():
            if not layout.passes(name):
                near = suggest(name, sorted(known))
                self._fail(line, f"the rubric knows no fact or answer {name!r}. {_REMEDY}. {near}")
            elif near := misspelt(name, known - given, layout):
                self._fail(line, f"{name!r} is passed over and nothing stands for {near!r}. {MEND}")

    def row(self, line: int, names: Known, layout: Layout) -> Row:
        self.pass_over(names, layout)
        if self.failed:
            return self.failed
        try:
            return Row(self.name, subject_from((self.beside | self.cells).items(), self.name))
        except ReadingError as error:
            return unread(self.name, line, error)


def read_by_value(rows: Iterable[tuple[int, list[str]]], names: Known, places: Places, layout: Layout) -> Iterator[Row]:
    """Rows of one subject stand together; a name that comes back later is an error, for it was scored already."""
    known: dict[str, Column | None] = {}
    done: set[str] = set()
    current: _Gathered | None = None
    start = 0
    for line, row in rows:
        if len(row) != places.width:
            raise ReadingError(f"line {line}: {len(row)} cells where the header has {places.width}")
        name, criterion = name_of(row, places.ids), name_of(row, places.criterion)
        if current is None or name != current.name:
            if current:
                yield current.row(start, names, layout)
                done.add(current.name)
            if name in done:
                raise ReadingError(f"line {line}: the rows of {name!r} do not stand together; sort the file by id")
            current, start = _Gathered(name), line
        if criterion not in known:
            known[criterion] = column_named(criterion, names)
        if known[criterion] is None and layout.passes(criterion):
            layout.passed[criterion] += 1
        current.add(line, criterion, known[criterion], row[places.value].strip())
        for place, column in places.beside:
            current.add_beside(line, column, row[place].strip())
    if current:
        yield current.row(start, names, layout)
