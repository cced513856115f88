"""Two rubrics, the same subjects: who rises, who falls, and by which rule."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice
from multiprocessing import get_context
from typing import NamedTuple, cast

from scoring.errors import ScoringError
from scoring.evaluate import run
from scoring.fitting import fit
from scoring.results import Basis, ConditionResult, LevelResult
from scoring.rubric import Rubric
from scoring.subject import Subject
from scoring.text import Text
from scoring.work import Work

LARGEST, BLOCK = 10, 250
Cell = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Move:
    """One subject whose level changes. `decided`: what stopped it under the rubric that gives the lower level."""

    id: str
    before: str | None
    after: str | None
    rises: bool
    decided: tuple[ConditionResult, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """One subject that cannot be scored under one of the rubrics, and why."""

    id: str
    rubric: str
    code: str
    reason: Text


class Change(NamedTuple):
    """One subject whose value changes."""

    id: str
    before: Fraction
    after: Fraction


@dataclass(slots=True)
class Values:
    """How the values of the level's node change, whether or not levels do: how many rise, fall, gain or lose a result.

    `node` is empty for a level without one; `largest` are the few largest changes, the first subjects of equal ones.
    """

    node: str = ""
    up: int = 0
    down: int = 0
    other: int = 0
    largest: tuple[Change, ...] = ()

    def add(self, name: str, before: Fraction | None, after: Fraction | None) -> None:
        if before is None or after is None:
            self.other += before is not after
        elif before != after:
            self.up, self.down = self.up + (after > before), self.down + (after < before)
            self.largest = _largest((*self.largest, Change(name, before, after)))

    def joined(self, other: "Values") -> "Values":
        largest = _largest(self.largest + other.largest)
        return Values(self.node, self.up + other.up, self.down + other.down, self.other + other.other, largest)


def _largest(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda one: -abs(one.after - one.before))[:LARGEST])


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`matrix` counts subjects by level before and after; None is no level. `values` counts changed values as well."""

    scale: str
    rungs_before: tuple[str, ...]
    rungs_after: tuple[str, ...]
    matrix: Mapping[Cell, int]
    moves: tuple[Move, ...]
    failures: tuple[Failure, ...]
    scored: int
    values: Values = field(default_factory=Values)

    @property
    def rises(self) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if move.rises)

    @property
    def falls(self) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if not move.rises)


def rehearse(
    old: Rubric,
    new: Rubric,
    subjects: Iterable[Subject],
    *,
    scale: str = "",
    basis: Basis = "claimed",
    processes: int = 1,
) -> Rehearsal:
    """The matrix and the list; `scale` may be left out when the rubrics share one level.

    Facts and answers a rubric does not know are left out for that rubric; subjects that cannot be scored are listed
    apart. Rungs are compared by their place on the ladder of their own rubric. The result is the same with any number
    of `processes`; subjects are read a few blocks ahead.
    """
    name = scale or _shared_scale(old, new)
    for rubric in (old, new):
        if name not in rubric.levels:
            raise ScoringError("unknown_level", rubric.id, name, ", ".join(rubric.levels), "there is no such level")
    both = _Both(old, new, name, basis)
    found = both.rehearsed(())
    for part in _parts(both, iter(subjects), processes):
        found = _joined(found, part)
    return found


def _parts(both: "_Both", subjects: Iterator[Subject], processes: int) -> Iterator[Rehearsal]:
    blocks = iter(lambda: tuple(islice(subjects, BLOCK)), ())
    if processes == 1:
        yield from map(both.rehearsed, blocks)
        return
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for part in _ahead(pool, both, blocks, 2 * processes):
            yield replace(part, moves=tuple(_here(both, move) for move in part.moves))


