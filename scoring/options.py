"""What `python -m scoring` takes."""

import argparse
from pathlib import Path

from scoring.errors import ReadingError
from scoring.files.layout import Layout

Parser = argparse.ArgumentParser
RUBRIC = "a rubric file, .yaml, .yml or .json"
SUBJECTS = "a file with the subjects, .csv, .tsv or .jsonl; - for standard input"


def parser() -> Parser:
    """Each command's name is in `command`."""
    found = argparse.ArgumentParser(prog="python -m scoring", description="Exact scoring from rubric files.")
    commands = found.add_subparsers(required=True, dest="command", metavar="COMMAND")
    what = "every mistake in a rubric, else what it says and what looks wrong; ends with 1 when something does"
    check = _command(commands, "check", what)
    check.add_argument("rubric", type=Path, help=RUBRIC)
    written = "only the rubric without lists and repetition, as the JSON its SHA-256 is taken of"
    check.add_argument("--written-out", action="store_true", help=written)
    _language(check)
    run = _command(commands, "evaluate", "score a file of subjects")
    run.add_argument("rubric", type=Path, help=RUBRIC)
    _subjects(run)
    _output(run)
    compare = _command(commands, "rehearse", "who rises and falls from one rubric to another, and which values change")
    compare.add_argument("old", type=Path, help="the rubric as it was: " + RUBRIC)
    compare.add_argument("new", type=Path, help="the rubric as it will be: " + RUBRIC)
    _subjects(compare)
    compare.add_argument("--level", default="", help="which level to compare, when there are several")
    _language(compare)
    _command(commands, "schema", "the JSON Schema of the rubric file, for editors")
    return found


def layout(options: argparse.Namespace) -> Layout:
    """How the file of subjects is laid out; raises ReadingError for a call that cannot be meant."""
    if options.header_line < 1:
        raise ReadingError("--header-line is 1 or more")
    if len(options.delimiter) > 1:
        raise ReadingError(f"--delimiter is one character, not {options.delimiter!r}")
    return Layout(
        id=tuple(options.id),
        delimiter=options.delimiter,
        skip_unknown=options.skip_unknown_columns,
        criterion=tuple(options.criterion),
        value=options.value,
        header_line=options.header_line,
        pass_over=tuple(options.pass_over),
    )


def _command(commands: "argparse._SubParsersAction[Parser]", name: str, what: str) -> Parser:
    return commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")


def _language(parser: Parser) -> None:
    parser.add_argument("--lang", choices=("km", "en"), default="en", help="the language of what is said; default en")


def _output(parser: Parser) -> None:
    forms = "jsonl, csv, or table for reading on a screen; default jsonl"
    parser.add_argument("--format", choices=("jsonl", "csv", "table"), default="jsonl", help=forms)
    nodes = "only this criterion or group (again for more); default all groups"
    parser.add_argument("--node", action="append", default=[], metavar="NAME", help=nodes)
    places = "round shown values half up to so many decimals; default exact"
    parser.add_argument("--places", type=int, default=None, metavar="N", help=places)
    most = "beside each value the most that could be had"
    parser.add_argument("--attainable", action="store_true", help=most)
    parser.add_argument("--full", action="store_true", help="whole scorecards as canonical JSON lines")
    explain = "one subject: every result and level with why, and the path to the next level"
    parser.add_argument("--explain", metavar="ID", help=explain)
    _language(parser)


def _subjects(parser: Parser) -> None:
    parser.add_argument("subjects", type=Path, help=SUBJECTS)
    basis = "claimed: as the subjects say; verified: only what rulings or accepted evidence support; default claimed"
    parser.add_argument("--basis", choices=("claimed", "verified"), default="claimed", help=basis)
    for name, many, what in (
        ("id", True, "a column that names the subject (again for more, together they name it); default id"),
        ("criterion", True, "with a row a value: a column of names (again for more); default criterion"),
        ("value", False, "with a row a value: the column of values; default value"),
    ):
        kind = {"action": "append", "default": []} if many else {"default": ""}
        parser.add_argument(f"--{name}", metavar="COLUMN", help=what, **kind)
    header = "the line where the header starts; default 1"
    parser.add_argument("--header-line", type=int, default=1, metavar="N", help=header)
    parser.add_argument("--encoding", default="", help="such as cp1252; default UTF-8 or marked UTF-16")
    parser.add_argument("--delimiter", default="", metavar="SIGN", help="of CSV; default the one the header uses")
    passed = "a column, or in a row a value a name, to pass over; 'Z*' for all that start so (again for more)"
    parser.add_argument("--pass-over", action="append", default=[], metavar="NAME", help=passed)
    unknown = "pass over all columns the rubric does not know"
    parser.add_argument("--skip-unknown-columns", action="store_true", help=unknown)
