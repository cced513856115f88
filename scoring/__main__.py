"""`python -m scoring`: check, evaluate, rehearse, schema."""

import argparse
import json
import os
import sys
from collections.abc import Iterator

from scoring.checking.check import check, lines
from scoring.errors import ReadingError, RubricError, ScoringError
from scoring.evaluate import evaluate
from scoring.files.layout import Row
from scoring.files.opening import opened, size_of
from scoring.files.output import Writer, explain, write_rehearsal
from scoring.files.path_lines import path_lines
from scoring.files.progress import Progress
from scoring.files.said import COULD_NOT, passed_over, said
from scoring.files.subjects import read_whole
from scoring.headers import known
from scoring.loading.khmer import in_words
from scoring.loading.load import canonical
from scoring.loading.reader import read_rubric
from scoring.loading.reading import suggest
from scoring.loading.schema import schema
from scoring.options import layout, parser
from scoring.path.cheapest import cheapest_path
from scoring.rehearse import rehearse
from scoring.rubric import Rubric
from scoring.scorecard import Scorecard
from scoring.subject import Subject

OK, SOME_FAILED, UNUSABLE = 0, 1, 2
LOOK = SOME_FAILED


def main(argv: list[str] | None = None) -> int:
    """0: done; 1: done, but some subjects failed or a rubric should be looked at; 2: rubric, file or call unusable."""
    options = parser().parse_args(argv)
    lang = getattr(options, "lang", "en")
    commands = {"check": _check, "evaluate": _evaluate, "rehearse": _rehearse, "schema": _schema}
    try:
        return commands[options.command](options)
    except BrokenPipeError:
        # Whoever read the output has stopped; pointing it nowhere keeps the interpreter's last flush quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNUSABLE
    except RubricError as error:
        print("\n".join(in_words(one, lang) for one in error.problems), file=sys.stderr)
        return UNUSABLE
    except ScoringError as error:
        print(error.because(lang), file=sys.stderr)
        return UNUSABLE
    except ReadingError as error:
        print(said(str(error), lang), file=sys.stderr)
        return UNUSABLE


def _check(options: argparse.Namespace) -> int:
    rubric, found = check(options.rubric)
    if options.written_out:
        print(canonical(rubric.source).decode())
        return OK
    print("\n".join(lines(options.rubric, rubric, found, options.lang)))
    return LOOK if found else OK


def _evaluate(options: argparse.Namespace) -> int:
    rubric = read_rubric(options.rubric)
    nodes = _nodes(rubric, options)
    form, places = options.format, options.places
    writer = Writer(sys.stdout, rubric, form, nodes, places, attainable=options.attainable)
    failed = seen = 0
    for row in _rows(options, rubric):
        if options.explain and row.id != options.explain:
            continue
        if not seen:
            _start(writer, options)
        seen += 1
        card = _score(rubric, row, options)
        if card is None:
            failed += 1
        else:
            _print(writer, row, card, options)
    if options.explain and not seen:
        raise ReadingError(f"there is no subject {options.explain!r}")
    if not seen:
        _start(writer, options)
    if failed:
        print(COULD_NOT[options.lang].format(failed=failed, seen=seen), file=sys.stderr)
    return SOME_FAILED if failed else OK


def _start(writer: Writer, options: argparse.Namespace) -> None:
    if not (options.explain or options.full):
        writer.start()


def _print(writer: Writer, row: Row, card: Scorecard, options: argparse.Namespace) -> None:
    if options.explain:
        _explain(card.rubric, row, card, options)
    elif options.full:
        sys.stdout.write(card.canonical_json().decode() + "\n")
    else:
        writer.write(card)


def _nodes(rubric: Rubric, options: argparse.Namespace) -> tuple[str, ...]:
    """Those to show: the ones named, else all groups, else all criteria."""
    there = (*rubric.groups, *rubric.criteria)
    for node in options.node:
        if node not in there:
            raise ReadingError(f"the rubric has no criterion or group {node!r}. {suggest(node, there)}")
    return tuple(options.node) or tuple(rubric.groups) or tuple(rubric.criteria)


def _score(rubric: Rubric, row: Row, options: argparse.Namespace) -> Scorecard | None:
    """None, and why on standard error, for a subject that cannot be read or scored."""
    if row.subject is None:
        _print_unread(row, options)
        return None
    try:
        return evaluate(rubric, row.subject, basis=options.basis)
    except ScoringError as error:
        print(f"{row.id}: {error.because(options.lang)}", file=sys.stderr)
        return None


def _print_unread(row: Row, options: argparse.Namespace) -> None:
    """The subject, the file and the line; a subject without a name of its own is called by its line."""
    place = f"{options.subjects.name}:{row.line}"
    where = place if row.id == f"line {row.line}" else f"{row.id} ({place})"
    print(f"{where}: {said(row.error, options.lang)}", file=sys.stderr)


def _explain(rubric: Rubric, row: Row, card: Scorecard, options: argparse.Namespace) -> None:
    every = tuple(options.node) or tuple(name for kind, name in rubric.order if kind == "node")
    sys.stdout.writelines(line + "\n" for line in explain(card, every, options.lang))
    for level in rubric.levels if row.subject else ():
        path = cheapest_path(rubric, row.subject or Subject(), level, basis=options.basis)
        sys.stdout.writelines(line + "\n" for line in path_lines(path, options.lang))


def _rows(options: argparse.Namespace, *rubrics: Rubric) -> Iterator[Row]:
    """The subjects; what was passed over is counted at the end."""
    path, how = options.subjects, layout(options)
    with opened(path) as source:
        progress = Progress(sys.stderr, size_of(source), source)
        for row in read_whole(source, path, options.encoding, known(*rubrics), how):
            progress.step()
            yield row
        progress.done()
    if how.passed:
        print(passed_over(how.passed, options.lang), file=sys.stderr)


def _rehearse(options: argparse.Namespace) -> int:
    old, new = read_rubric(options.old), read_rubric(options.new)
    unread: list[Row] = []
    found = rehearse(old, new, _readable(_rows(options, old, new), unread), scale=options.level, basis=options.basis)
    write_rehearsal(sys.stdout, found, options.lang)
    for row in unread:
        _print_unread(row, options)
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
