"""How many small mistakes in a package its tests notice: `python -m tests.mutation`, see --help.

A mutant is one changed comparison, operator, constant or condition. It stands in place of its file in a forked child,
which runs only the tests that reach its statement, the fastest first. What no test fails for survives and is printed.
"""

import argparse
import importlib
import math
import os
import pickle
import random
import shutil
import signal
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.running import Reached, ended, forked, try_tests, watch

ROOT = Path(__file__).parents[2]
PASSED = {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
EQUIVALENT = Path(__file__).with_name("equivalent.toml")


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as made:
        snapshot, scratch = Path(made) / "snapshot", Path(made)
        _stand_in(snapshot, options.package)
        every = [
            mutant
            for path in sorted(Path(options.package).rglob("*.py"))
            if options.only in str(path)
            for mutant in mutants(snapshot, str(path))
        ]
        reached = _reached(options, scratch)
        if reached is None:
            return 2
        chosen = random.Random(options.seed).sample(every, options.sample) if 0 < options.sample < len(every) else every
        return _report(chosen, len(every), reached, scratch, options)


def _stand_in(snapshot: Path, package: str) -> None:
    """Works from now on in a copy of the package and its tests: what is edited meanwhile does not matter."""
    for name in (package, "tests"):
        shutil.copytree(ROOT / name, snapshot / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.name not in {package, "tests", ".git"}:
            (snapshot / path.name).symlink_to(path)
    os.chdir(snapshot)
    sys.path[:] = [str(snapshot), *(place for place in sys.path if Path(place) != ROOT)]
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]


def _reached(options: argparse.Namespace, scratch: Path) -> Reached | None:
    """Watches the tests once and loads the libraries they use, so that no child has to; None when a test fails.

    They must pass the second time too: in the order and within the time in which they meet mutants.
    """
    to = scratch / "reached"
    forked(partial(watch, options.package, options.tests, scratch / "watched", to))
    ended()
    lines, seconds, failed, loaded = pickle.loads(to.read_bytes())
    for test in failed:
        print(f"fails without any mutant: {test}", file=sys.stderr)
    if failed:
        return None
    ours = {path.name.removesuffix(".py") for path in ROOT.iterdir()}
    for name in loaded:
        if name.partition(".")[0] not in {*ours, "__main__"}:
            with suppress(ImportError):
                importlib.import_module(name)
    reached = Reached(lines, seconds)
    forked(partial(try_tests, reached.fastest(seconds), scratch / "unchanged", math.inf))
    if ended()[1] == 0:
        return reached
    print("the tests fail without any mutant, the fastest first", file=sys.stderr)
    return None


def _tried(
    chosen: list[Mutant], reached: Reached, scratch: Path, options: argparse.Namespace
) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant with whether it is alive, as soon as that is known."""
    waiting, running = list(reversed(chosen)), dict[int, Mutant]()
    while waiting or running:
        while waiting and len(running) < options.parallel:
            mutant = waiting.pop()
            instead = (str(Path(mutant.file).absolute()), mutant.code(Path()))
            tests = reached.by(mutant)
            running[forked(partial(try_tests, tests, scratch / mutant.name, options.limit, instead))] = mutant
        if running:
            process, code = ended()
            mutant = running.pop(process)
            shutil.rmtree(scratch / mutant.name, ignore_errors=True)
            # Somebody else ended it: that tells nothing.
            if code in {-signal.SIGKILL, -signal.SIGTERM}:
                waiting.append(mutant)
            else:
                yield mutant, code in PASSED


def _report(chosen: list[Mutant], of: int, reached: Reached, scratch: Path, options: argparse.Namespace) -> int:
    equivalent = {(one["file"], one["mutant"]) for one in tomllib.loads(EQUIVALENT.read_text("utf-8"))["equivalent"]}
    noticed, tried, excused = Counter[str](), Counter[str](), 0
    for done, (mutant, alive) in enumerate(_tried(chosen, reached, scratch, options), start=1):
        if alive and (mutant.file, mutant.what) in equivalent:
            excused += 1
            continue
        folder = str(Path(mutant.file).parent)
        tried[folder] += 1
        noticed[folder] += not alive
        if alive:
            print(f"survives: {mutant}", flush=True)
        if sys.stderr.isatty():
            print(f"\r{noticed.total()} noticed, {len(chosen) - done} to go ", end="", file=sys.stderr, flush=True)
    for folder in sorted(tried):
        print(f"{folder}: {noticed[folder]} of {tried[folder]} ({100 * noticed[folder] / tried[folder]:.1f} %)")
    share = 100 * noticed.total() / max(tried.total(), 1)
    print(
        f"{noticed.total()} of {tried.total()} mutants noticed ({share:.1f} %); {excused} equivalent apart; {of} in all"
    )
    return 0 if share >= options.least else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--package", default="scoring")
    parser.add_argument("--tests", nargs="*", default=["tests/scoring"], help="what must notice")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants, the same for the same --seed; 0 is all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="files with this in their path")
    parser.add_argument("--parallel", type=int, default=2)
    parser.add_argument("--limit", type=float, default=20, help="seconds a mutant; not noticed until then: survives")
    parser.add_argument("--least", type=float, default=90, help="per cent noticed for exit code 0")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
