"""S2: a draft rehearsed on stored assessments, as the portal does it: store → matrix and list."""

import json
import multiprocessing
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from bench.figure import Figure
from bench.scoring_data import subjects
from bench.scoring_naive import Walk, incoming
from questionnaires import current
from scoring import Files, Rubric, Subject, load_rubric, rehearse

BLOCK, FEW = 500, 1_000


class Rehearsed(NamedTuple):
    """`memory` is the most that one of the scoring processes had, in MB; 0 when this process did it alone."""

    matrix: Counter[Any]
    memory: float


def rehearsal(rubric: Rubric, sizes: tuple[int, ...]) -> Iterator[Figure]:
    """Each size on both cores; naive walks a few of them and is taken as often; reading alone is the second figure."""
    with tempfile.TemporaryDirectory() as folder:
        path, memory = Path(folder) / "stored.sqlite", []
        for size in sizes:
            _store(path, size)
            begun = time.perf_counter()
            found = _rehearsed(path, size)
            seconds = time.perf_counter() - begun
            few = min(size, FEW)
            begun = time.perf_counter()
            walked = _walked(path, few)
            naive = (time.perf_counter() - begun) * size / few
            assert walked == _rehearsed(path, few).matrix
            assert sum(found.matrix.values()) == size
            memory.append(found.memory)
            ratio = naive / seconds
            what = f"{size:,} stored assessments to the matrix, both cores; against naive on one, from {few:,}"
            yield Figure("S2", what, seconds, naive, "s", ratio, "≥ 1.5 × the reference", ratio >= 1.5)
        begun = time.process_time()
        given = list(_read(path, 0, FEW))
        reading = time.process_time() - begun
        begun = time.process_time()
        rehearse(rubric, draft(rubric), given, scale="award")
        scoring = time.process_time() - begun
        what = "reading one stored assessment; against scoring it twice"
        yield Figure("S2", what, reading, scoring, "s", reading / scoring, "≤ 0.3", reading <= 0.3 * scoring)
        grown = memory[-1] / memory[0]
        what = f"memory of a scoring process: {sizes[-1]:,} stored assessments to {sizes[0]:,}"
        yield Figure("S2", what, memory[-1], memory[0], "MB", grown, "constant: ≤ 1.1 ×", grown <= 1.1)


def draft(rubric: Rubric) -> Rubric:
    """The same rules with a higher total for every rung that asks for one."""
    tree = json.loads(json.dumps(rubric.source))
    for rung in tree["levels"]["award"]["rungs"]:
        if "total" in rung:
            rung["total"] = {"at_least": str(int(rung["total"]["at_least"]) + 3)}
    return load_rubric(tree)


def _store(path: Path, size: int) -> None:
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE stored (id INTEGER PRIMARY KEY, name TEXT, content TEXT)")
        for start in range(0, size, BLOCK):
            rows = [(one.id, json.dumps(_frozen(one))) for one in subjects(min(BLOCK, size - start), seed=start)]
            base.executemany("INSERT INTO stored (name, content) VALUES (?, ?)", rows)


def _frozen(subject: Subject) -> dict[str, Any]:
    answers = {name: value.isoformat() if isinstance(value, date) else value for name, value in subject.answers.items()}
    facts = {**subject.facts, "submission_date": str(subject.facts["submission_date"])}
    files = {name: one.given for name, one in subject.evidence.items() if isinstance(one, Files)}
    return {"facts": facts, "answers": answers, "files": files, "na": sorted(subject.not_applicable)}


def _read(path: Path, start: int, count: int) -> Iterator[Subject]:
    with sqlite3.connect(path) as base:
        query = "SELECT name, content FROM stored WHERE id > ? ORDER BY id LIMIT ?"
        for name, content in base.execute(query, (start, count)):
            one = json.loads(content)
            evidence = {question: Files(given) for question, given in one["files"].items()}
            yield Subject(one["facts"], one["answers"], evidence, {}, frozenset(one["na"]), name)


def _rehearsed(path: Path, size: int) -> Rehearsed:
    rubric, most = current().rubric, [0.0]
    processes = multiprocessing.cpu_count() if size > FEW else 1

    def watched() -> Iterator[Subject]:
        yield from _read(path, 0, size)
        most.extend(_most_memory(child.pid) for child in multiprocessing.active_children())

    found = rehearse(rubric, draft(rubric), watched(), scale="award", processes=processes)
    return Rehearsed(Counter(found.matrix), max(most))


def _most_memory(process: int | None) -> float:
    """In MB. What the system counts of ended children begins with the memory of the process that started them."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def _walked(path: Path, size: int) -> Counter[Any]:
    rubric = current().rubric
    other = draft(rubric)
    found: Counter[Any] = Counter()
    for subject in _read(path, 0, size):
        answers = dict(subject.answers)
        day = answers.get("gov_policy_review_date")
        if isinstance(day, str):
            answers["gov_policy_review_date"] = date.fromisoformat(day)
        facts = {**subject.facts, "submission_date": date.fromisoformat(str(subject.facts["submission_date"]))}
        given = incoming(Subject(facts, answers, subject.evidence, {}, subject.not_applicable, subject.id))
        found[Walk(rubric, given).result().level, Walk(other, given).result().level] += 1
    return found
