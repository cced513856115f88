"""The gate before any figure: every way of scoring agrees with an independent walk on random answer sets."""

import multiprocessing
import os
import sys
from fractions import Fraction

from scoring.compiled.compile import compiled, score
from scoring.many.reached import reached
from scoring.many.sheets import Layout, Sheets

from bench.scoring_data import subjects
from bench.scoring_naive import Walk, incoming
from questionnaires import current
from scoring import evaluate

BLOCK, EVERY = 5_000, 50


def agree(checked: int) -> None:
    """One company by one, by sheets, by the walk; every fiftieth scorecard in every byte with the plain algorithm's."""
    blocks = [(block, min(BLOCK, checked - block * BLOCK)) for block in range(-(-checked // BLOCK))]
    with multiprocessing.Pool(os.cpu_count()) as pool:
        done = 0
        for count in pool.imap_unordered(_block, blocks):
            done += count
            if sys.stdout.isatty():
                print(f"\r  agreed on {done:,} random answer sets", end="", flush=True)
    print(f"\r  agreed on {done:,} random answer sets", flush=True)


def _block(block: tuple[int, int]) -> int:
    seed, count = block
    rubric = current().rubric
    layout, given = Layout(rubric), subjects(count, seed)
    ladder = [None, *(rung.id for rung in rubric.levels["award"].rungs)]
    together = reached(rubric, Sheets(layout, b"".join(map(layout.write, given))), "award")
    assert not together.failures
    for index, subject in enumerate(given):
        name = f"{subject.id} in block {seed}"
        walked, alone = Walk(rubric, incoming(subject)).result(), compiled(rubric).found(subject)
        assert alone is not None, name
        top, bottom = alone[3][-2:]
        assert (Fraction(top, bottom) if bottom else None) == walked.total, f"the total of {name}"
        assert alone[4] == (walked.level,), f"the level of {name}"
        assert ladder[together.codes[index]] == walked.level, f"the level of {name} from its sheet"
        if index % EVERY == 0:
            plain, whole = evaluate(rubric, subject), score(rubric, subject)
            assert plain.canonical_json() == whole.canonical_json(), f"the scorecard of {name}"
    return count
