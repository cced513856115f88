"""How many small mistakes in a package its tests notice: `python -m tests.mutation`, see --help.

A mutant is one changed comparison, operator, constant or condition. It takes the place of the right code in a forked
child, which runs only the tests that reach its statement, the fastest first. What no test fails for survives.
"""

import argparse
import importlib
import os
import random
import shutil
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from multiprocessing import Pipe
from pathlib import Path

from tests.mutation.children import each, ended, forked
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.running import UNCHANGED, Collected, import_and_meet, run_pytest

ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.toml")


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as made:
        scratch = Path(made)
        _stand_in(scratch / "snapshot", options.package)
        files = [str(path) for path in sorted(Path(options.package).rglob("*.py"))]
        files = [
            file for file in files if _asked(file, options.only) and not (options.skip and _asked(file, options.skip))
        ]
        every = [mutant for file in files for mutant in mutants(file)]
        for gone in _gone(files, every):
            print(f"no such mutant any more: {gone}", file=sys.stderr)
        chosen = random.Random(options.seed).sample(every, options.sample) if 0 < options.sample < len(every) else every
        try:
            return _report(_tried(chosen, scratch, options), len(chosen), len(every), options.least)
        except TestsFailError as failed:
            print(f"fails without any mutant: {failed}", file=sys.stderr)
            return 2


def _asked(file: str, words: list[str]) -> bool:
    return not words or any(word in file for word in words)


class TestsFailError(Exception):
    """Tests that fail anyway notice nothing."""


def _stand_in(snapshot: Path, package: str) -> None:
    """Works from now on in a copy of the package and its tests: what is edited meanwhile does not matter."""
    for name in (package, "tests"):
        shutil.copytree(ROOT / name, snapshot / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.name not in {package, "tests", ".git"}:
            (snapshot / path.name).symlink_to(path)
    os.chdir(snapshot)
    sys.path[:] = [str(snapshot), *(place for place in sys.path if Path(place) != ROOT)]
    del sys.modules["tests"]


def _tried(chosen: list[Mutant], scratch: Path, options: argparse.Namespace) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant with whether it is alive, as soon as that is known: first those of functions, then the others."""
    waiting = {mutant.name: mutant for mutant in chosen}
    here, there = Pipe(duplex=False)
    plugin = Collected(chosen, options.package, scratch, options.parallel, options.limit, there)
    forked(partial(run_pytest, options.tests, plugin))
    there.close()
    reached, failed, modules = here.recv()
    if failed:
        raise TestsFailError("\n".join(failed))
    with suppress(EOFError):
        while True:
            name, code = here.recv()
            if name != UNCHANGED:
                yield waiting.pop(name), code == 0
            elif code:
                raise TestsFailError("the fastest first")
    ended()
    _load_libraries(modules)
    works = [
        (name, partial(import_and_meet, mutant, reached.using(mutant), reached.seconds, options.limit))
        for name, mutant in waiting.items()
    ]
    for name, code in each(works, options.parallel, scratch):
        yield waiting[name], code == 0


def _load_libraries(modules: list[str]) -> None:
    """Once for all children; what is ours each child imports for itself."""
    ours = {path.name.removesuffix(".py") for path in ROOT.iterdir()}
    for name in modules:
        if name.partition(".")[0] not in {*ours, "__main__"}:
            with suppress(ImportError):
                importlib.import_module(name)


def _equivalent() -> set[tuple[str, str, str]]:
    """File, line and change of each mutant that is listed as changing nothing."""
    listed = tomllib.loads(EQUIVALENT.read_text("utf-8"))["equivalent"]
    return {(one["file"], one["line"], mutant) for one in listed for mutant in one["mutants"]}


def _gone(files: list[str], every: list[Mutant]) -> list[str]:
    """What is listed for these files though the code has no such mutant."""
    known = {(mutant.file, mutant.line, mutant.what) for mutant in every}
    return sorted(f"{file}: {what}" for file, line, what in _equivalent() - known if file in files)


def _report(tried: Iterator[tuple[Mutant, bool]], chosen: int, of: int, least: float) -> int:
    equivalent = _equivalent()
    noticed, known, excused = Counter[str](), Counter[str](), 0
    for done, (mutant, alive) in enumerate(tried, start=1):
        if alive and (mutant.file, mutant.line, mutant.what) in equivalent:
            excused += 1
            continue
        folder = str(Path(mutant.file).parent)
        known[folder] += 1
        noticed[folder] += not alive
        if alive:
            print(f"survives: {mutant}", flush=True)
        if sys.stderr.isatty():
            print(f"\r{noticed.total()} noticed, {chosen - done} to go ", end="", file=sys.stderr, flush=True)
    for folder in sorted(known):
        print(f"{folder}: {noticed[folder]} of {known[folder]} ({100 * noticed[folder] / known[folder]:.1f} %)")
    share = 100 * noticed.total() / max(known.total(), 1)
    print(
        f"{noticed.total()} of {known.total()} mutants noticed ({share:.1f} %); {excused} equivalent apart; {of} in all"
    )
    return 0 if share >= least else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--package", default="scoring")
    parser.add_argument("--tests", nargs="*", default=["tests/scoring"], help="what must notice")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants, the same for the same --seed; 0 is all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[], help="files with one of these in their path")
    parser.add_argument("--skip", nargs="*", default=[], help="not files with one of these in their path")
    parser.add_argument("--parallel", type=int, default=2)
    parser.add_argument("--limit", type=float, default=20, help="seconds a mutant; not noticed until then: survives")
    parser.add_argument("--least", type=float, default=90, help="per cent noticed for exit code 0")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
