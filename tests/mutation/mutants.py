"""Small mistakes: one changed comparison, operator, constant or condition in one file."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

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
    """The mistake at place `index` of a file; `lines` are those of its statement, `inside` a function or not.

    `line` is the first of those lines as it is written.
    """

    file: str
    index: int
    lines: range
    inside: bool
    line: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.lines.start}: {self.what}\n    {self.line}"

    @property
    def name(self) -> str:
        return f"{self.file.replace('/', '.')}.{self.index}"

    def codes(self) -> tuple[CodeType, CodeType]:
        """The compiled file without the mistake and with it."""
        path = Path(self.file).absolute()
        tree = ast.parse(path.read_text("utf-8"))
        right = compile(tree, str(path), "exec")
        node, _, field, value = list(_places(tree))[self.index]
        setattr(node, field, value)
        return right, compile(ast.fix_missing_locations(tree), str(path), "exec")


def mutants(file: str) -> Iterator[Mutant]:
    """Every mutant of a file, one change each."""
    source = Path(file).read_text("utf-8")
    tree = ast.parse(source)
    lines, inside, places = _lines_of_statements(tree), _inside_functions(tree), list(_places(tree))
    for index, (node, kind, field, value) in enumerate(places):
        before, kept = ast.unparse(node), getattr(node, field)
        setattr(node, field, value)
        what = f"{kind}: {before[:80]} → {ast.unparse(node)[:80]}"
        setattr(node, field, kept)
        place = lines[id(node)]
        line = source.splitlines()[place.start - 1].strip()
        yield Mutant(file, index, place, id(node) in inside, line, what)


def _lines_of_statements(tree: ast.AST) -> dict[int, range]:
    """For each part the lines of the innermost statement around it, without the statements inside that one."""
    found: dict[int, range] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = max(body[0].lineno, node.lineno + 1) if body else (node.end_lineno or node.lineno) + 1
            found |= {id(part): range(node.lineno, end) for part in ast.walk(node)}
    return found


def _inside_functions(tree: ast.AST) -> set[int]:
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {id(part) for function in functions for line in function.body for part in ast.walk(line)}


def _places(tree: ast.AST) -> Iterator[tuple[ast.expr, str, str, object]]:
    """What may be changed: the node, what kind of mistake, and the field that gets another value."""
    declared = {id(part) for node in ast.walk(tree) if _declares(node) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in declared:
            continue
        if isinstance(node, ast.Compare):
            other = COMPARISONS[type(node.ops[0])]
            yield node, "comparison", "ops", [other(), *node.ops[1:]]
        elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            yield node, "operator", "op", OPERATORS[type(node.op)]()
        elif isinstance(node, ast.BoolOp):
            op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield node, "and/or", "op", op
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node, "not", "operand", ast.UnaryOp(ast.Not(), node.operand)
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            value = not node.value if isinstance(node.value, bool) else node.value + 1
            yield node, "constant", "value", value
        elif isinstance(node, ast.IfExp):
            yield node, "branches", "test", ast.UnaryOp(ast.Not(), node.test)


def _declares(node: ast.AST) -> bool:
    """`dataclass(frozen=True)`, `field(repr=False)`, `strict=True` of zip: declarations, not arithmetic."""
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"dataclass", "field"}
