"""The texts of a draft edition as translators change them: held against what others changed meanwhile, then kept."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import edition_drafts
from compliance.actions.accounts import require_administrator
from compliance.actions.drafts import printable
from compliance.actions.edition_drafts import Looked
from compliance.domain.errors import InvalidError
from compliance.domain.khmer_order import has_khmer
from compliance.domain.roles import Actor
from compliance.store.audit import record
from compliance.store.draft_marks import LONGEST_PASSAGE, DraftMark, marked, unmark
from compliance.store.published_editions import published
from questionnaires import LANGS, EditionError, Lang, current
from questionnaires.catalogue import DIRECTORY, carried
from questionnaires.counterparts import counterparts
from questionnaires.folders import Texts, texts_in
from questionnaires.passages import DOCUMENT, NAMELESS, Passage, passages
from questionnaires.placeholders import FILLED, placeholders, stray
from questionnaires.templates import COMPANY
from questionnaires.typed import digits, one_line, tidy, weight

LONGEST, LONGEST_LINE = 4_000, 200
"""Characters of a text, and of one that is a single line. A text that is longer already may stay as it is."""
LINES = frozenset({"title", "label", "public_name", "heading", "columns", "fill"})
"""Texts of one line, by the last step of their name that is no place in a list."""
MOST_NAMED = 40
Place = tuple[str, Lang]
"""One language of one text: the passage's id, and which."""


@dataclass(frozen=True)
class Typed:
    """What came back of one language of a text. `seen` is the `mark` of what the page had shown."""

    text: str
    seen: str


@dataclass(frozen=True)
class Told:
    """A text of the draft, what it was in the edition in force, and what can be said of it.

    `states`: no_km, no_en, same (in both languages), changed (since the edition in force), check (somebody asked).
    """

    passage: Passage
    before: Passage | None
    states: frozenset[str]


@dataclass
class Sorted:
    """What was typed, after comparing: to be written, met by somebody else's words, refused by the rules."""

    wanted: dict[str, dict[str, str]] = field(default_factory=dict)
    met: dict[Place, str] = field(default_factory=dict)
    wrong: dict[Place, InvalidError] = field(default_factory=dict)


def told(
    session: Session, draft: Texts, checks: Collection[str], unreadable: list[EditionError] | None = None
) -> list[Told]:
    """Every text of a draft, in order. `checks`: ids of those that somebody wants to look at again.

    The mistakes of files that cannot be read, and so give no texts, are added to `unreadable`.
    """
    found = passages(draft, unreadable if unreadable is not None else [])
    before = counterparts(found, _in_force(session))
    return [Told(one, before.get(one.id), _states(one, before.get(one.id), checks)) for one in found]


def _in_force(session: Session) -> tuple[Passage, ...]:
    """The texts of the edition that new assessments begin with, whether it came with the code or was published here."""
    name = current().id
    if name in carried():
        return _carried(DIRECTORY / name)
    return passages(next(json.loads(one.files) for one in published(session) if one.name == name), [])


@lru_cache(maxsize=2)
def _carried(folder: Path) -> tuple[Passage, ...]:
    return passages(texts_in(folder), [])


def _states(one: Passage, before: Passage | None, checks: Collection[str]) -> frozenset[str]:
    km, en = (tidy(one.words[lang] or "") for lang in LANGS)
    found = {
        "no_km": not digits(km),
        "no_en": not digits(en),
        "same": bool(km) and km == en and not has_khmer(km),
        "changed": before is None or any(differs(one, before, lang) for lang in LANGS),
        "check": one.id in checks,
    }
    return frozenset(state for state, holds in found.items() if holds)


def differs(one: Passage, before: Passage, lang: Lang) -> bool:
    """Whether readers see another text than in the edition in force."""
    return tidy(one.words[lang] or "") != tidy(before.words[lang] or "")


def longest(passage: Passage) -> int:
    return LONGEST_LINE if _one_line(passage) else LONGEST


def _one_line(passage: Passage) -> bool:
    steps = [step for step in passage.name.split(".") if not step.startswith(NAMELESS)]
    return steps[-1] in LINES


def as_typed(passage: Passage, text: str | None) -> str:
    """A text as it comes back from the page when nobody touched it."""
    return one_line(text or "") if _one_line(passage) else tidy(text or "")


