"""S3: the cheapest path to the next level."""

import statistics
import time

from bench.figure import Figure
from bench.scoring_data import subjects
from scoring import Rubric, cheapest_path


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
    return [Figure("S3", what, worst, 0.06, "s", worst / 0.06, "p99 < 60 ms", worst < 0.06)]
