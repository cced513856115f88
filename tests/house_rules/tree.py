"""What the sweeps walk over."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("scoring", "questionnaires", "certificates", "compliance")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file git knows or would take; without git, every file that is not built or installed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        return tuple(path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file())
    skipped = {".venv", "var", "node_modules", "__pycache__"}
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and not skipped & set(path.parts))


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """Our own modules, parsed; migrations are history and not swept."""
    for path in tracked():
        relative = path.relative_to(ROOT)
        if path.suffix == ".py" and relative.parts[0] in PACKAGES and "versions" not in relative.parts:
            yield relative, ast.parse(path.read_text())


def templates() -> Iterator[Path]:
    """Every Jinja template."""
    for path in tracked():
        if path.relative_to(ROOT).parts[0] == "templates" and path.suffix in {".html", ".txt", ".svg", ".xml"}:
            yield path
