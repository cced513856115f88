"""What if these steps were done: worked out and shown, never stored."""

from collections.abc import Collection
from dataclasses import dataclass

from compliance.actions.aims import Aim, Proposal, applied
from compliance.journeys import scorecard_view
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.words import aim_words, reader
from questionnaires import Question
from scoring import Scorecard, ScoringError, Subject, evaluate, points_of


@dataclass(frozen=True)
class Switch:
    """One step to try: `effect` is what it does to its section alone."""

    question: str
    title: str
    text: str
    effect: str
    on: bool


@dataclass(frozen=True)
class WhatIf:
    """The level that the answers would claim with what is switched on, and what the next one would still lack."""

    switches: tuple[Switch, ...]
    level: str | None
    same: bool
    points: str
    next: str | None
    missing: tuple[str, ...]


def what_if(desk: Desk, proposed: Proposal, tried: Collection[str]) -> WhatIf | None:
    """`tried` names questions; what is no step of the way is passed over. None while a try cannot be scored."""
    on = {question: aim for question, aim in proposed.aims.items() if question in tried}
    try:
        card = _card(desk, on) if on else desk.score
        switches = tuple(_switch(desk, question, aim, question in on) for question, aim in proposed.aims.items())
    except ScoringError:
        return None
    level = card.levels[scorecard_view.AWARD]
    now = desk.score.levels[scorecard_view.AWARD].reached
    missing = tuple(scorecard_view.stopping(card, reader()))
    points = scorecard_view.total(card, reader())
    return WhatIf(switches, level.reached, level.reached == now, points, level.next, missing)


def _card(desk: Desk, aims: dict[str, Aim]) -> Scorecard:
    return evaluate(desk.edition.rubric, applied(desk.edition, desk.subject, aims), basis="claimed")


def _switch(desk: Desk, question_id: str, aim: Aim, on: bool) -> Switch:
    question = desk.edition.question(question_id)
    effect = _effect(desk, question, applied(desk.edition, desk.subject, {question_id: aim}))
    return Switch(question_id, question.title[reader()], aim_words(question, aim, reader()), effect, on)


def _effect(desk: Desk, question: Question, then: Subject) -> str:
    node, rubric = question.section, desk.edition.rubric
    before = scorecard_view.points(desk.score, node, reader())
    changed = points_of(rubric, then, node) if node in rubric.groups else None
    after = scorecard_view.shown(rubric, node, changed, reader())
    if before == after:
        return str(_("No points, but the level needs it."))
    part = desk.edition.section(question.section).title[reader()]
    return str(_("%(part)s: %(before)s → %(after)s", part=part, before=before, after=after))