def mark(passage: Passage, lang: Lang) -> str:
    """What a text is known by until it is saved."""
    return hashlib.sha256(as_typed(passage, passage.words[lang]).encode()).hexdigest()[:16]


def sort(found: Iterable[Passage], typed: Mapping[Place, Typed]) -> Sorted:
    """Three ways: what a person did not change is not theirs to save, whatever was stored meanwhile."""
    result = Sorted()
    for passage in found:
        for lang in LANGS:
            if (one := typed.get((passage.id, lang))) is not None and not passage.fixed:
                _sort_one(result, passage, lang, one)
    return result


def _sort_one(result: Sorted, passage: Passage, lang: Lang, one: Typed) -> None:
    text, now = as_typed(passage, one.text), as_typed(passage, passage.words[lang])
    if text == now or hashlib.sha256(text.encode()).hexdigest()[:16] == one.seen:
        return
    if refused := _refused(passage, lang, text):
        result.wrong[passage.id, lang] = refused
    if mark(passage, lang) != one.seen:
        result.met[passage.id, lang] = now
    result.wanted.setdefault(passage.id, {})[lang] = text


def _refused(passage: Passage, lang: Lang, text: str) -> InvalidError | None:
    """What the rules say against a new text; `field` is the language."""
    if not digits(text):
        return InvalidError(lang, "Write this text: nobody may find it empty.")
    if weight(text) > longest(passage):
        return InvalidError(lang, "Shorten this to %(count)s characters.", count=longest(passage))
    known = fillable(passage)
    there = frozenset().union(*(placeholders(words or "") for words in passage.words.values()))
    if lost := (there & known) - placeholders(text):
        return InvalidError(lang, "Write %(names)s too: the portal fills it in.", names=", ".join(sorted(lost)))
    if invented := placeholders(text) - known - placeholders(passage.words[lang] or ""):
        return InvalidError(lang, "Take out %(names)s: nothing is filled in there.", names=", ".join(sorted(invented)))
    if known and stray(text):
        return InvalidError(lang, "A brace { or } stands alone. Write what is filled in exactly as it was.")
    return None


def fillable(passage: Passage) -> frozenset[str]:
    """What the portal fills in, in this text."""
    if passage.part.startswith(DOCUMENT) and passage.name.startswith("parts."):
        return frozenset({COMPANY})
    steps = passage.name.split(".")
    message = passage.part == "rules" and steps[0] == "consistency_checks" and steps[-1] == "message"
    return FILLED.get(steps[1], frozenset()) if message else frozenset()


def save(
    session: Session, actor: Actor, draft_id: int, looked: Looked, reworded: Mapping[str, Mapping[str, str]], seen: int
) -> None:
    """Keeps a draft's files with new words. Raises StaleError when `seen` is no longer the draft's version."""
    names = [f"{printable(name)} {lang}" for name, words in sorted(reworded.items()) for lang in sorted(words)]
    edition_drafts.change(session, actor, draft_id, looked, seen, texts=names[:MOST_NAMED])


def set_checks(session: Session, actor: Actor, draft_id: int, wanted: Mapping[str, bool]) -> int:
    """Marks texts to be checked, or done; how many that changed. Two who mark the same text are of one mind."""
    require_administrator(session, actor)
    edition_drafts.open_draft(session, draft_id)
    there, moment = marked(session, draft_id), clock.now()
    new = {name for name, on in wanted.items() if on and name not in there and markable(name)}
    done = {name for name, on in wanted.items() if not on and name in there}
    session.add_all(
        DraftMark(draft_id=draft_id, passage=name, marked_by=actor.user_id, marked_at=moment) for name in new
    )
    unmark(session, draft_id, done)
    if new or done:
        told = {"to_check": sorted(new)[:MOST_NAMED], "checked": sorted(done)[:MOST_NAMED]}
        record(session, moment, actor, "admin:edition_draft:marked", "edition_draft", draft_id, **told)
    return len(new) + len(done)


def markable(name: str) -> bool:
    """Whether a text's name can be kept in a column."""
    return len(name) <= LONGEST_PASSAGE and name.isprintable()
