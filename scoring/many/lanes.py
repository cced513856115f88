"""One number for each of many subjects, side by side in one large whole number: sums and comparisons of all at once."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from math import prod
from operator import itemgetter
from typing import Any, Union, cast

SMALL = 256
NARROW = 4
CODES = {1: "B", 2: "H", 4: "I", 8: "Q"}
Codes = Union[bytes, "array[int]", list[bytes]]


class Column:
    """One code a subject; codes that fit a byte are below `size`. Kept as codes or as lanes of a byte, or both."""

    __slots__ = ("_codes", "_count", "_lanes", "size")

    def __init__(self, codes: Codes | None, size: int = SMALL, lanes: int | None = None, count: int = 0) -> None:
        self._codes, self.size, self._lanes, self._count = codes, size, lanes, count

    @property
    def codes(self) -> Codes:
        if self._codes is None:
            self._codes = self.lanes.to_bytes(self._count, "little")
        return self._codes

    @property
    def lanes(self) -> int:
        if self._lanes is None:
            self._lanes = int.from_bytes(cast("bytes", self._codes), "little")
        return self._lanes

    @property
    def is_narrow(self) -> bool:
        """Whether a code fits a byte."""
        return self._codes is None or isinstance(self._codes, bytes)

    def present(self) -> list[Any]:
        """The codes that occur."""
        if not isinstance(self.codes, bytes):
            return list(set(self.codes))
        found = set(self.codes[:4096])
        return sorted(found | set(self.codes.translate(None, bytes(found))))

    def firsts(self) -> dict[Any, int]:
        """For each code that occurs the first subject that has it."""
        codes, present = self.codes, self.present()
        if len(present) <= SMALL:
            return {code: codes.index(code) for code in present}
        # Codes that are many are rare, and searched for together.
        return dict(zip(reversed(codes), range(len(codes) - 1, -1, -1), strict=True))

    def dense(self) -> "Column":
        """The same with codes 0, 1, 2 …"""
        places = {code: new for new, code in enumerate(self.present())}
        size = len(places)
        if isinstance(self.codes, bytes):
            return Column(self.codes.translate(table_of(places)), size)
        numbered = map(places.__getitem__, self.codes)
        return Column(bytes(numbered) if size <= SMALL else array("I", numbered), size)


def table_of(numbers: Mapping[int, int]) -> bytes:
    """What `bytes.translate` needs."""
    table = bytearray(SMALL)
    for code, number in numbers.items():
        table[code] = number
    return bytes(table)


@dataclass(frozen=True)
class Lanes:
    """Arithmetic for `count` subjects. A flag is a lane of one byte that is 0 or 1."""

    count: int
    made: dict[int, int] = field(default_factory=dict)

    def ones(self, width: int = 1) -> int:
        if width not in self.made:
            self.made[width] = int.from_bytes((b"\x01" + bytes(width - 1)) * self.count, "little")
        return self.made[width]

    def raw(self, lanes: int, width: int = 1) -> bytes:
        return lanes.to_bytes(self.count * width, "little")

    def narrow(self, lanes: int, size: int) -> Column:
        return Column(None, size, lanes, self.count)

    def joint(self, columns: Sequence[Column]) -> Column:
        """One code for each combination that may occur."""
        if len(columns) == 1:
            return columns[0]
        if prod(column.size for column in columns) > SMALL:
            columns = [column.dense() for column in columns]
        size = prod(column.size for column in columns)
        least = 1 if all(column.is_narrow for column in columns) else 4
        width = next((one for one in CODES if size <= 1 << 8 * one and one >= least), 0)
        if not width:
            first, *rest = columns
            return self.joint([first, self.joint(rest).dense()])
        lanes = 0
        for column in columns:
            lanes = lanes * column.size + self._number(column, width)
        return self.narrow(lanes, size) if width == 1 else Column(array(CODES[width], self.raw(lanes, width)), size)

    def _number(self, column: Column, width: int) -> int:
        if column.is_narrow:
            return self.widened(column.lanes, 1, width)
        return self.widened(int.from_bytes(cast("array[int]", column.codes).tobytes(), "little"), 4, width)

    def flags(self, column: Column, table: Mapping[Any, object]) -> int:
        """A flag by code."""
        return self.spread(column, {code: 1 if one else 0 for code, one in table.items()}, 1)

    def column(self, flags: int) -> Column:
        return self.narrow(flags, 2)

    def spread(self, column: Column, table: Mapping[Any, int], width: int) -> int:
        """Each subject's number by its code; none may be below 0 or too wide."""
        codes = column.codes
        if width <= NARROW and isinstance(codes, bytes):
            bytes_of = range(0, 8 * width, 8)
            tables = (table_of({code: number >> at & 255 for code, number in table.items()}) for at in bytes_of)
            return self.woven([codes.translate(one) for one in tables])
        if width == 1:
            return int.from_bytes(bytes(map(table.__getitem__, codes)), "little")
        texts = {code: number.to_bytes(width, "little") for code, number in table.items()}
        return int.from_bytes(b"".join(map(texts.__getitem__, codes)), "little")

    def woven(self, parts: Sequence[bytes]) -> int:
        """Lanes from their lowest bytes, their next ones and so on."""
        if len(parts) == 1:
            return int.from_bytes(parts[0], "little")
        wide = bytearray(self.count * len(parts))
        for at, part in enumerate(parts):
            wide[at :: len(parts)] = part
        return int.from_bytes(wide, "little")

    def widened(self, lanes: int, width: int, wanted: int) -> int:
        if width == wanted or not lanes:
            return lanes
        raw, wide = self.raw(lanes, width), bytearray(self.count * wanted)
        for at in range(width):
            wide[at::wanted] = raw[at::width]
        return int.from_bytes(wide, "little")

    def only(self, chosen: Sequence[int], lanes: int, width: int = 1) -> int:
        """The lanes of those at the places chosen, side by side."""
        raw = self.raw(lanes, width)
        if width in CODES:
            codes = array(CODES[width], raw)
            picked = itemgetter(*chosen)(codes) if len(chosen) > 1 else [codes[at] for at in chosen]
            return int.from_bytes(array(CODES[width], picked), "little")
        return int.from_bytes(b"".join([raw[at * width : (at + 1) * width] for at in chosen]), "little")

    def back(self, chosen: Sequence[int], flags: bytes) -> int:
        """Flags of those chosen at the places they had among all."""
        wide = bytearray(self.count)
        for at in compress(chosen, flags):
            wide[at] = 1
        return int.from_bytes(wide, "little")

    def places(self, flags: int) -> Sequence[int]:
        """Where the flags are 1."""
        return array("I", compress(range(self.count), self.raw(flags)))

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
        if 2 * width in CODES:
            return array(CODES[2 * width], raw)
        step = 2 * width
        return [bytes(raw[at : at + step]) for at in range(0, len(raw), step)]


_HIGH = bytes(128) + b"\x01" * 128
