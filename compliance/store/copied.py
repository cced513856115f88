"""Reads a backup's rows where they lie, without putting them into a database."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pysqlite3.dbapi2 as fixed_sqlite

from compliance.domain.standing import AwardAct, Standing, Term, standing
from compliance.store import copying
from compliance.store.audit_restores import LEARNED, RESTORED, Line
from compliance.store.copying import SQLITE, TABLES, VERSION
from compliance.store.errors import RestoreError

Cells = tuple[str | None, ...]
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


@dataclass(frozen=True)
class CopiedAward:
    """An award as the backup knows it."""

    number: str
    code: str
    company: str
    level: str
    last_act: AwardAct
    term: Term


def rows(folder: Path, table: str, columns: Sequence[str]) -> Iterator[Cells]:
    """Some columns of a table, every value as text. Raises RestoreError when the backup does not have them."""
    if (folder / TABLES).is_dir():
        yield from _rows_of_file(folder / TABLES / f"{table}.copy", columns)
        return
    names = ", ".join(f'CAST("{column}" AS TEXT)' for column in columns)
    try:
        with closing(fixed_sqlite.connect(f"file:{folder / SQLITE}?mode=ro&immutable=1", uri=True)) as connection:
            yield from connection.execute(f"SELECT {names} FROM {table}")  # noqa: S608 (names of ours)
    except fixed_sqlite.Error as error:
        raise RestoreError(f"the backup's table {table} cannot be read ({error})") from error


def _rows_of_file(path: Path, columns: Sequence[str]) -> Iterator[Cells]:
    try:
        with path.open(newline="\n") as stream:
            names = stream.readline().rstrip("\n").split(",")
            places = [names.index(column) for column in columns]
            for line in stream:
                cells = line.rstrip("\n").split("\t")
                yield tuple(_text(cells[place]) for place in places)
    except (OSError, ValueError, IndexError) as error:
        raise RestoreError(f"the backup's {path.name} cannot be read ({error})") from error


def _text(cell: str) -> str | None:
    if cell == r"\N":
        return None
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), cell)


def revision(folder: Path) -> str:
    """The migration the backup stands at."""
    return next((str(row[0]) for row in rows(folder, VERSION, ["version_num"])), "")


def counts(folder: Path) -> dict[str, int]:
    """How many rows each table has."""
    if not (folder / TABLES).is_dir():
        return copying.counts(f"sqlite:///{folder / SQLITE}")
    files = [path for path in sorted((folder / TABLES).glob("*.copy")) if path.stem != VERSION]
    return {path.stem: path.read_bytes().count(b"\n") - 1 for path in files}


def entry_hashes(folder: Path) -> dict[int, str]:
    """The hash of every entry of the backup's trail."""
    return {int(seq or 0): digest or "" for seq, digest in rows(folder, "audit_entries", ["seq", "hash"])}


def entry_moment(folder: Path, number: int) -> datetime | None:
    """When an entry of the backup's trail was recorded."""
    for seq, at in rows(folder, "audit_entries", ["seq", "at"]):
        if at and int(seq or 0) == number:
            moment = datetime.fromisoformat(at)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def restore_lines(folder: Path) -> list[Line]:
    """The entries of the backup's trail that tell of earlier restores."""
    found = rows(folder, "audit_entries", ["seq", "previous", "tag", "content"])
    return [
        Line(int(seq or 0), previous or "", tag, content or "")
        for seq, previous, tag, content in found
        if tag in {RESTORED, LEARNED}
    ]


def standing_of(award: CopiedAward, on: date) -> Standing:
    """How it would stand on a day."""
    return standing(award.term, award.last_act, on)


def awards(folder: Path) -> list[CopiedAward]:
    """Every award of the backup, by number."""
    names = {key: name for key, name in rows(folder, "companies", ["id", "name_latin"])}  # noqa: C416 (not pairs to mypy)
    columns = ["number", "code", "company_id", "level", "last_act", "starts", "ends", "grace_days"]
    found = [
        CopiedAward(
            number=str(number),
            code=str(code),
            company=names.get(company) or "",
            level=str(level),
            last_act=AwardAct(str(act)),
            term=Term(date.fromisoformat(str(starts)), date.fromisoformat(str(ends)), int(grace or 0)),
        )
        for number, code, company, level, act, starts, ends, grace in rows(folder, "awards", columns)
    ]
    return sorted(found, key=lambda award: award.number)
