"""S1, S2, S4 and the gate: one assessment scored and stored, a draft rehearsed from the store, large rubrics."""

import gc
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from bench import scoring_peers
from bench.figure import Figure
from bench.scoring_data import subjects
from bench.scoring_naive import Walk, incoming
from bench.scoring_paths import paths
from bench.scoring_rehearsal import rehearsal
from questionnaires import current
from scoring import Rubric, Subject, evaluate, load_rubric

CHECKED, SAMPLE, ROUNDS = 5_000, 200, 9
SIZES = (250, 500, 1_000, 2_000)


def run(*, checked: int = CHECKED, stored: tuple[int, ...] = (10_000, 100_000), count: int = 200) -> list[Figure]:
    """The gate first: an independent walk agrees on every answer set."""
    rubric = current().rubric
    agree(rubric, checked)
    return [*_one(rubric), *rehearsal(rubric, stored), *paths(rubric, count), *_sizes()]


def agree(rubric: Rubric, checked: int) -> None:
    """Total and level of random answer sets, beside the naive walk's. Raises AssertionError."""
    for subject in subjects(checked, seed=99):
        walked, card = Walk(rubric, incoming(subject)).result(), evaluate(rubric, subject)
        assert card.nodes["overall"].value == walked.total, subject.id
        assert card.levels["award"].reached == walked.level, subject.id
    print(f"  agreed on {checked:,} random answer sets", flush=True)


def _one(rubric: Rubric) -> list[Figure]:
    """One assessment, every part of the result there; and to the canonical JSON that is stored."""
    works: dict[str, tuple[Callable[[Subject], Any], Callable[[Any], object]]] = {
        "scored": (lambda subject: subject, lambda subject: evaluate(rubric, subject)),
        "stored": (lambda subject: subject, lambda subject: evaluate(rubric, subject).canonical_json()),
        "naive": (incoming, lambda one: Walk(rubric, one).result()),
    }
    try:
        works["zen"] = (lambda subject: scoring_peers.told(rubric, subject), scoring_peers.zen(rubric))
    except ImportError as missing:
        print(f"  without the peer {missing.name}: {scoring_peers.INSTALL}", flush=True)
    seconds = alternately(works)
    figures = [
        _ratio("S1", "one assessment scored, every part there; against naive pydantic", seconds, "scored", "naive", 1)
    ]
    if "zen" in seconds:
        what = "the same; against zen-engine with trace"
        figures.append(_ratio("S1", what, seconds, "scored", "zen", 0.75))
    figures.append(_ratio("S1", "to stored canonical JSON; against naive pydantic", seconds, "stored", "naive", 0.5))
    return figures


def alternately(works: dict[str, tuple[Callable[[Subject], Any], Callable[[Any], object]]]) -> dict[str, float]:
    """Median processor seconds for one assessment, contenders in turn, each round on companies never seen before."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for seed in range(ROUNDS):
        for name, (prepare, work) in works.items():
            items = [prepare(subject) for subject in subjects(SAMPLE, seed=seed)]
            gc.collect()
            taken[name].append(timed(lambda: deque(map(work, items), maxlen=0)) / SAMPLE)  # noqa: B023
    return {name: statistics.median(found) for name, found in taken.items()}


def timed(work: Callable[[], object]) -> float:
    """Processor seconds."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _ratio(name: str, what: str, seconds: dict[str, float], contender: str, reference: str, least: float) -> Figure:
    ratio = seconds[reference] / seconds[contender]
    target = f"≥ {least:g} × the reference"
    return Figure(name, what, seconds[contender], seconds[reference], "s", ratio, target, ratio >= least)


def _sizes() -> Iterable[Figure]:
    """The first score of a rubric never seen, against its second; and a criterion's share of loading and scoring."""
    per_criterion: dict[int, float] = {}
    for size in SIZES:
        tree, subject = large(size), Subject({}, {f"c{at}": "yes" for at in range(0, size, 2)})
        loading = [timed(lambda: load_rubric(tree)) for _ in range(3)]  # noqa: B023
        rubric = load_rubric(tree)
        first = timed(lambda: evaluate(rubric, subject))  # noqa: B023
        second = statistics.median(timed(lambda: evaluate(rubric, subject)) for _ in range(5))  # noqa: B023
        per_criterion[size] = (statistics.median(loading) + first) / size
        what = f"first score of a rubric of {size:,} criteria; against the second"
        yield Figure("S4", what, first, second, "s", first / second, "≤ 2 × the second", first <= 2 * second)
    grown = per_criterion[SIZES[-1]] / per_criterion[SIZES[0]]
    what = f"loading and first score, a criterion: of {SIZES[-1]:,} against of {SIZES[0]}"
    yield Figure("S4", what, per_criterion[SIZES[-1]], per_criterion[SIZES[0]], "s", grown, "linear: ≤ 2 ×", grown <= 2)


def large(size: int) -> dict[str, Any]:
    """A rubric of `size` criteria in ten groups; every third is asked by the answer before it."""
    criteria = {
        f"c{at}": {
            "choice": {"yes": 10, "no": 0},
            **({"asked": {"answer": f"c{at - 1}", "is": "yes"}} if at % 3 == 1 else {}),
        }
        for at in range(size)
    }
    groups: dict[str, Any] = {
        f"g{part}": {"combine": "mean", "of": [f"c{at}" for at in range(part, size, 10)]} for part in range(10)
    }
    groups["total"] = {"combine": "mean", "of": [f"g{part}" for part in range(10)]}
    gates = {f"c{at}": {"met_by": ["yes"]} for at in range(0, size, 5)}
    rungs = [{"id": "low", "total": 3}, {"id": "high", "total": 8, "criteria": gates}]
    return {
        "rubric": "large",
        "defaults": {"unanswered": 0},
        "criteria": criteria,
        "groups": groups,
        "levels": {"award": {"of": "total", "rungs": rungs}},
    }
