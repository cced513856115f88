"""Scorecards as JSON lines, CSV or a table, and one subject's explanation."""

import csv
import json
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Literal, TextIO

from scoring import numbers
from scoring.cells import harmless
from scoring.limits import limits
from scoring.rehearse import Rehearsal
from scoring.rubric import Rubric
from scoring.scorecard import Scorecard
from scoring.text import Text

Format = Literal["jsonl", "csv", "table"]
_MAX_WIDTH = 24
_VALUES = Text(
    "{node}៖ តម្លៃឡើង {up} ចុះ {down} មានឬបាត់លទ្ធផល {other}",
    "{node}: {up} values rise, {down} fall, {other} gain or lose a result",
)

_LARGEST = Text("។ ធំជាងគេ៖", "; the largest:")


def shown(value: Fraction | None, places: int | None, beside: Iterable[Fraction] = ()) -> str:
    """A value as text: exact with `places` None, else so many decimals, more where a number beside it needs them."""
    if value is None:
        return ""
    return numbers.exact(value) if places is None else numbers.display(value, places, beside)


def json_line(card: Scorecard, nodes: tuple[str, ...], places: int | None, *, attainable: bool = False) -> str:
    """One subject on one line: exact values beside decimals, states and reason codes, levels and essentials."""
    tree: dict[str, object] = {"id": card.subject, "basis": card.basis}
    tree["nodes"] = {name: _node(card, name, places) | _most(card, name, attainable) for name in nodes}
    if card.levels:
        tree["levels"] = {name: level.reached for name, level in card.levels.items()}
    if card.essentials:
        tree["essentials"] = {name: one.outcome for name, one in card.essentials.items()}
    return json.dumps(tree, ensure_ascii=False, separators=(", ", ": "))


def _most(card: Scorecard, name: str, attainable: bool) -> dict[str, str | None]:
    most = card.nodes[name].attainable
    return {"attainable": None if most is None else numbers.show(most)} if attainable else {}


def _node(card: Scorecard, name: str, places: int | None) -> dict[str, str | None]:
    node = card.nodes[name]
    if node.value is None:
        return {"value": None, "state": node.state, "code": node.code}
    decimal = numbers.display(node.value, 6 if places is None else places, limits(card.rubric, name))
    return {"value": numbers.show(node.value), "decimal": decimal, "code": node.code}


class Writer:
    """Writes one scorecard after another in the chosen form; `attainable` puts the most of each node beside it."""

    def __init__(
        self,
        stream: TextIO,
        rubric: Rubric,
        form: Format,
        nodes: tuple[str, ...],
        places: int | None,
        *,
        attainable: bool = False,
    ) -> None:
        self.stream = stream
        self.rubric = rubric
        self.form = form
        self.nodes = nodes
        self.places = places
        self.attainable = attainable
        self.limits = {name: limits(rubric, name) for name in nodes}
        self.csv = csv.writer(stream, lineterminator="\n")

    def start(self) -> None:
        """The header."""
        if self.form != "jsonl":
            self._line(["id", *self._columns(), *self.rubric.levels])

    def write(self, card: Scorecard) -> None:
        if self.form == "jsonl":
            self.stream.write(json_line(card, self.nodes, self.places, attainable=self.attainable) + "\n")
            return
        values: list[str] = []
        for name in self.nodes:
            values.append(shown(card.nodes[name].value, self.places, self.limits[name]))
            values += [shown(card.nodes[name].attainable, self.places)] if self.attainable else []
        self._line([card.subject, *values, *(level.reached or "" for level in card.levels.values())])

    def _columns(self) -> list[str]:
        beside = (".attainable",) if self.attainable else ()
        return [name + what for name in self.nodes for what in ("", *beside)]

    def _line(self, cells: list[str]) -> None:
        if self.form == "csv":
            self.csv.writerow([harmless(cell) for cell in cells])
            return
        widths = [_MAX_WIDTH, *(max(len(name), 8) for name in (*self._columns(), *self.rubric.levels))]
        padded = [cell[:width].ljust(width) for cell, width in zip(cells, widths, strict=True)]
        self.stream.write("  ".join(padded).rstrip() + "\n")


def explain(card: Scorecard, nodes: Iterable[str], lang: str) -> Iterator[str]:
    """Every node with its value and why; every level with what holds and what stops the next rung."""
    yield f"{card.subject} ({card.basis})"
    for name in nodes:
        node = card.nodes[name]
        first, *more = node.lines(lang)
        yield f"{name} = {shown(node.value, None) or node.state}: {first}"
        yield from (f"    {line}" for line in more)
        if node.kind == "group" and node.value is not None:
            parts = card.contributions(name)
            yield "    " + " + ".join(f"{leaf} {numbers.exact(amount)}" for leaf, amount in parts.items())
    for essential in card.essentials.values():
        yield essential.because(lang)
    for name, level in card.levels.items():
        yield f"{name}: {level.reached or '–'}"
        for rung in level.rungs:
            yield f"  {rung.id}: {'✓' if rung.reached else '✗'}"
            yield from (f"    ✓ {one.because(lang)}" for one in rung.held)
            yield from (f"    ✗ {one.because(lang)}" for one in rung.unmet)


def write_rehearsal(stream: TextIO, found: Rehearsal, lang: str) -> None:
    """The matrix (old level down, new level across), how values change, then everybody who moves and why."""
    after = (None, *found.rungs_after)
    width = max(8, *(len(rung) for rung in (*found.rungs_before, *found.rungs_after)))
    stream.write(f"{found.scale}: {found.scored} scored, {len(found.rises)} rise, {len(found.falls)} fall\n")
    stream.write(" ".join(["old \\ new".ljust(width), *((rung or "–").rjust(width) for rung in after)]) + "\n")
    for before in (None, *found.rungs_before):
        counts = [str(found.matrix.get((before, rung), 0)).rjust(width) for rung in after]
        stream.write(" ".join([(before or "–").ljust(width), *counts]) + "\n")
    values = found.values
    if values.node:
        words = _VALUES[lang].format(node=values.node, up=values.up, down=values.down, other=values.other)
        stream.write(f"{words}{_LARGEST[lang] if values.largest else ''}\n")
    for change in values.largest:
        stream.write(f"    {change.id}: {numbers.exact(change.before)} → {numbers.exact(change.after)}\n")
    for move in found.moves:
        why = "; ".join(one.because(lang) for one in move.decided)
        stream.write(f"{move.id}: {move.before or '–'} → {move.after or '–'}: {why}\n")
