"""An assessment that two reviewers score without seeing each other, and the people around it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from compliance.actions import reviewing, second_scoring
from compliance.actions.judging import Judgement
from compliance.actions.second_reading import second_reading
from compliance.actions.under_review import under_review
from compliance.cli.demonstration import acts
from compliance.domain.roles import Actor, Role
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.people import people_with_role
from compliance.store.reviews import Verdict
from compliance.store.second_scorings import SecondScoring, scorings_of
from questionnaires import current
from questionnaires.lifecycle import SecondScoring as Rule
from tests.actions.cases import Case, case, person

FIRST_SAYS, SECOND_SAYS = "First-only words: plan without a name", "Second-only words: policy without a date"
BY_FIRST, BY_SECOND = ("gov_conduct",), ("gov_risk_assessment", "csam_procedure")
"""Answers that one side alone finds unsupported where the two differ."""


@contextmanager
def rule_of(**said: Any) -> Iterator[Rule]:
    """The edition in force wants second scorings by this rule while the block runs."""
    rule = Rule(**said)
    with patch.dict(current().lifecycle.__dict__, second_scoring=rule):
        yield rule


@dataclass
class Twice:
    """`other` is one more reviewer, `third` an approver who may settle."""

    one: Case
    second: Actor
    other: Actor
    third: Actor

    @property
    def scoring(self) -> SecondScoring:
        db.session.expire_all()
        return scorings_of(db.session(), self.one.assessment_id)[-1]

    @property
    def number(self) -> int:
        return self.one.assessment_id

    @property
    def first(self) -> Actor:
        return self.one.hands.reviewer


def scored_twice(settings: Settings) -> Twice:
    """Submitted and drawn; nobody has taken either side."""
    one = case(settings, submit_drawn, add_people)
    found = {actor.name: actor for actor in (found.actor() for found in people_with_role(db.session(), Role.REVIEWER))}
    return Twice(one, found["second-scorer"], found["other"], one.hands.second)


def submit_drawn(one: Case) -> None:
    with rule_of(share_percent=100):
        acts.submit(one.hands, one.assessment_id, 0)


def add_people(_one: Case) -> None:
    person("second-scorer@ministry.example", Role.REVIEWER)
    person("other@ministry.example", Role.REVIEWER)


def take(twice: Twice, who: Actor | None = None) -> None:
    who = who or twice.second
    with transaction() as session:
        reviewing.declare(session, who, twice.number, has_tie=False)
        second_scoring.take(session, who, twice.number)


def rule_first(twice: Twice, but: Mapping[str, Judgement] | None = None) -> None:
    acts.rule(twice.one.hands, twice.number, 0)
    with transaction() as session:
        for question, said in (but or {}).items():
            reviewing.rule(session, twice.first, twice.number, question, said)


def rule_second(twice: Twice, but: Mapping[str, Judgement] | None = None) -> None:
    with transaction() as session:
        read = second_reading(session, twice.one.assessment)
        for question in read.to_rule:
            accepted = True if read.snapshot.files.get(question) else None
            said = (but or {}).get(question) or Judgement(Verdict.CONFIRM, evidence_accepted=accepted)
            second_scoring.rule(session, twice.second, twice.number, question, said)


def refused(words: str) -> Judgement:
    return Judgement(Verdict.NOT_SUPPORTED, reason="not_found", note=words)


def finish(twice: Twice) -> None:
    """The first, then the second."""
    with transaction() as session:
        second_scoring.finish_first(session, twice.first, twice.number)
    with transaction() as session:
        second_scoring.finish(session, twice.second, twice.number)


def differing(twice: Twice) -> None:
    """Both done: each finds one answer unsupported that the other confirms."""
    acts.claim(twice.one.hands, twice.number, 0)
    take(twice)
    rule_first(twice, {one: refused(FIRST_SAYS) for one in BY_FIRST})
    rule_second(twice, {one: refused(SECOND_SAYS) for one in BY_SECOND})
    finish(twice)


def level_now(twice: Twice) -> str | None:
    db.session.expire_all()
    return under_review(db.session(), twice.one.assessment).verified.levels["award"].reached
