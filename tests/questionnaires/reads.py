"""Which fields of an edition's files the portal's code and pages read: attribute access, followed by its types.

A small reading of annotations, assignments and loops. A value whose type cannot be told reads nothing.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from jinja2 import Environment, nodes
from pydantic import BaseModel

import questionnaires
from questionnaires.model import Edition, Question, Section
from questionnaires.schemas import MODELS

ROOT = Path(questionnaires.__file__).parents[1]
CHECKERS = {"integrity.py", "checking.py", "terms.py", "lifecycle.py", "wording.py", "schemas.py"}
"""What declares fields, or only looks whether the names in them lead somewhere."""
BINDING = (ast.arg, ast.AnnAssign, ast.Assign, ast.NamedExpr, ast.For, ast.comprehension)
Field = tuple[str, str]
Names = frozenset[str]
NONE: Names = frozenset()


@cache
def declared() -> dict[Field, Any]:
    """Every field of every model of an edition's files, with its type."""
    found: dict[Field, Any] = {}
    waiting = list(MODELS.values())
    while waiting:
        model = waiting.pop()
        for name, info in model.model_fields.items():
            if (model.__name__, name) not in found:
                found[model.__name__, name] = info.annotation
                waiting += models_in(info.annotation)
    return found


def models_in(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from models_in(part)


@dataclass
class Types:
    """What is known about names: the fields of each class, and what attributes and functions of a name give."""

    fields: dict[str, dict[str, Names]]
    named: defaultdict[str, Names] = field(default_factory=lambda: defaultdict(lambda: NONE))

    def note(self, name: str, found: Names) -> None:
        self.named[name] |= found

    def attribute(self, of: Names, name: str) -> Names:
        """What reading an attribute of these models, or of something unknown, may give."""
        if not of:
            return self.named[name]
        return NONE.union(*(self.fields[one].get(name, self.named[name]) for one in of))

    def annotation(self, node: ast.AST | None) -> Names:
        words = re.findall(r"\w+", ast.unparse(node)) if node else ()
        return frozenset(words) & self.fields.keys()


@cache
def types() -> Types:
    """Gathered once over the whole code."""
    known: dict[str, dict[str, Names]] = defaultdict(dict)
    for (model, name), kind in declared().items():
        known[model][name] = frozenset(one.__name__ for one in models_in(kind))
    for holder in (Edition, Section, Question):
        hints = get_type_hints(holder)
        names = [one.name for one in fields(holder)] if is_dataclass(holder) else list(hints)
        known[holder.__name__] |= {
            name: frozenset(re.findall(r"\w+", str(hints[name]))) & (known.keys() | {"Question", "Section"})
            for name in names
            if name in hints
        }
    known["Question"] = {**known["QuestionText"], **known["Question"]}
    found = Types(dict(known))
    for tree in sources().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                for part in node.body:
                    if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                        found.note(part.target.id, found.annotation(part.annotation))
            if isinstance(node, ast.FunctionDef):
                found.note(node.name, found.annotation(node.returns))
    return found


@cache
def sources() -> Mapping[Path, ast.Module]:
    paths = [path for folder in ("questionnaires", "compliance") for path in (ROOT / folder).rglob("*.py")]
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(paths)}


