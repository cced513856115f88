"""Seeded companies that answer the first edition, as scoring subjects."""

import random
from datetime import date, timedelta

from questionnaires import current
from scoring import Files, Ruling, Subject
from scoring.rubric import Answer, Rubric

ON = date(2026, 11, 20)
KINDS = ("isp", "mobile_operator", "hosting", "platform", "app_developer", "content_producer", "internet_cafe")
TRUTHS = (
    "no_false_statement",
    "no_open_major_finding",
    "no_suspension_in_last_12_months",
    "improvement_plan_given",
    "verification_visit_or_call_passed",
)


def subjects(count: int, seed: int = 1, *, ruled: bool = False) -> list[Subject]:
    """Companies of one to three kinds, good or poor; some answers missing, not applicable or without files."""
    rubric, chance = current().rubric, random.Random(seed)
    return [_subject(rubric, chance, f"company-{index}", ruled=ruled) for index in range(count)]


def _subject(rubric: Rubric, chance: random.Random, name: str, *, ruled: bool) -> Subject:
    quality = chance.random()
    skipped = {answer for answer in rubric.answers if chance.random() < 0.02}
    given = {
        name: _value(answer, chance, quality)
        for name, answer in rubric.answers.items()
        if chance.random() < 0.97 and name not in skipped
    }
    evidence = {
        name: Files(chance.choice((1, 1, 2)), chance.choice((0, 1)) if ruled else 0)
        for name in rubric.criteria
        if chance.random() < 0.5 + quality / 2
    }
    facts = {
        "kinds": tuple(sorted(chance.sample(KINDS, chance.choice((1, 1, 2, 3))))),
        "submission_date": ON,
        **{name: "yes" if chance.random() < 0.5 + quality / 2 else "no" for name in TRUTHS},
    }
    rulings = {name: _ruling(chance) for name in rubric.criteria if ruled and chance.random() < 0.8}
    return Subject(facts, given, evidence, rulings, skipped, name)  # type: ignore[arg-type]


def _value(answer: Answer, chance: random.Random, quality: float) -> object:
    if answer.type == "number":
        return chance.randrange(1000)
    if answer.type == "date":
        return ON - timedelta(days=chance.randrange(1200))
    if answer.type == "given":
        return f"https://company.example/{chance.randrange(10**6)}"
    options = list(answer.options)
    if answer.type == "choices":
        alone = [option for option in options if option not in answer.exclusive]
        return tuple(sorted(chance.sample(alone, chance.randint(1, len(alone)))))
    # Options stand from the best to the poorest.
    return options[0] if chance.random() < quality else chance.choice(options)


def _ruling(chance: random.Random) -> Ruling:
    verdict = chance.choices(("confirm", "not_supported", None), (8, 1, 1))[0]
    na = chance.choice((None, "accepted", "refused"))
    return Ruling(verdict, evidence=chance.choice(("accepted", "accepted", "refused", None)), not_applicable=na)  # type: ignore[arg-type]
