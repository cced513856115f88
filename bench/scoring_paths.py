"""S3: the cheapest path to the next level."""

import statistics
import time
from pathlib import Path as File

from bench.figure import Figure
from bench.scoring_data import subjects
from scoring import Path, Rubric, Subject, cheapest_path
from scoring.loading.reader import read_rubric

LARGEST = File(__file__).parents[1] / "docs" / "rubrics" / "openssf_badge.yaml"
"""Of the rubrics in docs with levels."""


def paths(rubric: Rubric, count: int) -> list[Figure]:
    """Of random companies under the first edition; p99 against the target."""
    taken = []
    for subject in subjects(count, seed=21):
        begun = time.process_time()
        cheapest_path(rubric, subject, "award")
        taken.append(time.process_time() - begun)
    worst = sorted(taken)[int(len(taken) * 0.99) - 1]
    what = (
        f"cheapest path, p99 of {count} random companies; "
        f"median {statistics.median(taken) * 1000:.0f} ms, worst {max(taken) * 1000:.0f} ms"
    )
    return [Figure("S3", what, worst, 0.06, "s", worst / 0.06, "p99 < 60 ms", worst < 0.06), _largest()]


def _largest() -> Figure:
    """Of somebody who has answered nothing yet; the first of the process."""
    rubric = read_rubric(LARGEST)
    begun = time.process_time()
    path = cheapest_path(rubric, Subject(), "badge")
    taken = time.process_time() - begun
    assert isinstance(path, Path)
    told = "proved the cheapest" if path.proved else "the cheapest found"
    what = f"path of the largest rubric in docs, {len(rubric.criteria)} criteria: {len(path.steps)} steps, {told}"
    return Figure("S3", what, taken, 2.0, "s", taken / 2.0, "< 2 s", taken < 2.0)
