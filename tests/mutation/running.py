"""Tests run in a forked child: once to see which lines each reaches, then a few of them on a mutant."""

import os
import pickle
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

import coverage
import hypothesis
import pytest

from tests.mutation.mutants import Mutant

MEMORY = 4 << 30
# The same examples in every run, and no time spent on making a failing one smaller.
hypothesis.settings.register_profile(
    "mutation",
    database=None,
    deadline=None,
    derandomize=True,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)


@dataclass(frozen=True)
class Reached:
    """What the tests reach without any mutant: `lines` of a file by test ("" while importing), each test's seconds."""

    lines: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    def by(self, mutant: Mutant) -> dict[str, float]:
        """The tests that reach a mutant; when importing does, all that use its file."""
        lines = self.lines.get(mutant.file, {})
        tests = {test for line in mutant.lines for test in lines.get(line, [])}
        if "" in tests:
            tests = {test for found in lines.values() for test in found} - {""} or set(self.seconds)
        return self.fastest(tests)

    def fastest(self, tests: Iterable[str]) -> dict[str, float]:
        return {test: self.seconds[test] for test in sorted(tests, key=self.seconds.__getitem__)}


class Watch:
    """A pytest plugin that notes which lines each test reaches, with nothing kept from the tests before it."""

    def __init__(self, package: str, watching: coverage.Coverage) -> None:
        self.package, self.watching = package, watching
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._forget()
        self.watching.switch_context(item.nodeid)
        start = time.perf_counter()
        done = yield
        self.seconds[item.nodeid] = time.perf_counter() - start
        self.watching.switch_context("")
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def _forget(self) -> None:
        """Empties the package's caches: a line that fills one would seem to be reached by the first test alone."""
        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] == self.package:
                for key, value in vars(module).items():
                    if key == "_KEPT":
                        value.clear()
                    elif hasattr(value, "cache_clear"):
                        value.cache_clear()


class Chosen:
    """A pytest plugin that runs the chosen tests in their order, each and all together for so long at most."""

    def __init__(self, tests: dict[str, float], limit: float) -> None:
        self.tests, self.end = tests, time.monotonic() + limit

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        by_id = {item.nodeid: item for item in items}
        items[:] = [by_id[test] for test in self.tests if test in by_id]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if time.monotonic() > self.end:
            os._exit(0)
        # The signal ends the process: this test has noticed that something never ends.
        signal.setitimer(signal.ITIMER_REAL, 5 + 5 * self.tests[item.nodeid])
        done = yield
        signal.setitimer(signal.ITIMER_REAL, 0)
        return done


def _pytest(tests: list[str], scratch: Path, plugin: object, *more: str) -> int:
    hypothesis.settings.load_profile("mutation")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    options = [
        *more,
        "--noconftest",
        "--tb=no",
        f"--basetemp={scratch}",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
    ]
    return int(pytest.main([*options, *tests], plugins=[plugin]))


def watch(package: str, tests: list[str], scratch: Path, to: Path) -> int:
    """Runs all tests and writes what they reach, which fail, and which modules they use."""
    data = to.with_suffix(".coverage")
    watching = coverage.Coverage(data_file=data, config_file=False, source=[package])
    plugin = Watch(package, watching)
    watching.start()
    code = _pytest(tests, scratch, plugin)
    watching.stop()
    found: dict[str, dict[int, list[str]]] = defaultdict(dict)
    data_found = watching.get_data()
    for file in data_found.measured_files():
        found[str(Path(file).relative_to(Path.cwd()))] = data_found.contexts_by_lineno(file)
    to.write_bytes(pickle.dumps((dict(found), plugin.seconds, plugin.failed, sorted(sys.modules))))
    return code


def try_tests(tests: dict[str, float], scratch: Path, limit: float, instead: tuple[str, CodeType] | None = None) -> int:
    """What pytest says to these tests, with a mutant's code `instead` of that of its file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if instead:
        place, code = instead
        usual = SourceFileLoader.get_code

        def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
            return code if loader.path == place else usual(loader, name)

        SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    return _pytest(list(files), scratch, Chosen(tests, limit), "-x") if files else 0


def forked(work: Callable[[], int]) -> int:
    """Starts the work in a child with a process group of its own; its process id."""
    process = os.fork()
    if process:
        return process
    code = 70
    try:
        os.setpgid(0, 0)
        code = work()
    finally:
        os._exit(code)


def ended() -> tuple[int, int]:
    """Waits for a child: its process id and its exit code, negative when a signal ended it."""
    process, status = os.wait()
    with suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    return process, os.waitstatus_to_exitcode(status)
