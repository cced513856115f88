"""How many small mistakes in a package its tests notice: `python -m tests.mutation`, see --help.

A mutant is one changed comparison, operator, constant or condition in one file, tried in a copy of the package. A
mutant that no test fails for survives and is printed.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
}  # fmt: skip

FAST = [
    f"tests/scoring/test_{name}.py"
    for name in ("evaluate", "corners", "more_corners", "numbers", "demands", "loading", "files_of_subjects")
]
SLOWER = ["tests/scoring"]
# Other processes, other people's time, every combination: they notice nothing that the rest does not.
TOO_SLOW = "not from_ and not memory and not every_combination and not hostile and not too_long_a_path"


@dataclass(frozen=True)
class Mutant:
    file: Path
    line: int
    what: str
    text: str


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a file, one change each."""
    source = path.read_text("utf-8")
    count = sum(1 for _ in _sites(ast.parse(source)))
    for index in range(count):
        tree = ast.parse(source)
        node, what, change = list(_sites(tree))[index]
        before = ast.unparse(node)
        change()
        yield Mutant(path, node.lineno, f"{what}: {before[:60]} → {ast.unparse(node)[:60]}", ast.unparse(tree))


def _sites(tree: ast.AST) -> Iterator[tuple[ast.expr, str, "Change"]]:
    declared = {id(part) for node in ast.walk(tree) if _declares(node) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in declared:
            continue
        if isinstance(node, ast.Compare):
            other = COMPARISONS[type(node.ops[0])]
            yield node, "comparison", Change(node, "ops", [other(), *node.ops[1:]])
        elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            yield node, "operator", Change(node, "op", OPERATORS[type(node.op)]())
        elif isinstance(node, ast.BoolOp):
            yield node, "and/or", Change(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node, "not", Change(node, "operand", ast.UnaryOp(ast.Not(), node.operand))
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            value = not node.value if isinstance(node.value, bool) else node.value + 1
            yield node, "constant", Change(node, "value", value)
        elif isinstance(node, ast.IfExp):
            yield node, "branches", Change(node, "test", ast.UnaryOp(ast.Not(), node.test))


@dataclass
class Change:
    node: ast.expr
    field: str
    value: object

    def __call__(self) -> None:
        setattr(self.node, self.field, self.value)


def _declares(node: ast.AST) -> bool:
    """`dataclass(frozen=True)`, `field(repr=False)`, `strict=True` of zip: declarations, not arithmetic."""
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"dataclass", "field"}


@dataclass(frozen=True)
class Trial:
    """The package and its tests as they were at the start; what others change meanwhile does not matter."""

    snapshot: Path
    package: str
    stages: tuple[list[str], ...]
    limit: float

    def passes(self, mutant: Mutant | None) -> bool:
        """Whether the tests pass with the mutant in place of its file; too long counts as noticed."""
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            for name in (self.package, "tests"):
                shutil.copytree(self.snapshot / name, folder / name)
            for path in ROOT.iterdir():
                if path.name not in {self.package, "tests", ".git"}:
                    (folder / path.name).symlink_to(path)
            if mutant:
                (folder / mutant.file.relative_to(self.snapshot)).write_text(mutant.text, "utf-8")
            return all(self._run(folder, stage) for stage in self.stages)

    def _run(self, folder: Path, stage: list[str]) -> bool:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", *stage]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(folder)}
        while True:
            try:
                done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=self.limit)
            except subprocess.TimeoutExpired:
                return False
            # A run that a signal ended has told nothing.
            if done.returncode >= 0:
                return done.returncode == 0


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as made:
        snapshot = Path(made)
        for name in (options.package, "tests"):
            shutil.copytree(ROOT / name, snapshot / name, ignore=shutil.ignore_patterns("__pycache__"))
        more = [*options.pytest.split(), *(["-k", options.keyword] if options.keyword else [])]
        stages = tuple([*stage, *more] for stage in (options.tests, options.then) if stage)
        trial = Trial(snapshot, options.package, stages, options.limit)
        if not trial.passes(None):
            print("the tests fail, or take too long, without any mutant", file=sys.stderr)
            return 2
        return _report(trial, options)


def _report(trial: Trial, options: argparse.Namespace) -> int:
    files = sorted((trial.snapshot / options.package).rglob("*.py"))
    files = [
        path for path in files if options.only in str(path) and not any(word in str(path) for word in options.skip)
    ]
    every = [mutant for path in files for mutant in mutants(path)]
    chosen = random.Random(options.seed).sample(every, options.sample) if 0 < options.sample < len(every) else every
    noticed = 0
    with ThreadPoolExecutor(options.parallel) as pool:
        for tried, (mutant, alive) in enumerate(zip(chosen, pool.map(trial.passes, chosen), strict=True), start=1):
            noticed += not alive
            if alive:
                print(f"survives: {mutant.file.relative_to(trial.snapshot)}:{mutant.line}: {mutant.what}", flush=True)
            print(f"\r{noticed} of {tried} noticed, {len(chosen) - tried} to go ", end="", file=sys.stderr, flush=True)
    share = 100 * noticed / max(len(chosen), 1)
    print(f"{noticed} of {len(chosen)} mutants noticed ({share:.1f} %), of {len(every)} there are")
    return 0 if share >= options.least else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--package", default="scoring")
    parser.add_argument("--tests", nargs="*", default=FAST, help="what must notice, the fastest first")
    parser.add_argument("--then", nargs="*", default=SLOWER, help="slower tests, for what the others let pass")
    parser.add_argument("-k", default=TOO_SLOW, dest="keyword", help="as for pytest: leaves slow tests out")
    parser.add_argument("--pytest", default="--noconftest", help="more options for pytest")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants, the same for the same --seed; 0 is all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="files with this in their path")
    parser.add_argument("--skip", nargs="*", default=[], help="not files with one of these in their path")
    parser.add_argument("--parallel", type=int, default=2)
    parser.add_argument("--limit", type=float, default=300, help="seconds a mutant")
    parser.add_argument("--least", type=float, default=90, help="per cent noticed for exit code 0")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
