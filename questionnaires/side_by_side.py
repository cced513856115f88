"""Two editions beside each other as a person reads them: what is new, gone or said otherwise, part by part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel

from questionnaires.called import BETWEEN, called, plain
from questionnaires.model import Edition, Question, Section
from questionnaires.text import LANGS, Text
from scoring.checking.read_back import rung_demands
from scoring.condition import Condition, say
from scoring.text import Text as Said
from scoring.text import limit

Part: TypeAlias = Literal["sections", "questions", "levels", "deadlines", "evidence", "checks", "words", "templates"]
PARTS: tuple[Part, ...] = ("questions", "levels", "sections", "deadlines", "evidence", "checks", "templates", "words")
SCALE = "award"
_NUMBER = re.compile(r"\d+([.,/]\d+)*")
_EVERYBODY = Text(km="ក្រុមហ៊ុនគ្រប់ប្រភេទត្រូវបានសួរ", en="Every company is asked")
_NAMES = ("id", "value", "ref")
"""By these what stands in a list is known again."""
Key: TypeAlias = tuple[str, ...]
Leaves: TypeAlias = dict[Key, Text]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `thing` is what it belongs to, `field` what of it; whole things have no field.

    `before` is None for what is new, `after` for what is gone.
    """

    part: Part
    thing: Text
    field: Text | None
    before: Text | None
    after: Text | None

    @property
    def langs(self) -> tuple[str, ...]:
        """The languages in which it differs; both where it is new or gone."""
        if self.before is None or self.after is None:
            return LANGS
        return tuple(lang for lang in LANGS if self.before[lang] != self.after[lang])

    def in_words(self, lang: str) -> str:
        """One line: what, before → after."""
        what = self.thing[lang] + (BETWEEN + self.field[lang] if self.field else "")
        sides = (side[lang] if side else "–" for side in (self.before, self.after))
        return f"{what}: {' → '.join(sides)}"


def changes(old: Edition, new: Edition) -> tuple[Change, ...]:
    """Everything that differs, by part, in the order of the new edition; what is gone stands behind."""
    found = [
        *_of_things("questions", _by_id(old.questions), _by_id(new.questions)),
        *_of_things("levels", _levels(old), _levels(new)),
        *_of_things("sections", _by_id(old.sections), _by_id(new.sections)),
        *_of_leaves("deadlines", _flat(old.lifecycle), _flat(new.lifecycle)),
        *_of_leaves("evidence", _flat(old.evidence), _flat(new.evidence)),
        *_of_leaves("checks", _checks(old), _checks(new)),
        *_of_things("templates", _by_id(old.templates), _by_id(new.templates)),
        *_of_leaves("words", _words(old), _words(new)),
    ]
    return tuple(found)


@dataclass(frozen=True)
class _Level:
    """A level with its demands."""

    title: Text
    leaves: Leaves


def _by_id(things: Any) -> dict[str, Any]:
    return {thing.id: thing for thing in things}


