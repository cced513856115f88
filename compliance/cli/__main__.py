"""./portal WORD: finds the command and runs it."""

import argparse
import sys

from compliance.cli import database, serve
from compliance.settings import SettingsError


def main(arguments: list[str]) -> int:
    """Runs one command; the exit code says whether it succeeded."""
    parser = argparse.ArgumentParser(prog="./portal", description="The champion-company portal")
    commands = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    for module in (serve, database):
        module.register(commands)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.run(chosen) or 0)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