def _ahead(pool: Executor, both: "_Both", blocks: Iterable[tuple[Subject, ...]], most: int) -> Iterator[Rehearsal]:
    """The parts in the order of their blocks; so many blocks at most wait or are worked on, while the next is read."""
    waiting: deque[Future[Rehearsal]] = deque()
    for block in blocks:
        waiting.append(pool.submit(both.rehearsed, block))
        if len(waiting) == most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _here(both: "_Both", move: Move) -> Move:
    """The move with this process's rubrics instead of copies of them."""
    rubrics = {rubric.sha256: rubric for rubric in (both.old, both.new)}
    return replace(move, decided=tuple(one._replace(rubric=rubrics[one.rubric.sha256]) for one in move.decided))


def _joined(one: Rehearsal, other: Rehearsal) -> Rehearsal:
    matrix = {cell: one.matrix.get(cell, 0) + other.matrix.get(cell, 0) for cell in {**one.matrix, **other.matrix}}
    return replace(
        one,
        matrix=matrix,
        moves=one.moves + other.moves,
        failures=one.failures + other.failures,
        scored=one.scored + other.scored,
        values=one.values.joined(other.values),
    )


@dataclass(frozen=True, slots=True)
class _Both:
    """What every subject is scored with."""

    old: Rubric
    new: Rubric
    scale: str
    basis: Basis

    def rehearsed(self, subjects: Iterable[Subject]) -> Rehearsal:
        """The rehearsal of a block."""
        matrix: dict[Cell, int] = {}
        moves: list[Move] = []
        failures: list[Failure] = []
        ladders = tuple(tuple(rung.id for rung in rubric.levels[self.scale].rungs) for rubric in (self.old, self.new))
        values = Values(_shown_node(self.old, self.new, self.scale))
        for subject in subjects:
            found = [_scored(rubric, subject, self.basis, failures) for rubric in (self.old, self.new)]
            if None in found:
                continue
            works = cast("list[Work]", found)
            before, after = (work.levels[self.scale] for work in works)
            if values.node:
                values.add(subject.id, *(work.nodes[str(work.rubric.levels[self.scale].of)].value for work in works))
            cell = (before.reached, after.reached)
            matrix[cell] = matrix.get(cell, 0) + 1
            if before.reached != after.reached:
                moves.append(_move(subject.id, before, after, ladders))
        scored = sum(matrix.values())
        return Rehearsal(self.scale, ladders[0], ladders[1], matrix, tuple(moves), tuple(failures), scored, values)


def _shared_scale(old: Rubric, new: Rubric) -> str:
    shared = sorted(set(old.levels) & set(new.levels))
    if not shared:
        raise ScoringError("no_level", new.id, "levels", None, "both rubrics need a level of the same name")
    if len(shared) > 1:
        raise ScoringError("which_level", new.id, "levels", ", ".join(shared), "name the level to compare")
    return shared[0]


def _shown_node(old: Rubric, new: Rubric, scale: str) -> str:
    """The nodes that the level looks at, one name where both rubrics call it the same."""
    nodes = [rubric.levels[scale].of for rubric in (old, new)]
    return "" if None in nodes else " → ".join(dict.fromkeys(map(str, nodes)))


def _scored(rubric: Rubric, subject: Subject, basis: Basis, failures: list[Failure]) -> Work | None:
    """All results under one rubric; None, and a failure, when it cannot score the subject."""
    try:
        return run(rubric, fit(rubric, subject), basis)
    except ScoringError as error:
        reason = Text(error.because("km"), error.because("en"))
        failures.append(Failure(subject.id, rubric.id, error.code, reason))
        return None


def _move(name: str, before: LevelResult, after: LevelResult, ladders: tuple[tuple[str, ...], ...]) -> Move:
    """A fall is decided by what the new rubric finds unmet, a rise by what the old one found unmet."""
    rises = _rank(after, ladders[1]) > _rank(before, ladders[0])
    lower, higher = (before, after) if rises else (after, before)
    lost = {rung.id for rung in lower.rungs} & {higher.reached}
    stopped = lower.rung(lost.pop()).unmet if lost else lower.stopping
    return Move(name, before.reached, after.reached, rises, stopped)


def _rank(level: LevelResult, ladder: tuple[str, ...]) -> int:
    return ladder.index(level.reached) if level.reached is not None else -1