class Scope:
    """The names of one function, or of a module outside its functions, and what they may hold."""

    def __init__(self, known: Types, body: list[ast.AST], outer: Mapping[str, Names]) -> None:
        self.types, self.names = known, defaultdict(lambda: NONE, outer)
        self.nodes = body
        binding = [node for node in body if isinstance(node, BINDING)]
        for _round in range(3):  # an alias of an alias
            for node in binding:
                self._bind(node)

    def _bind(self, node: ast.AST) -> None:
        match node:
            case ast.arg(arg=name, annotation=kind):
                self.names[name] |= self.types.annotation(kind)
            case ast.AnnAssign(target=target, annotation=kind):
                self._give(target, self.types.annotation(kind))
            case ast.Assign(targets=[target], value=value):
                self._pair(target, value)
            case ast.NamedExpr(target=target, value=value) | ast.For(target=target, iter=value):
                self._give(target, self.holds(value))
            case ast.comprehension(target=target, iter=value):
                self._give(target, self.holds(value))

    def _pair(self, target: ast.AST, value: ast.AST) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, other in zip(target.elts, value.elts, strict=False):
                self._give(one, self.holds(other))
        else:
            self._give(target, self.holds(value))

    def _give(self, target: ast.AST, found: Names) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                self.names[node.id] |= found

    def holds(self, node: ast.AST) -> Names:
        """The models whose values an expression may give, alone or in a collection."""
        match node:
            case ast.Name(id=name):
                return self.names[name]
            case ast.Attribute(value=base, attr=name):
                return self.types.attribute(self.holds(base), name)
            case ast.Call(func=ast.Name(id=name), args=args) if not self.types.named[name]:
                inside = args
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if self.types.named[name]:
                return self.types.named[name]
            case ast.Call(func=ast.Attribute(value=base, attr="values" | "items" | "get")):
                inside = [base]
            case ast.Subscript(value=part) | ast.Starred(value=part) | ast.GeneratorExp(elt=part):
                inside = [part]
            case ast.ListComp(elt=part) | ast.DictComp(value=part):
                inside = [part]
            case ast.IfExp(body=one, orelse=other):
                inside = [one, other]
            case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
                inside = parts
            case _:
                inside = []
        return NONE.union(*map(self.holds, inside))

    def reads(self) -> Iterator[Field]:
        for node in self.nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                yield from accessed(self.types, self.holds(node.value), node.attr)


def accessed(known: Types, of: Names, name: str) -> Iterator[Field]:
    """The fields that reading ``name`` of such a value reads."""
    for model in of:
        if name in known.fields.get(model, {}):
            own = model != "Question" or ("QuestionText", name) not in declared()
            yield (model if own else "QuestionText"), name


def read_by_code() -> set[Field]:
    """The fields that Python code reads, other than what only checks an edition's files."""
    known, found = types(), set[Field]()
    for path, tree in sources().items():
        if path.name in CHECKERS:
            continue
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        outer = Scope(known, list(ast.walk(tree)), {}).names if not functions else {}
        inside = {id(part) for function in functions for part in ast.walk(function)}
        module = Scope(known, [part for part in ast.walk(tree) if id(part) not in inside], outer)
        found.update(module.reads())
        for function in functions:
            found.update(Scope(known, list(ast.walk(function)), module.names).reads())
    return found


def shown_by_pages() -> set[Field]:
    """The fields that templates read."""
    known, found = types(), set[Field]()
    parser = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    usual = {"edition": "Edition", "code": "Edition", "question": "Question", "section": "Section", "level": "Level",
             "option": "Option", "kind": "CompanyKind", "template": "Template"}  # fmt: skip
    for path in sorted((ROOT / "templates").rglob("*.html")):
        names: defaultdict[str, Names] = defaultdict(lambda: NONE)
        names |= {name: frozenset({model}) for name, model in usual.items()}
        tree = parser.parse(path.read_text("utf-8"))
        for node in tree.find_all((nodes.Assign, nodes.For)):
            value = node.node if isinstance(node, nodes.Assign) else node.iter
            if isinstance(node.target, nodes.Name):
                names[node.target.name] |= _holds(known, names, value)
        for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
            attr = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", None)
            if isinstance(attr, str):
                found.update(accessed(known, _holds(known, names, node.node), attr))
    return found


def _holds(known: Types, names: Mapping[str, Names], node: nodes.Node | None) -> Names:
    if isinstance(node, nodes.Name):
        return names[node.name]
    if isinstance(node, nodes.Getattr):
        return known.attribute(_holds(known, names, node.node), node.attr)
    if isinstance(node, nodes.Getitem | nodes.Filter | nodes.Call):
        return _holds(known, names, node.node)
    return NONE