def _of_things(part: Part, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name, thing in new.items():
        if name not in old:
            yield Change(part, thing.title, None, None, _gist(thing))
            continue
        before, after = _leaves(old[name]), _leaves(thing)
        for key in _keys(before, after):
            yield Change(part, thing.title, _field(thing, old[name], key), before.get(key), after.get(key))
    for name, thing in old.items():
        if name not in new:
            yield Change(part, thing.title, None, _gist(thing), None)


def _of_leaves(part: Part, before: Leaves, after: Leaves) -> Iterator[Change]:
    for key in _keys(before, after):
        yield Change(part, called(*key), None, before.get(key), after.get(key))


def _field(new: Any, old: Any, key: Key) -> Text:
    """What differs; an option by its words, a demand as such."""
    if key[0] == "demand":
        return called("demand")
    options = {one.value: one.label for one in (*old.options, *new.options)} if isinstance(new, Question) else {}
    named = [options[step] if step in options else called(step) for step in key]
    return Text(km=BETWEEN.join(one.km for one in named), en=BETWEEN.join(one.en for one in named))


def _keys(before: Leaves, after: Leaves) -> list[Key]:
    """Those that differ, in the order of the new ones."""
    everything = [*after, *(key for key in before if key not in after)]
    return [key for key in everything if before.get(key) != after.get(key)]


def _gist(thing: Any) -> Text:
    text: Text = thing.text if isinstance(thing, Question) else thing.title
    return text


def _leaves(thing: Any) -> Leaves:
    if isinstance(thing, Question):
        shared = ("options",) if thing.kind == "yes_partial_no" else ()
        return _flat(thing, leave=("rule", "asked_when", *shared)) | _rule(thing)
    if isinstance(thing, Section):
        weight: Leaves = {("weight",): _number(thing.weight)} if thing.weight is not None else {}
        return {("title",): thing.title, ("intro",): thing.intro} | weight
    return thing.leaves if isinstance(thing, _Level) else _flat(thing)


def _rule(question: Question) -> Leaves:
    """What the rubric says of a question."""
    found: Leaves = {("asked",): question.asked_if or _EVERYBODY}
    rule = question.rule
    if rule is None:
        return found
    for option, points in rule.points.items():
        found["points", option] = _number(points)
    found["weight",] = _number(rule.weight)
    found["essential",] = plain(rule.essential)
    if rule.points_without_evidence is not None:
        found["without_evidence",] = _number(rule.points_without_evidence)
    return found


def _levels(edition: Edition) -> dict[str, _Level]:
    scale = edition.rubric.levels[SCALE]
    rungs = {rung.id: rung for rung in scale.rungs}
    return {
        level.id: _Level(
            level.title,
            _flat(level) | (_demands(edition, rungs[level.id]) if level.id in rungs else {}),
        )
        for level in edition.levels
    }


def _demands(edition: Edition, rung: Any) -> Leaves:
    """Each demand by its words without numbers: another limit is the same demand said otherwise."""
    found: Leaves = {}
    for said in rung_demands(edition.rubric, edition.rubric.levels[SCALE], rung):
        key: Key = ("demand", _NUMBER.sub("#", said.en))
        while key in found:
            key = (*key, "again")
        found[key] = _text(said)
    return found


def _checks(edition: Edition) -> Leaves:
    """rules.yaml, its conditions in words."""
    strikes: dict[Key, tuple[Condition, ...]] = {
        ("consistency_checks", name, "strikes_when"): found for name, found in edition.checks
    }
    strikes |= {("risk", "signs", name, "when"): found for name, found in edition.risk_when}
    said = {key: _said(conditions) for key, conditions in strikes.items() if conditions}
    return _flat(edition.rules, leave=("strikes_when", "when")) | said


def _said(conditions: tuple[Condition, ...]) -> Text:
    return Text(km="; ".join(say(one, "km") for one in conditions), en="; ".join(say(one, "en") for one in conditions))


def _words(edition: Edition) -> Leaves:
    """The words of the edition itself, of the register, of its sources."""
    return {
        **_flat(edition.texts),
        **_flat(edition.award, leave=("levels",)),
        **{("sources", *key): text for key, text in _flat(edition.sources).items()},
    }


def _flat(value: Any, key: Key = (), leave: tuple[str, ...] = ()) -> Leaves:
    """Every text and figure by the way to it; of lists, by the names of what they hold where it has one."""
    if value is None:
        return {}
    if isinstance(value, Text):
        return {key: value}
    if isinstance(value, BaseModel):
        fields = {name: getattr(value, name) for name in type(value).model_fields if name not in (*leave, *_NAMES)}
        return _flat(fields, key, leave)
    if isinstance(value, Mapping):
        inner = {(*key, str(name)): part for name, part in value.items()}
        return {place: text for name, part in inner.items() for place, text in _flat(part, name, leave).items()}
    if isinstance(value, tuple) and any(isinstance(part, BaseModel | Mapping) for part in value):
        named = {_name(part, place): part for place, part in enumerate(value, 1)}
        return _flat(named, key, leave)
    return {} if value == () else {key: plain(value)}


def _name(part: Any, place: int) -> str:
    return next((str(getattr(part, name)) for name in _NAMES if isinstance(getattr(part, name, None), str)), str(place))


def _number(number: Fraction) -> Text:
    return _text(limit(number))


def _text(said: Said) -> Text:
    return Text(km=said.km, en=said.en)
