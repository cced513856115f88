"""Published methods as a policy officer would run them: a rubric file, a table of subjects, the command."""

import csv
import io
import subprocess
import sys
from pathlib import Path

from scoring import Rubric, RubricError, Scorecard, Subject, evaluate
from scoring.loading.reader import read_rubric

ROOT = Path(__file__).parents[3]
RUBRICS = ROOT / "docs" / "rubrics"


def rubric(name: str) -> Rubric:
    try:
        return read_rubric(RUBRICS / f"{name}.yaml")
    except RubricError as error:
        raise AssertionError(str(error)) from error


def score(name: str, answers: dict[str, str], facts: dict[str, str] | None = None) -> Scorecard:
    return evaluate(rubric(name), Subject(facts or {}, answers))


def table(name: str, text: str, folder: Path, *options: str) -> dict[str, dict[str, str]]:
    """The rows that the command prints, by their id; every subject must have been scored."""
    subjects = folder / "subjects.csv"
    subjects.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "scoring", "evaluate", str(RUBRICS / f"{name}.yaml"), str(subjects)]
    done = subprocess.run([*command, "--format", "csv", *options], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, [line for line in done.stderr.splitlines() if not line.startswith("passed over")]) == (
        0,
        [],
    )
    return {row["id"]: row for row in csv.DictReader(io.StringIO(done.stdout))}


def explained(name: str, text: str, folder: Path, subject: str, lang: str) -> str:
    subjects = folder / "subjects.csv"
    subjects.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "scoring", "evaluate", str(RUBRICS / f"{name}.yaml"), str(subjects)]
    done = subprocess.run(
        [*command, "--explain", subject, "--lang", lang], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return done.stdout
