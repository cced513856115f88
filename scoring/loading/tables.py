"""Tables beside a rubric: CSV files whose rows become the items of a list."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from scoring.errors import RubricError
from scoring.loading.tree import MAX_PARTS, Branch, Leaf, Listing, Place, Tree, refuse

MAX_BYTES = 4_000_000
_SUFFIXES = {".csv", ".tsv"}
_DELIMITERS = ",;\t"
Parse = Callable[[str], Tree]


def with_tables(tree: Tree, folder: Path, file: str, parse: Parse) -> Tree:
    """The rubric with the rows of each `{table: FILE}` under `lists` in its place; `parse` reads {…} and […] in cells.

    A table stands in the rubric's folder or below it. Raises RubricError at the first that cannot be read.
    """
    lists = tree.entries["lists"][1] if isinstance(tree, Branch) and "lists" in tree.entries else None
    if not isinstance(tree, Branch) or not isinstance(lists, Branch):
        return tree
    read: dict[str, tuple[Place, Tree]] = {}
    most = MAX_PARTS
    for name, (place, value) in lists.entries.items():
        rows = _list(value, folder, file, parse, most)
        most -= _cells(rows) if rows is not value else 0
        read[name] = place, rows
    return Branch({**tree.entries, "lists": (tree.entries["lists"][0], Branch(read, lists.place))}, tree.place)


def _cells(rows: Tree) -> int:
    items = rows.items if isinstance(rows, Listing) else ()
    return sum(len(item.entries) for item in items if isinstance(item, Branch))


def _list(tree: Tree, folder: Path, file: str, parse: Parse, most: int) -> Tree:
    if not isinstance(tree, Branch) or tree.entries.keys() != {"table"}:
        return tree
    named = tree.entries["table"][1]
    name = (named.text or "") if isinstance(named, Leaf) else ""
    if not _is_beside(folder, name):
        fix = "Name a .csv file in the folder of the rubric"
        raise refuse("this cannot be a table", fix, file=file, place=named.place, value=name)
    try:
        with (folder / name).open("rb") as source:
            raw = source.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            fix = f"Keep it below {MAX_BYTES // 1_000_000} MB"
            raise refuse("the table is too large", fix, file=file, place=named.place, value=name)
        text = raw.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        fix = "Check its name, and save it as CSV (UTF-8)"
        raise refuse("the table cannot be read", fix, file=file, place=named.place, value=name) from error
    return read_table(text, str(folder / name), parse, most)


def _is_beside(folder: Path, name: str) -> bool:
    """An ordinary file, or none, in the folder or below it, wherever links lead."""
    try:
        path = (folder / name).resolve()
    except (OSError, RuntimeError, ValueError):
        return False
    inside = path.suffix in _SUFFIXES and "\\" not in name and path.is_relative_to(folder.resolve())
    return inside and (path.is_file() or not path.exists())


def read_table(text: str, file: str, parse: Parse, most: int = MAX_PARTS) -> Listing:
    """One mapping a row, each cell at its place; rows without anything in them are passed over."""
    rows: list[list[Leaf]] = []
    for row in _rows(text, file, most):
        if any(cell.text for cell in row):
            rows.append(row)
    header = rows[0] if rows else []
    names: set[str | None] = {""}
    for cell in header:
        if cell.text in names:
            raise refuse("each column needs a name of its own", "Mend the first line", file=file, place=cell.place)
        names.add(cell.text)
    return Listing(tuple(_item(row, header, file, parse) for row in rows[1:]), Place(1, 1, file))


def _item(row: list[Leaf], header: list[Leaf], file: str, parse: Parse) -> Branch:
    place = row[0].place
    if len(row) != len(header):
        fix = "Give every row as many cells as the first line; put texts with commas in quotes"
        value = f"{len(row)}, {len(header)}"
        raise refuse("this row has more or fewer cells than columns", fix, file=file, place=place, value=value)
    cells = {name.text or "": (cell.place, _cell(cell, parse)) for name, cell in zip(header, row, strict=True)}
    return Branch(cells, place)


def _cell(cell: Leaf, parse: Parse) -> Tree:
    """A text; or what {…} and […] stand for, such as a condition, all of it at the place of the cell."""
    if (cell.text or "")[:1] + (cell.text or "")[-1:] not in {"{}", "[]"}:
        return cell
    try:
        return _moved(parse(cell.text or ""), cell.place, [len(cell.text or "")])
    except RubricError as error:
        (one,) = error.problems
        raise refuse(one.reason, one.fix, file=cell.place.file, place=cell.place, value=cell.text or "") from error


def _moved(tree: Tree, place: Place, left: list[int]) -> Tree:
    """The part at the place of its cell; it has no more parts than the cell has signs, unless aliases repeat them."""
    left[0] -= 1
    if left[0] < 0:
        raise refuse("aliases are not read in a cell", "Write the value out")
    if isinstance(tree, Branch):
        return Branch({key: (place, _moved(value, place, left)) for key, (_, value) in tree.entries.items()}, place)
    if isinstance(tree, Listing):
        return Listing(tuple(_moved(item, place, left) for item in tree.items), place)
    return Leaf(tree.text, place)


def _rows(text: str, file: str, most: int) -> Iterator[list[Leaf]]:
    """The cells of each row, without spaces around them; a cell in quotes may hold anything."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    sign = max(_DELIMITERS, key=text.partition("\n")[0].count)
    cell = re.compile(rf'(?:"([^"]*(?:""[^"]*)*)"|([^"\n{sign}]*))({sign}|\n|\Z)')
    row: list[Leaf] = []
    at, line, start = 0, 1, 0
    while at < len(text):
        place = Place(line, at - start + 1, file)
        found = cell.match(text, at)
        if not found:
            fix = 'Put the whole cell in quotes, and write "" for a quote inside'
            raise refuse("a cell does not end where its quote does", fix, file=file, place=place)
        row.append(Leaf((found[2] if found[1] is None else found[1].replace('""', '"')).strip(), place))
        at, most = found.end(), most - 1
        if most < 0:
            raise refuse("the tables hold too many cells", f"Keep to {MAX_PARTS} cells", file=file, place=place)
        if "\n" in found[0]:
            line, start = line + found[0].count("\n"), text.rindex("\n", 0, at) + 1
        if found[3] != sign:
            yield row
            row = []
    if row:
        yield [*row, Leaf("", Place(line, at - start + 1, file))]
