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
    read = {name: (place, _list(value, folder, file, parse)) for name, (place, value) in lists.entries.items()}
    return Branch({**tree.entries, "lists": (tree.entries["lists"][0], Branch(read, lists.place))}, tree.place)


def _list(tree: Tree, folder: Path, file: str, parse: Parse) -> Tree:
    if not isinstance(tree, Branch) or tree.entries.keys() != {"table"}:
        return tree
    named = tree.entries["table"][1]
    name = (named.text or "") if isinstance(named, Leaf) else ""
    path = (folder / name).resolve()
    if path.suffix not in _SUFFIXES or "\\" in name or not path.is_relative_to(folder.resolve()):
        fix = "Name a .csv file in the folder of the rubric"
        raise refuse("this cannot be a table", fix, file=file, place=named.place, value=name)
    try:
        with path.open("rb") as source:
            raw = source.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            fix = f"Keep it below {MAX_BYTES // 1_000_000} MB"
            raise refuse("the table is too large", fix, file=file, place=named.place, value=name)
        text = raw.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        fix = "Check its name, and save it as CSV (UTF-8)"
        raise refuse("the table cannot be read", fix, file=file, place=named.place, value=name) from error
    return read_table(text, str(folder / name), parse)


def read_table(text: str, file: str, parse: Parse) -> Listing:
    """One mapping a row, each cell at its place; rows without anything in them are passed over."""
    rows = [row for row in _rows(text, file) if any(cell.text for cell in row)]
    header = rows[0] if rows else []
    names: set[str | None] = {""}
    for cell in header:
        if cell.text in names:
            raise refuse("each column needs a name of its own", "Mend the first line", file=file, place=cell.place)
        names.add(cell.text)
    if len(rows) * len(header) > MAX_PARTS:
        raise refuse("the table holds too many cells", f"Keep to {MAX_PARTS} cells", file=file)
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
        return _moved(parse(cell.text or ""), cell.place)
    except RubricError as error:
        (one,) = error.problems
        raise refuse(one.reason, one.fix, file=cell.place.file, place=cell.place, value=cell.text or "") from error


def _moved(tree: Tree, place: Place) -> Tree:
    if isinstance(tree, Branch):
        return Branch({key: (place, _moved(value, place)) for key, (_, value) in tree.entries.items()}, place)
    if isinstance(tree, Listing):
        return Listing(tuple(_moved(item, place) for item in tree.items), place)
    return Leaf(tree.text, place)


def _rows(text: str, file: str) -> Iterator[list[Leaf]]:
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
        at = found.end()
        if "\n" in found[0]:
            line, start = line + found[0].count("\n"), text.rindex("\n", 0, at) + 1
        if found[3] != sign:
            yield row
            row = []
    if row:
        yield [*row, Leaf("", Place(line, at - start + 1, file))]
