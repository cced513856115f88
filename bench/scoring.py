"""S1, S2, S3: one assessment explained, a rehearsal of 100,000, the cheapest path; all agree before any is timed."""

import gc
import json
import sqlite3
import statistics
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from scoring.compiled.compile import compiled, score
from scoring.many.reached import matrix, reached
from scoring.many.sheets import Layout, Sheets

from bench import scoring_peers
from bench.figure import Figure
from bench.scoring_data import subjects
from bench.scoring_gate import agree
from bench.scoring_naive import Walk, incoming
from questionnaires import current
from scoring import Files, Rubric, Scorecard, Subject, cheapest_path, evaluate

CHECKED, SAMPLE, ROUNDS, WARM_UP, STORED, PATHS, WARM = 100_000, 200, 9, 1_000, 100_000, 200, 50
Contender = tuple[Callable[[Subject], Any], Callable[[Any], object]]
"""What it is given, made beforehand, and what is timed."""
WHOLE = (
    "the whole scorecard read: every criterion, section and total with value, most points, state and reason code, "
    "every part, finding and condition of each level (equal ones shared; sentences are made when read)"
)
SCORED = (
    "scored and nothing read yet: every criterion's result with its reasons and finding, sections, total and level are "
    "known; what holds them is made when it is read"
)
AGAINST = {
    "naive": ("naive pydantic", 15),
    "zen": ("zen-engine with trace", 25),
    "datalogic": ("datalogic-py, unexplained and told what is asked", 1.5),
    "plain": ("the plain algorithm", 15),
}


def run(*, checked: int = CHECKED, stored: int = STORED, paths: int = PATHS) -> list[Figure]:
    """The gate first: an independent walk agrees on every answer set, the plain algorithm on every byte of some."""
    rubric = current().rubric
    agree(checked)
    return [*_one(rubric), *_rehearsal(rubric, stored), _path(rubric, paths)]


def _each(work: Callable[[Any], object], items: Iterable[Any]) -> Callable[[], object]:
    """The work on each item; no result is kept longer than one assessment is looked at."""
    return lambda: deque(map(work, items), maxlen=0)


def _one(rubric: Rubric) -> list[Figure]:
    """Companies whose equal parts are kept, and companies nobody has scored before, in a process that served others."""
    works: dict[str, Contender] = {
        "whole": (_as_it_is, lambda subject: _read(score(rubric, subject))),
        "scored": (_as_it_is, lambda subject: score(rubric, subject)),
        "naive": (incoming, lambda one: Walk(rubric, one).result()),
        "plain": (_as_it_is, lambda subject: evaluate(rubric, subject)),
    }
    try:
        zen, datalogic = scoring_peers.zen(rubric), scoring_peers.datalogic(rubric)
        works["zen"] = (lambda subject: scoring_peers.told(rubric, subject), zen)
        works["datalogic"] = (lambda subject: json.dumps(scoring_peers.told(rubric, subject)), datalogic)
    except ImportError as missing:
        print(f"  without the peer {missing.name}: {scoring_peers.INSTALL}", flush=True)
    for subject in subjects(WARM_UP, seed=1000):
        _read(score(rubric, subject))
    figures = []
    for seeds, which in (([11] * ROUNDS, "seen before"), (range(ROUNDS), "never seen")):
        seconds = alternately(works, seeds)
        figures += [
            _ratio("S1", f"{what}; companies {which}; against {name}", seconds[ours], seconds[peer], least)
            for ours, what in (("whole", WHOLE), ("scored", SCORED))
            for peer, (name, least) in AGAINST.items()
            if peer in seconds
        ]
    return figures


def _read(card: Scorecard) -> tuple[object, ...]:
    return card.nodes, card.findings, card.essentials, card.levels


