"""What the sweeps walk over."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("scoring", "questionnaires", "certificates", "compliance")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project: what .gitignore names is built or installed. Asks no git, which may be missing."""
    return tuple(sorted(_files(ROOT)))


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name == ".git" or _ignored(path.relative_to(ROOT)):
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and not (path / "pyvenv.cfg").exists():
            yield from _files(path)


def _ignored(path: Path) -> bool:
    """Whether a line of .gitignore means the path: a line with a slash inside names a place, others any name."""
    return any(fnmatch(path.as_posix() if "/" in line else path.name, line) for line in _ignore_lines())


@cache
def _ignore_lines() -> tuple[str, ...]:
    return tuple(line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split())


@cache
def sources() -> tuple[tuple[Path, ast.Module], ...]:
    """Our own modules, parsed once; migrations are history and not swept."""
    return tuple(_sources())


def _sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in tracked():
        relative = path.relative_to(ROOT)
        if path.suffix == ".py" and relative.parts[0] in PACKAGES and "versions" not in relative.parts:
            yield relative, ast.parse(path.read_text())


def templates() -> Iterator[Path]:
    """Every Jinja template."""
    for path in tracked():
        if path.relative_to(ROOT).parts[0] == "templates" and path.suffix in {".html", ".txt", ".svg", ".xml"}:
            yield path
