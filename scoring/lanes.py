"""One number for each of many subjects, side by side in one large whole number: sums and comparisons of all at once."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union, cast

SMALL = 256
Codes = Union[bytes, "array[int]", list[bytes]]


@dataclass(frozen=True, slots=True)
class Column:
    """One code a subject; codes that fit a byte are below `size`."""

    codes: Codes
    size: int = SMALL

    def present(self) -> list[int]:
        """The codes that occur."""
        if not isinstance(self.codes, bytes):
            return sorted(set(self.codes))  # type: ignore[arg-type]
        found = set(self.codes[:4096])
        return sorted(found | set(self.codes.translate(None, bytes(found))))

    def dense(self) -> tuple["Column", list[int]]:
        """The same with codes 0, 1, 2 …, and for each the first subject that has it."""
        codes, present = self.codes, self.present()
        firsts = [codes.index(code) for code in present]  # type: ignore[arg-type]
        if isinstance(codes, bytes):
            table = bytearray(SMALL)
            for new, old in enumerate(present):
                table[old] = new
            return Column(codes.translate(bytes(table)), len(present)), firsts
        places = {code: new for new, code in enumerate(present)}
        numbered = map(places.__getitem__, codes)  # type: ignore[arg-type]
        return Column(_packed(numbered, len(present)), len(present)), firsts


def _packed(codes: "map[int]", size: int) -> Codes:
    return bytes(codes) if size <= SMALL else array("I", codes)


@dataclass(frozen=True)
class Lanes:
    """Arithmetic for `count` subjects. A flag is a lane of one byte that is 0 or 1."""

    count: int

    def ones(self, width: int = 1) -> int:
        return int.from_bytes((b"\x01" + bytes(width - 1)) * self.count, "little")

    def number(self, codes: Codes) -> int:
        return int.from_bytes(cast("bytes", codes), "little")

    def raw(self, lanes: int, width: int = 1) -> bytes:
        return lanes.to_bytes(self.count * width, "little")

    def joint(self, columns: Sequence[Column]) -> Column:
        """One code for each combination that may occur."""
        size = 1
        for column in columns:
            size *= column.size
        if size > SMALL or not all(isinstance(column.codes, bytes) for column in columns):
            columns = [column.dense()[0] for column in columns]
            columns = [column for column in columns if column.size > 1]
            size = 1
            for column in columns:
                size *= column.size
            if size > SMALL:
                return _joined(columns)
        lanes = 0
        for column in columns:
            lanes = lanes * column.size + self.number(column.codes)
        return Column(self.raw(lanes), size)

    def flags(self, column: Column, table: Sequence[object]) -> int:
        """A flag by code."""
        return self.spread(column, {code: 1 if one else 0 for code, one in enumerate(table)}, 1)

    def column(self, flags: int) -> Column:
        return Column(self.raw(flags), 2)

    def spread(self, column: Column, table: Mapping[Any, int], width: int) -> int:
        """Each subject's number by its code; none may be below 0 or too wide."""
        codes = column.codes
        if width == 1 and isinstance(codes, bytes):
            by_code = bytearray(SMALL)
            for code, number in table.items():
                by_code[code] = number
            return int.from_bytes(codes.translate(bytes(by_code)), "little")
        texts = {code: number.to_bytes(width, "little") for code, number in table.items()}
        return int.from_bytes(b"".join(map(texts.__getitem__, codes)), "little")

    def widened(self, lanes: int, width: int, wanted: int) -> int:
        if width == wanted:
            return lanes
        raw, wide = self.raw(lanes, width), bytearray(self.count * wanted)
        for at in range(width):
            wide[at::wanted] = raw[at::width]
        return int.from_bytes(wide, "little")

    def not_below(self, lanes: int, width: int) -> int:
        """Flags of lanes whose highest bit is set: numbers that had half of the range added and are not below 0."""
        return int.from_bytes(self.raw(lanes, width)[width - 1 :: width].translate(_HIGH), "little")

    def both(self, lanes: int, bottoms: int, width: int) -> Codes:
        """Two lanes of a subject as one code."""
        raw = bytearray(2 * width * self.count)
        top, bottom = self.raw(lanes, width), self.raw(bottoms, width)
        for at in range(width):
            raw[at :: 2 * width] = top[at::width]
            raw[width + at :: 2 * width] = bottom[at::width]
        if width in _CODES:
            return array(_CODES[width], raw)
        step = 2 * width
        return [bytes(raw[at : at + step]) for at in range(0, len(raw), step)]


def _joined(columns: Sequence[Column]) -> Column:
    together = list(zip(*(column.codes for column in columns), strict=True))
    places = {one: at for at, one in enumerate(dict.fromkeys(together))}
    return Column(_packed(map(places.__getitem__, together), len(places)), len(places))


_HIGH = bytes(128) + b"\x01" * 128
_CODES = {1: "H", 2: "I", 4: "Q"}
