"""Command: bench. Runs the benchmarks, prints every ratio and whether its target holds, keeps the figures."""

import argparse
import importlib
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from compliance import clock

ROOT = Path(__file__).parents[2]
COLUMNS = ("id", "what", "contender", "reference", "ratio", "target", "holds")


def register(commands: Any) -> None:
    """Adds this file's command."""
    bench = commands.add_parser("bench", help="measure against the references (docs/performance.md)")
    bench.add_argument("names", nargs="*", help=f"which: {', '.join(names())}; none means all")
    bench.set_defaults(run=run)


def names() -> list[str]:
    """The benchmarks: files under bench/ that have a `run`."""
    return sorted(path.stem for path in (ROOT / "bench").glob("*.py") if "\ndef run(" in path.read_text())


def run(chosen: argparse.Namespace) -> int:
    """Prints one table a benchmark; what lacks its tools is said, not left out in silence."""
    sys.path.insert(0, str(ROOT))
    unknown = set(chosen.names) - set(names())
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    figures: list[dict[str, Any]] = []
    missing = False
    for name in chosen.names or names():
        print(f"\n{name}", flush=True)
        try:
            measured = [as_row(figure) for figure in importlib.import_module(f"bench.{name}").run()]
        except ImportError as error:
            missing = True
            print(f"  not measured: {error.name} is missing. ./portal test installs what benchmarks need.")
            continue
        show(measured)
        figures += [{"benchmark": name, **row} for row in measured]
    results = ROOT / "bench" / "results"
    results.mkdir(parents=True, exist_ok=True)
    path = results / f"{clock.now():%Y-%m-%dT%H%M%S}.json"
    path.write_text(json.dumps(figures, indent=1, ensure_ascii=False, default=str) + "\n")
    held = sum(bool(figure["holds"]) for figure in figures)
    print(f"\n{held} of {len(figures)} targets hold. Figures: {path.relative_to(ROOT)}")
    return 1 if missing or held < len(figures) else 0


def as_row(figure: object) -> dict[str, Any]:
    """A figure as a mapping, whatever a benchmark calls it."""
    if isinstance(figure, Mapping):
        return {name: figure.get(name, "") for name in COLUMNS}
    return {name: getattr(figure, name, "") for name in COLUMNS}


def show(rows: Iterable[Mapping[str, Any]]) -> None:
    """One line a figure."""
    for row in rows:
        holds = "holds" if row["holds"] else "DOES NOT HOLD"
        sides = f"{_plain(row['contender'])} against {_plain(row['reference'])}"
        print(f"  {row['id']:<4} {_plain(row['ratio']):>9}  {row['target']:<44} {holds:<14} {sides}")
        if row["what"]:
            print(f"       {row['what']}")


def _plain(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
