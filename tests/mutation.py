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
        elif isinstance(node, ast.Constant) and type(node.value) in {bool, int}:
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
    """`dataclass(frozen=True)` and `field(repr=False)` are declarations; their words are no arithmetic."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"dataclass", "field"}


def survives(mutant: Mutant, package: str, tests: list[str], limit: float) -> bool:
    """Whether the tests still pass with the mutant in place of the file; too long counts as noticed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / package
        shutil.copytree(ROOT / package, copy, ignore=shutil.ignore_patterns("__pycache__"))
        (copy / mutant.file.relative_to(ROOT / package)).write_text(mutant.text, "utf-8")
        shutil.copytree(ROOT / "tests", Path(folder) / "tests", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("questionnaires", "docs", "pyproject.toml"):
            (Path(folder) / name).symlink_to(ROOT / name)
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:randomly", *tests]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": folder}
        try:
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=limit)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.splitlines()[0])
    parser.add_argument("--package", default="scoring")
    parser.add_argument("--tests", nargs="*", default=["tests/scoring"], help="what must notice, the fastest first")
    parser.add_argument("-k", default="", dest="keyword", help="as for pytest: leaves slow tests out")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants, the same for the same --seed; 0 is all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="files with this in their path")
    parser.add_argument("--skip", nargs="*", default=[], help="files with one of these in their path")
    parser.add_argument("--parallel", type=int, default=2)
    parser.add_argument("--limit", type=float, default=300, help="seconds a mutant")
    options = parser.parse_args()
    files = sorted((ROOT / options.package).rglob("*.py"))
    files = [
        path for path in files if options.only in str(path) and not any(name in str(path) for name in options.skip)
    ]
    every = [mutant for path in files for mutant in mutants(path)]
    chosen = every
    if 0 < options.sample < len(every):
        chosen = random.Random(options.seed).sample(every, options.sample)
    tests = [*options.tests, *(["-k", options.keyword] if options.keyword else [])]
    noticed = tried = 0
    with ThreadPoolExecutor(options.parallel) as pool:
        results = pool.map(lambda one: survives(one, options.package, tests, options.limit), chosen)
        for mutant, alive in zip(chosen, results, strict=True):
            tried, noticed = tried + 1, noticed + (not alive)
            if alive:
                print(f"survives: {mutant.file.relative_to(ROOT)}:{mutant.line}: {mutant.what}", flush=True)
    print(f"{noticed} of {tried} mutants noticed ({100 * noticed / max(tried, 1):.1f} %), of {len(every)} there are")
    return 0 if noticed >= 0.9 * tried else 1


if __name__ == "__main__":
    sys.exit(main())
