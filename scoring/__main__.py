"""`python -m scoring`: check, evaluate, rehearse, schema."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from scoring.checking.check import check, lines
from scoring.errors import ReadingError, RubricError, ScoringError
from scoring.evaluate import evaluate
from scoring.files.layout import Layout, Row
from scoring.files.opening import opened
from scoring.files.output import Writer, explain, write_rehearsal
from scoring.files.path_lines import path_lines
from scoring.files.progress import Progress
from scoring.files.subjects import read_subjects
from scoring.headers import known
from scoring.loading.khmer import in_words
from scoring.loading.reader import read_rubric
from scoring.loading.schema import schema
from scoring.path.cheapest import cheapest_path
from scoring.rehearse import rehearse
from scoring.rubric import Rubric
from scoring.subject import Subject

OK, SOME_FAILED, UNUSABLE = 0, 1, 2
LOOK = SOME_FAILED


def main(argv: list[str] | None = None) -> int:
    """0: done; 1: done, but some subjects failed or a rubric should be looked at; 2: rubric, file or call unusable."""
    options = _parser().parse_args(argv)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        # Whoever read the output has stopped; pointing it nowhere keeps the interpreter's last flush quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNUSABLE
    except RubricError as error:
        print("\n".join(in_words(one, getattr(options, "lang", "en")) for one in error.problems), file=sys.stderr)
        return UNUSABLE
    except ScoringError as error:
        print(error.because(getattr(options, "lang", "en")), file=sys.stderr)
        return UNUSABLE
    except (ReadingError, OSError, UnicodeError, LookupError) as error:
        print(error, file=sys.stderr)
        return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scoring", description="Exact scoring from rubric files.")
    commands = parser.add_subparsers(required=True)
    look = commands.add_parser(
        "check",
        help="every mistake in a rubric, else what it says and what looks wrong; ends with 1 when something does",
    )
    look.add_argument("rubric", type=Path)
    look.add_argument("--lang", choices=("km", "en"), default="en")
    look.set_defaults(run=_check)
    run = commands.add_parser("evaluate", help="score a file of subjects")
    run.add_argument("rubric", type=Path)
    run.add_argument("subjects", type=Path)
    _subject_options(run)
    run.add_argument("--format", choices=("jsonl", "csv", "table"), default="jsonl")
    run.add_argument(
        "--node", action="append", default=[], help="only these nodes (again for more); default all groups"
    )
    run.add_argument("--places", type=int, default=None, help="round values half up to so many decimals; default exact")
    run.add_argument("--attainable", action="store_true", help="beside each value the most that could be had")
    run.add_argument("--full", action="store_true", help="whole scorecards as canonical JSON lines")
    run.add_argument("--explain", metavar="ID", help="one subject: every result and level, with why")
    run.add_argument("--lang", choices=("km", "en"), default="en")
    run.set_defaults(run=_evaluate)
    compare = commands.add_parser("rehearse", help="who rises and falls from one rubric to another")
    compare.add_argument("old", type=Path)
    compare.add_argument("new", type=Path)
    compare.add_argument("subjects", type=Path)
    _subject_options(compare)
    compare.add_argument("--level", default="", help="which level to compare, when there are several")
    compare.add_argument("--lang", choices=("km", "en"), default="en")
    compare.set_defaults(run=_rehearse)
    commands.add_parser("schema", help="the JSON Schema of the rubric file").set_defaults(run=_schema)
    return parser


def _subject_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--basis", choices=("claimed", "verified"), default="claimed")
    parser.add_argument("--id", action="append", default=[], help="a column that names the subject; default id")
    parser.add_argument(
        "--criterion", action="append", default=[], help="with a row a value: a column of names; default criterion"
    )
    parser.add_argument("--value", default="value", help="with a row a value: the column of values")
    parser.add_argument("--header-line", type=int, default=1, help="the line where the header starts; default 1")
    parser.add_argument("--encoding", default="", help="such as cp1252; default UTF-8 or marked UTF-16")
    parser.add_argument("--delimiter", default="", help="of CSV; default the one the header uses")
    parser.add_argument(
        "--skip-unknown-columns", action="store_true", help="pass over columns the rubric does not know"
    )


def _layout(options: argparse.Namespace) -> Layout:
    if options.header_line < 1:
        raise ReadingError("--header-line is 1 or more")
    return Layout(
        tuple(options.id),
        options.delimiter,
        options.skip_unknown_columns,
        tuple(options.criterion) or ("criterion",),
        options.value,
        options.header_line,
    )


def _check(options: argparse.Namespace) -> int:
    rubric, found = check(options.rubric)
    print("\n".join(lines(options.rubric, rubric, found, options.lang)))
    return LOOK if found else OK


def _evaluate(options: argparse.Namespace) -> int:
    rubric = read_rubric(options.rubric)
    nodes = tuple(options.node) or tuple(rubric.groups) or tuple(rubric.criteria)
    unknown = [node for node in nodes if node not in rubric.groups and node not in rubric.criteria]
    if unknown:
        raise ReadingError(f"the rubric has no node {unknown[0]!r}; there are: {', '.join(rubric.groups)}")
    writer = None
    if not (options.explain or options.full):
        form, places = options.format, options.places
        writer = Writer(sys.stdout, rubric, form, nodes, places, attainable=options.attainable)
    failed = seen = 0
    for row in _rows(options, rubric):
        if options.explain and row.id != options.explain:
            continue
        seen += 1
        try:
            card = evaluate(rubric, _subject(row), basis=options.basis)
        except (ReadingError, ScoringError) as error:
            failed += 1
            said = error.because(options.lang) if isinstance(error, ScoringError) else error
            print(f"{row.id}: {said}", file=sys.stderr)
            continue
        if writer:
            writer.write(card)
        elif options.full:
            sys.stdout.write(card.canonical_json().decode() + "\n")
        else:
            every = tuple(options.node) or tuple(name for kind, name in rubric.order if kind == "node")
            sys.stdout.writelines(line + "\n" for line in explain(card, every, options.lang))
            _print_paths(rubric, _subject(row), options)
    if options.explain and not seen:
        raise ReadingError(f"there is no subject {options.explain!r}")
    if failed:
        print(f"{failed} of {seen} subjects could not be scored", file=sys.stderr)
    return SOME_FAILED if failed else OK


def _print_paths(rubric: Rubric, subject: Subject, options: argparse.Namespace) -> None:
    for level in rubric.levels:
        path = cheapest_path(rubric, subject, level, basis=options.basis)
        sys.stdout.writelines(line + "\n" for line in path_lines(path, options.lang))


def _subject(row: Row) -> Subject:
    if row.subject is None:
        raise ReadingError(row.error)
    return row.subject


def _rows(options: argparse.Namespace, *rubrics: Rubric) -> Iterator[Row]:
    path: Path = options.subjects
    with path.open("rb") as source, opened(source, options.encoding) as stream:
        progress = Progress(sys.stderr, path.stat().st_size, source)
        for row in read_subjects(path, stream, known(*rubrics), _layout(options)):
            progress.step()
            yield row
        progress.done()


def _rehearse(options: argparse.Namespace) -> int:
    old, new = read_rubric(options.old), read_rubric(options.new)
    unread: list[Row] = []
    found = rehearse(old, new, _readable(_rows(options, old, new), unread), scale=options.level, basis=options.basis)
    write_rehearsal(sys.stdout, found, options.lang)
    for row in unread:
        print(f"{row.id}: {row.error}", file=sys.stderr)
    for failure in found.failures:
        print(f"{failure.id}: {failure.reason[options.lang]}", file=sys.stderr)
    return SOME_FAILED if unread or found.failures else OK


def _readable(rows: Iterator[Row], unread: list[Row]) -> Iterator[Subject]:
    for row in rows:
        if row.subject is None:
            unread.append(row)
        else:
            yield row.subject


def _schema(_: argparse.Namespace) -> int:
    print(json.dumps(schema(), ensure_ascii=False, indent=2))
    return OK


if __name__ == "__main__":
    sys.exit(main())
