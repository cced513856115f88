"""Each test has an application and an engine of its own; what those compile is the same each time, so it is kept.

Templates, routes, statements and the files of an edition: in this process, from the first test on. Servers that tests
start compile for themselves.
"""

from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from compliance.journeys.templating import LanguageEnvironment
from questionnaires import Lang, reading
from scoring.loading.tree import Tree

_compile_template = LanguageEnvironment.compile
_compile_route = Rule.compile
_compile_statement = ClauseElement._compile_w_cache
_read_tree = reading.read_tree

_templates: dict[tuple[Lang, str | None, str | None, str], CodeType] = {}
_routes: dict[tuple[Any, ...], dict[str, Any]] = {}
_statements: Any = LRUCache(4000)
_trees: dict[tuple[str, bytes], Tree] = {}
_dialects: dict[type[Dialect], Dialect] = {}
OF_A_ROUTE = ("_parts", "_trace", "_converters", "arguments")
BUILDERS = ("_build", "_build_unknown")


@cache
def once() -> None:
    """From now on, in this process."""
    LanguageEnvironment.compile = _template  # type: ignore[assignment]
    Rule.compile = _route  # type: ignore[method-assign]
    ClauseElement._compile_w_cache = _statement  # type: ignore[method-assign]
    reading.read_tree = _tree


def _template(
    environment: LanguageEnvironment, source: str, name: str | None = None, filename: str | None = None, **how: Any
) -> CodeType:
    key = environment.lang, name, filename, source
    if key not in _templates:
        _templates[key] = _compile_template(environment, source, name, filename, **how)
    return _templates[key]


def _route(rule: Rule) -> None:
    key = rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults)
    if key not in _routes:
        _compile_route(rule)
        kept = {name: getattr(rule, name) for name in OF_A_ROUTE}
        _routes[key] = kept | {name: getattr(rule, name).__func__ for name in BUILDERS}
    for name, value in _routes[key].items():
        setattr(rule, name, value.__get__(rule) if name in BUILDERS else value)


def _statement(statement: ClauseElement, dialect: Dialect, *, compiled_cache: Any, **how: Any) -> Any:
    """Engines keep what they compiled by their dialect; here all engines of a kind share one."""
    first = _dialects.setdefault(type(dialect), dialect)
    kept = None if compiled_cache is None else _statements
    return _compile_statement(statement, first, compiled_cache=kept, **how)


def _tree(path: Path, name: str) -> Tree:
    """Drafts that tests spoil differ from the first edition in one file."""
    key = name, path.read_bytes()
    if key not in _trees:
        _trees[key] = _read_tree(path, name)
    return _trees[key]