def alternately(works: dict[str, Contender], seeds: Iterable[int]) -> dict[str, float]:
    """Medians for one assessment, contenders in turn; those that keep something get companies of their own."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for seed in seeds:
        for name, (prepare, work) in works.items():
            items = [prepare(subject) for subject in subjects(SAMPLE, seed=seed + 100 * (name == "scored"))]
            gc.collect()
            taken[name].append(_timed(_each(work, items)) / SAMPLE)
    return {name: statistics.median(found) for name, found in taken.items()}


def _as_it_is(subject: Subject) -> Subject:
    return subject


def _ratio(name: str, what: str, contender: float, reference: float, least: float) -> Figure:
    ratio = reference / contender
    return Figure(name, what, contender, reference, "s", ratio, f"≥ {least:g} × the reference", ratio >= least)


def draft(rubric: Rubric) -> Rubric:
    """The same rules with higher demands."""
    scale = rubric.levels["award"]
    rungs = tuple(
        replace(rung, total=rung.total and replace(rung.total, number=rung.total.number + 3)) for rung in scale.rungs
    )
    changed = {**rubric.levels, "award": replace(scale, rungs=rungs)}
    return replace(rubric, levels=changed, sha256="draft", source={"draft": rubric.sha256})


def _rehearsal(rubric: Rubric, stored: int) -> list[Figure]:
    """Sheets stand beside what was stored; naive reads what was stored, ours the sheets."""
    changed, layout = draft(rubric), Layout(rubric)
    with tempfile.TemporaryDirectory() as folder:
        base = sqlite3.connect(Path(folder) / "stored.sqlite")
        base.execute("CREATE TABLE stored (id TEXT, level TEXT, content TEXT)")
        base.execute("CREATE TABLE sheets (id TEXT, level TEXT, sheet BLOB)")
        given = subjects(stored, 3)
        levels = [compiled(rubric).reached(one, "award") for one in given]
        base.executemany(
            "INSERT INTO stored VALUES (?, ?, ?)",
            ((one.id, level, json.dumps(_frozen(one))) for one, level in zip(given, levels, strict=True)),
        )
        base.executemany(
            "INSERT INTO sheets VALUES (?, ?, ?)",
            ((one.id, level, layout.write(one)) for one, level in zip(given, levels, strict=True)),
        )
        base.commit()
        few = given[: min(stored, 1_000)]
        ours: list[float] = []
        reading: list[float] = []
        for turn in range(3):
            # A draft nobody has scored before, as in a rehearsal.
            fresh = replace(changed, sha256=f"draft {turn}")
            reading.append(_timed(lambda: base.execute("SELECT level, sheet FROM sheets").fetchall()))
            ours.append(_timed(lambda fresh=fresh: _matrix(base, layout, fresh)))  # type: ignore[misc]
        naive = _timed(lambda: _naive_matrix(base, changed, len(few))) * stored / len(few)
        assert _matrix(base, layout, changed, len(few)) == _naive_matrix(base, changed, len(few))
        assert _matrix(base, layout, changed) == Counter(
            (level, compiled(changed).reached(one, "award")) for one, level in zip(given, levels, strict=True)
        )
        base.close()
    seconds, read = statistics.median(ours), statistics.median(reading)
    what = f"{stored:,} stored assessments to the matrix, from their sheets of codes"
    figures = [
        _ratio("S2", f"{what}; naive from {len(few):,}", seconds, naive, 150),
        Figure("S2", f"{what}; reference: only reading the sheets", seconds, read, "s", seconds / read, "≤ 4 × reading",
               seconds <= 4 * read),
    ]  # fmt: skip
    try:
        jsonlogic = scoring_peers.datalogic(rubric)
    except ImportError:
        return figures
    texts = [json.dumps(scoring_peers.told(rubric, subject)) for subject in few]
    taken = _timed(_each(jsonlogic, texts)) * stored / len(few)
    return [*figures, _ratio("S2", f"{what}; against datalogic-py in memory", seconds, taken, 10)]


def _frozen(subject: Subject) -> dict[str, Any]:
    answers = {name: value.isoformat() if isinstance(value, date) else value for name, value in subject.answers.items()}
    facts = {**subject.facts, "submission_date": str(subject.facts["submission_date"])}
    files = {name: one.given for name, one in subject.evidence.items() if isinstance(one, Files)}
    return {"facts": facts, "answers": answers, "files": files, "na": sorted(subject.not_applicable)}


def _matrix(base: sqlite3.Connection, layout: Layout, rubric: Rubric, limit: int = -1) -> Counter[Any]:
    levels, sheets = zip(*base.execute("SELECT level, sheet FROM sheets LIMIT ?", (limit,)), strict=True)
    ladder = [None, *(rung.id for rung in rubric.levels["award"].rungs)]
    places = {rung: place for place, rung in enumerate(ladder)}
    found = reached(rubric, Sheets(layout, b"".join(sheets)), "award")
    counts = matrix(bytes(map(places.__getitem__, levels)), found.codes, len(ladder) - 1)
    return Counter({(ladder[before], ladder[after]): count for (before, after), count in counts.items()})


def _naive_matrix(base: sqlite3.Connection, rubric: Rubric, limit: int) -> Counter[Any]:
    found: Counter[Any] = Counter()
    files = [Files(count) for count in range(10)]
    for name, before, content in base.execute("SELECT id, level, content FROM stored LIMIT ?", (limit,)):
        one = json.loads(content)
        evidence = {question: files[count] for question, count in one["files"].items()}
        day = one["answers"].get("gov_policy_review_date")
        if day:
            one["answers"]["gov_policy_review_date"] = date.fromisoformat(day)
        one["facts"]["submission_date"] = date.fromisoformat(one["facts"]["submission_date"])
        subject = Subject(one["facts"], one["answers"], evidence, {}, frozenset(one["na"]), name)
        found[before, Walk(rubric, incoming(subject)).result().level] += 1
    return found


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _path(rubric: Rubric, count: int) -> Figure:
    """As in a process that has served some companies before."""
    for subject in subjects(WARM, seed=22):
        cheapest_path(rubric, subject, "award")
    taken = []
    for subject in subjects(count, seed=21):
        begun = time.perf_counter()
        cheapest_path(rubric, subject, "award")
        taken.append(time.perf_counter() - begun)
    worst = sorted(taken)[int(len(taken) * 0.99) - 1]
    what = (
        f"cheapest path, p99 of {count} random companies after {WARM} others; "
        f"median {statistics.median(taken) * 1000:.0f} ms, worst {max(taken) * 1000:.0f} ms"
    )
    return Figure("S3", what, worst, 0.05, "s", worst / 0.05, "p99 < 50 ms", worst < 0.05)
