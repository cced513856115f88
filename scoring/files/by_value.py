"""Tables with a row a value: the rows of one subject, gathered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scoring.errors import ReadingError
from scoring.files.columns import name_of, read_columns, refuse_misspelt, subject_from
from scoring.files.layout import Row, unread
from scoring.headers import Column, Known


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
    failed: Row | None = None

    def add(self, line: int, column: Column | None, text: str) -> None:
        if column is None or not text:
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

    def row(self, line: int) -> Row:
        if self.failed:
            return self.failed
        try:
            return Row(self.name, subject_from((self.beside | self.cells).items(), self.name))
        except ReadingError as error:
            return unread(self.name, line, error)


def read_by_value(
    rows: Iterable[tuple[int, list[str]]], names: Known, places: Places, *, skip_unknown: bool
) -> Iterator[Row]:
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
                yield current.row(start)
                done.add(current.name)
            if name in done:
                raise ReadingError(f"line {line}: the rows of {name!r} do not stand together; sort the file by id")
            current, start = _Gathered(name), line
        if criterion not in known:
            known[criterion] = read_columns([criterion], names, (), skip_unknown=skip_unknown)[0][0]
        current.add(line, known[criterion], row[places.value].strip())
        for place, column in places.beside:
            current.add_beside(line, column, row[place].strip())
    if current:
        yield current.row(start)
    passed = [title for title, column in known.items() if column is None]
    refuse_misspelt(passed, names.facts | names.answers, [*known.values(), *(column for _, column in places.beside)])
