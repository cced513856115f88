"""Tests in forked children: once to see which lines each reaches, then some of them on each mutant."""

import gc
import os
import pickle
import resource
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.machinery import SourceFileLoader
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FunctionType

import coverage
import hypothesis
import pytest

from tests.mutation.children import each
from tests.mutation.mutants import Mutant

MEMORY = 4 << 30
UNCHANGED = "unchanged"
# The same examples in every run, and no time spent on making a failing one smaller.
EXAMPLES = hypothesis.settings(
    database=None, deadline=None, derandomize=True, phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate]
)


@dataclass(frozen=True)
class Reached:
    """What the tests reach: the tests of each line of a file, and each test's seconds."""

    lines: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    def by(self, mutant: Mutant) -> list[str]:
        """The tests that reach a mutant, the fastest first."""
        lines = self.lines.get(mutant.file, {})
        return self.fastest({test for line in mutant.lines for test in lines.get(line, [])})

    def using(self, mutant: Mutant) -> list[str]:
        """The tests that reach anything in a mutant's file, or all."""
        return self.fastest(
            {test for tests in self.lines.get(mutant.file, {}).values() for test in tests} or self.seconds
        )

    def fastest(self, tests: Iterable[str]) -> list[str]:
        return sorted(tests, key=self.seconds.__getitem__)


def run_pytest(tests: Iterable[str], plugin: object) -> int:
    """Quietly, without writing anything."""
    hypothesis.settings.register_profile("mutation", EXAMPLES)
    hypothesis.settings.load_profile("mutation")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    options = ["-s", "--noconftest", "--tb=no", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return int(pytest.main([*options, *tests], plugins=[plugin]))


def run_items(items: list[pytest.Item], seconds: dict[str, float], limit: float) -> int:
    """1 when a test fails. After `limit` seconds the rest is taken to pass.

    Processor time counts, so that a busy machine decides nothing; what only waits is given ten times as long.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    end = time.process_time() + limit
    for item, following in zip(items, [*items[1:], None], strict=True):
        # The signal ends the process: the test has noticed that something never ends.
        allowed = 3 + 5 * seconds[item.nodeid]
        signal.setitimer(signal.ITIMER_PROF, allowed)
        signal.setitimer(signal.ITIMER_REAL, 10 * allowed)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if item.session.testsfailed:
            return 1
        if time.process_time() > end:
            break
    return 0


class Collected:
    """A pytest plugin: tests that have been collected once meet mutants of functions, each in a forked child."""

    def __init__(
        self, mutants: list[Mutant], package: str, scratch: Path, parallel: int, limit: float, to: Connection
    ) -> None:
        self.mutants, self.package, self.scratch = mutants, package, scratch
        self.parallel, self.limit, self.to = parallel, limit, to

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        if session.testsfailed:
            self.to.send((None, ["what cannot be collected"], []))
            return True
        note = self.scratch / "reached"
        list(each([("watched", partial(watch, session.items, self.package, note))], 1, self.scratch))
        reached, failed, modules = pickle.loads(note.read_bytes())
        self.to.send((reached, failed, modules))
        if failed:
            return True
        # In the order and within the time in which they meet mutants, all must still pass.
        unchanged = partial(run_items, [items[test] for test in reached.fastest(items)], reached.seconds, 3600)
        works = [(UNCHANGED, unchanged)]
        for mutant in self.mutants:
            if mutant.inside and (tests := [items[test] for test in reached.by(mutant)]):
                works.append((mutant.name, partial(self._meet, mutant, tests, reached.seconds)))
        for found in each(works, self.parallel, self.scratch):
            self.to.send(found)
        return True

    def _meet(self, mutant: Mutant, tests: list[pytest.Item], seconds: dict[str, float]) -> int:
        pairs = list(changed(*mutant.codes()))
        for function in gc.get_objects():
            if type(function) is FunctionType:
                for right, wrong in pairs:
                    if function.__code__ == right:
                        function.__code__ = wrong
        return run_items(tests, seconds, self.limit)


def changed(right: CodeType, wrong: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The functions in which two compiled files differ."""
    parts = ([part for part in code.co_consts if isinstance(part, CodeType)] for code in (right, wrong))
    for one, other in zip(*parts, strict=True):
        if one != other:
            yield one, other
            yield from changed(one, other)


def watch(items: list[pytest.Item], package: str, note: Path) -> int:
    """Runs all tests and writes which lines each reaches, with nothing kept from the tests before it."""
    watching = coverage.Coverage(data_file=None, config_file=False, source=[package])
    seconds: dict[str, float] = {}
    failed: list[str] = []
    watching.start()
    for item, following in zip(items, [*items[1:], None], strict=True):
        _forget(package)
        before, start = item.session.testsfailed, time.perf_counter()
        watching.switch_context(item.nodeid)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        seconds[item.nodeid] = time.perf_counter() - start
        failed += [item.nodeid] * (item.session.testsfailed - before)
    watching.stop()
    data = watching.get_data()
    files = {str(Path(file).relative_to(Path.cwd())): data.contexts_by_lineno(file) for file in data.measured_files()}
    note.write_bytes(pickle.dumps((Reached(files, seconds), failed, sorted(sys.modules))))
    return 0


def _forget(package: str) -> None:
    """Empties the package's caches: a line that fills one would seem to be reached by the first test alone."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == package:
            for key, value in vars(module).items():
                if key == "_KEPT":
                    value.clear()
                elif hasattr(value, "cache_clear"):
                    value.cache_clear()


class Afresh:
    """A pytest plugin: the chosen tests in their order, collected anew."""

    def __init__(self, tests: list[str], seconds: dict[str, float], limit: float) -> None:
        self.tests, self.seconds, self.limit = tests, seconds, limit

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        os._exit(
            session.testsfailed
            or run_items([items[test] for test in self.tests if test in items], self.seconds, self.limit)
        )


def import_and_meet(mutant: Mutant, tests: list[str], seconds: dict[str, float], limit: float) -> int:
    """For a mutant outside functions: what imports its file finds it."""
    place, (_, wrong) = str(Path(mutant.file).absolute()), mutant.codes()
    usual = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
        return wrong if loader.path == place else usual(loader, name)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]
    return run_pytest(dict.fromkeys(test.partition("::")[0] for test in tests), Afresh(tests, seconds, limit))
