"""``python -m questionnaires``: schema, check, compare, blank, prose, new, lock, rubric."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from questionnaires import khmer, schemas
from questionnaires.asking import asked
from questionnaires.blank import blank
from questionnaires.catalogue import DIRECTORY, editions
from questionnaires.checking import check
from questionnaires.compare import compare
from questionnaires.errors import EditionRefusedError
from questionnaires.facts import Facts
from questionnaires.loader import fingerprint, load
from questionnaires.reaching import DAY, best_replies, every_feature
from questionnaires.side_by_side import changes

OK, WRONG, UNUSABLE = 0, 1, 2
SEVERITY = {"en": {"error": "error", "warning": "warning"}, "km": {"error": "ត្រូវកែ", "warning": "គួរពិនិត្យ"}}
SUMMARY = {"en": "{} to mend, {} to look at", "km": "ត្រូវកែ {} គួរពិនិត្យ {}"}


def main(argv: Sequence[str] | None = None) -> int:
    """0: done, nothing wrong; 1: something to mend; 2: the call or the edition cannot be used."""
    options = _parser().parse_args(argv)
    try:
        return int(options.run(options))
    except EditionRefusedError as refused:
        print(refused, file=sys.stderr)
        return UNUSABLE
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m questionnaires", description="Editions of the Code.")
    commands = parser.add_subparsers(required=True)
    show = commands.add_parser("schema", help="the JSON Schema of one kind of file, or all of them into a folder")
    show.add_argument("name", choices=schemas.NAMES, nargs="?")
    show.add_argument("--into", type=Path, help=f"write all into this folder (editors look in {schemas.FOLDER.name}/)")
    show.set_defaults(run=_schema)
    look = commands.add_parser("check", help="everything wrong with an edition, each with its place")
    look.add_argument("edition", help="an id, or the folder of a draft")
    look.add_argument("--lang", choices=("km", "en"), default="en")
    look.set_defaults(run=_check)
    sides = commands.add_parser("compare", help="what changed between two editions, question by question")
    sides.add_argument("old")
    sides.add_argument("new")
    sides.add_argument("--all", action="store_true", help="also list what is the same")
    sides.add_argument("--words", choices=("km", "en"), help="instead all that differs, before and after, in words")
    sides.set_defaults(run=_compare)
    paper = commands.add_parser("blank", help="a blank questionnaire as CSV, to fill in offline")
    paper.add_argument("edition")
    paper.add_argument("--lang", choices=("km", "en"), default="km")
    paper.add_argument("--kinds", default="", help="only what these kinds of company are asked: isp,hosting")
    paper.add_argument("--features", default="", help="what people can do with the services: connect,store")
    paper.set_defaults(run=_blank)
    words = commands.add_parser("prose", help="the rules of an edition that nothing counts with, in words")
    words.add_argument("edition")
    words.set_defaults(run=_prose)
    begin = commands.add_parser("new", help="begin an edition as a copy of another")
    begin.add_argument("old")
    begin.add_argument("id", help="the id of the new edition, and the name of its folder")
    begin.set_defaults(run=_new)
    lock = commands.add_parser("lock", help="the line for editions/LOCK that publishes an edition")
    lock.add_argument("edition")
    lock.set_defaults(run=_lock)
    whole = commands.add_parser("rubric", help="an edition's rubric with all its words, as JSON for python -m scoring")
    whole.add_argument("edition")
    whole.set_defaults(run=_rubric)
    return parser


def folder(name: str) -> Path:
    """Where an edition's files stand: a folder as given, else one of the editions here."""
    given = Path(name)
    found = given if (given / "edition.yaml").is_file() else DIRECTORY / name
    if not (found / "edition.yaml").is_file():
        raise ValueError(f"there is no edition {name}; there are {', '.join(editions())}, or name a folder")
    return found


def _schema(options: argparse.Namespace) -> int:
    if options.into:
        schemas.write_all(options.into)
    elif options.name:
        print(schemas.written(options.name), end="")
    else:
        raise ValueError(f"name one of {', '.join(schemas.NAMES)}, or say --into FOLDER")
    return OK


def _check(options: argparse.Namespace) -> int:
    try:
        found = check(folder(options.edition))
    except EditionRefusedError as refused:
        print("\n".join(khmer.in_words(error, options.lang) for error in refused.errors), file=sys.stderr)
        return UNUSABLE
    for finding in found:
        print(f"{khmer.in_words(finding.error, options.lang)} [{SEVERITY[options.lang][finding.severity]}]")
    wrong = sum(finding.severity == "error" for finding in found)
    print(f"{options.edition}: {SUMMARY[options.lang].format(wrong, len(found) - wrong)}")
    return WRONG if wrong else OK


def _compare(options: argparse.Namespace) -> int:
    old, new = load(folder(options.old)), load(folder(options.new))
    if options.words:
        for change in changes(old, new):
            print(change.in_words(options.words))
        return OK
    differences = compare(old, new)
    for found in differences:
        if options.all or found.change != "same":
            kept = "" if found.change != "reworded" else " (answers still fit)" if found.answer_fits else " (ask again)"
            print(f"{found.change:9} {found.question}  {', '.join(found.what)}{kept}".rstrip())
    counts = {
        change: sum(one.change == change for one in differences) for change in ("same", "reworded", "new", "gone")
    }
    print(", ".join(f"{number} {change}" for change, number in counts.items()))
    return OK


def _blank(options: argparse.Namespace) -> int:
    edition = load(folder(options.edition))
    kinds = frozenset(part for part in options.kinds.split(",") if part)
    questions = edition.questions
    if kinds:
        unknown = kinds - {kind.id for kind in edition.kinds}
        if unknown:
            raise ValueError(f"no such kind: {', '.join(sorted(unknown))}")
        company = Facts(kinds, DAY)
        features = tuple(part for part in options.features.split(",") if part) or every_feature(edition)
        # The best answers open every question that may follow from another.
        questions = asked(edition, company, best_replies(edition, company, features))
    sys.stdout.write(blank(edition, questions, options.lang))
    return OK


def _prose(options: argparse.Namespace) -> int:
    edition = load(folder(options.edition))
    for part in (edition.texts, edition.rules, edition.evidence, edition.award, edition.lifecycle):
        shown = part.model_dump(mode="json", include={"prose"})["prose"]
        print(f"{type(part).__doc__}", json.dumps(shown, ensure_ascii=False, indent=1), sep="\n")
    return OK


def _new(options: argparse.Namespace) -> int:
    source, target = folder(options.old), DIRECTORY / options.id
    if target.exists():
        raise ValueError(f"{target} is there already")
    shutil.copytree(source, target)
    first = target / "edition.yaml"
    words = re.sub(r"^id:.*$", f"id: '{options.id}'", first.read_text("utf-8"), count=1, flags=re.MULTILINE)
    first.write_text(words, "utf-8")
    print(f"Written: {target}. Edit it, then: python -m questionnaires check {options.id}")
    return OK


def _lock(options: argparse.Namespace) -> int:
    directory = folder(options.edition)
    print(f"{fingerprint(directory)}  {load(directory).id}")
    return OK


def _rubric(options: argparse.Namespace) -> int:
    print(json.dumps(load(folder(options.edition)).rubric.source, ensure_ascii=False, indent=1))
    return OK


if __name__ == "__main__":
    sys.exit(main())
