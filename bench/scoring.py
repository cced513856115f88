"""S1, S2, S3: one assessment explained, a rehearsal of 100,000, the cheapest path; all agree before any is timed."""

import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bench import scoring_peers
from bench.figure import Figure
from bench.scoring_data import subjects
from bench.scoring_naive import Walk, incoming
from questionnaires import current
from scoring import Files, Rubric, Subject, cheapest_path, evaluate
from scoring.compiled import compiled, score
from scoring.scorecard import Scorecard

CHECKED, COMPARED, SAMPLE, STORED, PATHS = 100_000, 1_000, 200, 100_000, 200


def run(*, checked: int = CHECKED, stored: int = STORED, paths: int = PATHS) -> list[Figure]:
    """The gate first: an independent walk agrees on every answer set, the plain algorithm on every byte of some."""
    rubric = current().rubric
    _gate(rubric, checked)
    return [*_one(rubric), *_rehearsal(rubric, stored), _path(rubric, paths)]


def _gate(rubric: Rubric, checked: int) -> None:
    done = 0
    for block in range(max(1, checked // COMPARED)):
        for index, subject in enumerate(subjects(min(COMPARED, checked), seed=block)):
            quick = compiled(rubric).found(subject)
            walked = Walk(rubric, incoming(subject)).result()
            assert quick is not None
            assert quick[3] == (walked.level,), f"the level of {subject.id} in block {block}"
            if index % 50 == 0:
                plain, fast = evaluate(rubric, subject), score(rubric, subject)
                assert plain.canonical_json() == fast.canonical_json(), f"{subject.id} in block {block}"
                assert plain.nodes[rubric.levels["award"].of or ""].value == walked.total
            done += 1
    print(f"  agreed on {done:,} random answer sets", flush=True)


def explained(card: Scorecard) -> Scorecard:
    """Everything made: groups, levels with their conditions, findings."""
    assert card.levels
    assert card.findings
    assert card.nodes
    return card


def _one(rubric: Rubric) -> list[Figure]:
    given = subjects(SAMPLE, seed=11)
    data = [incoming(subject) for subject in given]
    works: dict[str, Callable[[], Any]] = {
        "fast": lambda: [compiled(rubric).found(subject) for subject in given],
        "card": lambda: [explained(score(rubric, subject)) for subject in given],
        "naive": lambda: [Walk(rubric, one).result() for one in data],
        "plain": lambda: [evaluate(rubric, subject) for subject in given],
    }
    told = [scoring_peers.told(rubric, subject) for subject in given]
    try:
        zen = scoring_peers.zen(rubric)
        works["zen"] = lambda: [zen(one) for one in told]
        jsonlogic, texts = scoring_peers.datalogic(rubric), [json.dumps(one) for one in told]
        works["datalogic"] = lambda: [jsonlogic(text) for text in texts]
    except ImportError as missing:
        print(f"  without the peer {missing.name}: {scoring_peers.INSTALL}", flush=True)
    seconds = alternately(works)
    fast = "answers with reasons, sections, total, level; the rest made when looked at"
    figures = [
        _ratio("S1", f"{fast}; against naive pydantic", seconds["fast"], seconds["naive"], 15),
        _ratio(
            "S1",
            "the whole scorecard made, every sentence's figures; against naive",
            seconds["card"],
            seconds["naive"],
            15,
        ),
        _ratio("S1", f"{fast}; against the plain algorithm", seconds["fast"], seconds["plain"], 15),
    ]
    if "zen" in seconds:
        figures.append(_ratio("S1", f"{fast}; against zen-engine with trace", seconds["fast"], seconds["zen"], 25))
    if "datalogic" in seconds:
        figures.append(
            _ratio("S1", f"{fast}; against datalogic-py, unexplained", seconds["fast"], seconds["datalogic"], 1.5)
        )
    return figures


def alternately(works: dict[str, Callable[[], Any]], rounds: int = 7) -> dict[str, float]:
    """Medians for one assessment, contenders in turn."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds + 1):
        for name, work in works.items():
            begun = time.perf_counter()
            work()
            if turn:
                taken[name].append((time.perf_counter() - begun) / SAMPLE)
    return {name: statistics.median(found) for name, found in taken.items()}


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
    changed = draft(rubric)
    with tempfile.TemporaryDirectory() as folder:
        base = sqlite3.connect(Path(folder) / "stored.sqlite")
        base.execute("CREATE TABLE stored (id TEXT, level TEXT, content TEXT)")
        rows = (
            (one.id, compiled(rubric).reached(one, "award"), json.dumps(_frozen(one))) for one in subjects(stored, 3)
        )
        base.executemany("INSERT INTO stored VALUES (?, ?, ?)", rows)
        base.commit()
        reading = _timed(lambda: [json.loads(row[2]) for row in base.execute("SELECT id, level, content FROM stored")])
        seconds = _timed(lambda: _matrix(base, lambda one: compiled(changed).reached(one, "award")))
        few = min(stored, 1_000)
        naive = (
            _timed(lambda: _matrix(base, lambda one: Walk(changed, incoming(one)).result().level, few)) * stored / few
        )
        ours = _matrix(base, lambda one: compiled(changed).reached(one, "award"), few)
        assert ours == _matrix(base, lambda one: evaluate(changed, one).levels["award"].reached, few)
        base.close()
    what = f"{stored:,} stored assessments to the matrix"
    return [
        _ratio("S2", f"{what}; naive from {few:,}", seconds, naive, 150),
        Figure("S2", f"{what}; reference: only reading", seconds, reading, "s", seconds / reading, "≤ 4 × reading",
               seconds <= 4 * reading),
    ]  # fmt: skip


def _frozen(subject: Subject) -> dict[str, Any]:
    answers = {name: value.isoformat() if isinstance(value, date) else value for name, value in subject.answers.items()}
    facts = {**subject.facts, "submission_date": str(subject.facts["submission_date"])}
    files = {name: one.given for name, one in subject.evidence.items() if isinstance(one, Files)}
    return {"facts": facts, "answers": answers, "files": files, "na": sorted(subject.not_applicable)}


def _matrix(base: sqlite3.Connection, level: Callable[[Subject], str | None], limit: int = -1) -> dict[Any, int]:
    found: dict[Any, int] = {}
    files = [Files(count) for count in range(10)]
    for name, before, content in base.execute("SELECT id, level, content FROM stored LIMIT ?", (limit,)):
        one = json.loads(content)
        evidence = {question: files[count] for question, count in one["files"].items()}
        day = date.fromisoformat(one["answers"].pop("gov_policy_review_date", None) or "0001-01-01")
        if day.year > 1:
            one["answers"]["gov_policy_review_date"] = day
        one["facts"]["submission_date"] = date.fromisoformat(one["facts"]["submission_date"])
        after = level(Subject(one["facts"], one["answers"], evidence, {}, frozenset(one["na"]), name))
        found[before, after] = found.get((before, after), 0) + 1
    return found


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _path(rubric: Rubric, count: int) -> Figure:
    taken = []
    for subject in subjects(count, seed=21):
        begun = time.process_time()
        cheapest_path(rubric, subject, "award")
        taken.append(time.process_time() - begun)
    worst = sorted(taken)[int(len(taken) * 0.99) - 1]
    what = f"cheapest path, CPU, p99 of {count} random companies; median {statistics.median(taken) * 1000:.0f} ms"
    return Figure("S3", what, worst, 0.05, "s", worst / 0.05, "p99 < 50 ms", worst < 0.05)
