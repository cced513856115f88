"""./portal WORD: finds the command and runs it."""

import argparse
import importlib
import os
import sys
from pathlib import Path

from compliance.settings import Mode, SettingsError

MODULES = (
    "running",
    "web",
    "worker",
    "prepare",
    "database",
    "mail",
    "audit",
    "log",
    "register",
    "backups",
    "restore_trial",
    "keys",
    "recheck",
    "check_archive",
    "rehearse",
    "bench",
    "people",
    "contact_keys",
    "demonstration.codes",
    "demonstration.rest",
)
# What must start quickly loads nothing else.
QUICK = {"run": "running", "web": "web", "worker": "worker"}
SERVING = frozenset({"web", "worker"})
DEMONSTRATION = "demonstration.txt"  # what `./portal run` leaves in the data directory of a demonstration


def main(arguments: list[str]) -> int:
    """Runs one command; the exit code says whether it succeeded."""
    parser = argparse.ArgumentParser(prog="./portal", description="The champion-company portal")
    commands = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    quick = QUICK.get(arguments[0]) if arguments else None
    for name in (quick,) if quick else MODULES:
        importlib.import_module(f"compliance.cli.{name}").register(commands)
    chosen = parser.parse_args(arguments)
    if chosen.word not in SERVING:
        _remember_the_demonstration()
    try:
        return int(chosen.run(chosen) or 0)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2


def _remember_the_demonstration() -> None:
    """Without settings, the words that look after a portal mean the demonstration that `./portal run` made here."""
    if "PORTAL_MODE" not in os.environ and (Path(os.environ.get("PORTAL_DATA", "var")) / DEMONSTRATION).exists():
        os.environ["PORTAL_MODE"] = Mode.DEMONSTRATION


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
