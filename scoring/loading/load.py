"""load_rubric: a tree or plain mapping in, a frozen rubric out, or all its problems at once."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from scoring.errors import RubricError
from scoring.loading.answers import read_answers, read_facts
from scoring.loading.children import with_children
from scoring.loading.criteria import read_criteria
from scoring.loading.data import read_columns, read_words, read_written
from scoring.loading.declared import declare
from scoring.loading.groups import read_groups
from scoring.loading.levels import read_levels
from scoring.loading.order import graph, sort
from scoring.loading.reading import Reading
from scoring.loading.repeating import repeated
from scoring.loading.rules import Maps, read_yield
from scoring.loading.tree import MAX_PARTS, Branch, Leaf, Listing, Tree, from_plain, plain, size, too_large
from scoring.rubric import Rubric
from scoring.text import same

_HEAD = ("rubric", "version", "title", "about", "words", "numbers", "columns", "lists", "maps", "defaults")
TOP_KEYS = (*_HEAD, "facts", "answers", "criteria", "groups", "levels")


def load_rubric(data: Mapping[str, object] | Tree, *, file: str = "") -> Rubric:
    """The checked rubric of a parsed file; raises RubricError with every problem, each with its place and remedy."""
    tree = data if isinstance(data, Leaf | Listing | Branch) else from_plain(data)
    reading = Reading(file)
    tree = written_out(reading, tree)
    rubric = _read(reading, tree)
    if reading.problems:
        raise RubricError(tuple(sorted(set(reading.problems))))
    needs = graph(rubric)
    order, circle = sort(needs)
    if circle:
        entry = _entry(tree, circle[0][1])
        shown = " → ".join(name for _, name in circle)
        reading.wrong(entry, circle[0][1], "these wait for one another in a circle", "Break the circle", value=shown)
        raise RubricError(tuple(reading.problems))
    source = plain(tree)
    digest = hashlib.sha256(canonical(source)).hexdigest()
    kept = source if isinstance(source, dict) else {}
    return replace(rubric, order=order, needs=needs, source=kept, sha256=digest)


def written_out(reading: Reading, tree: Tree) -> Tree:
    """The rubric as it would stand without lists, repetition, tags and patterns; problems of these end the reading."""
    if not isinstance(tree, Branch):
        return tree
    tree = repeated(reading, tree)
    tree = with_children(reading, tree) if isinstance(tree, Branch) and not reading.problems else tree
    if reading.problems:
        raise reading.refusal()
    if size(tree) > MAX_PARTS:
        raise too_large(reading.file, tree.place)
    return tree


def canonical(source: object) -> bytes:
    """One byte form for one content: sorted keys, no spaces, UTF-8."""
    return json.dumps(source, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _read(reading: Reading, tree: Tree) -> Rubric:
    top = reading.branch(tree, "", TOP_KEYS)
    if "rubric" not in top:
        reading.wrong(tree, "", "the name of the rubric is missing", "Write rubric: my-rubric")
    name = reading.text(top["rubric"], "rubric") if "rubric" in top else ""
    maps = _maps(reading, top.get("maps"))
    names = declare(reading, top, maps)
    answers = read_answers(reading, top, names)
    criteria = read_criteria(reading, top, names, maps, answers)
    return Rubric(
        reading.name(name, tree.place, "rubric") if "rubric" in top else "",
        reading.text(top["version"], "version") if "version" in top else "",
        reading.title(top["title"], "title", name) if "title" in top else same(name),
        read_facts(reading, top.get("facts"), names),
        answers,
        criteria,
        read_groups(reading, top.get("groups"), names, criteria),
        read_levels(reading, top.get("levels"), names, criteria),
        read_words(reading, top.get("words")),
        read_written(reading, top.get("numbers")),
        read_columns(reading, top.get("columns"), names),
        frozenset(answer for criterion in criteria.values() for answer in criterion.answers),
        (),
        {},
        {},
    )


def _maps(reading: Reading, tree: Tree | None) -> Maps:
    maps: dict[str, Mapping[str, Tree]] = {}
    for name, value in reading.branch(tree, "maps").items():
        maps[name] = reading.branch(value, f"maps.{name}")
        for option, points in maps[name].items():
            reading.name(option, value.place, f"maps.{name}")
            read_yield(reading, points, f"maps.{name}")
    return maps


def _entry(tree: Tree, name: str) -> Tree:
    parts = [part for _, part in tree.entries.values()] if isinstance(tree, Branch) else []
    return next((part.entries[name][1] for part in parts if isinstance(part, Branch) and name in part.entries), tree)
