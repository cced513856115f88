"""Companies of each kind that answer in one manner throughout."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from questionnaires import Edition, Facts, Question, Reply
from questionnaires.answers import GIVEN, Value
from questionnaires.asking import asked
from scoring import Files

TODAY = date(2026, 11, 20)
LAST_MONTH, TWO_YEARS_AGO = date(2026, 10, 1), date(2025, 1, 15)

FEATURES: Mapping[str, tuple[str, ...]] = {
    "isp": ("connect",),
    "mobile_operator": ("connect", "buy"),
    "hosting": ("store",),
    "platform": ("post", "message", "livestream", "watch", "ads"),
    "app_developer": ("message", "buy"),
    "content_producer": ("watch", "play", "buy"),
    "internet_cafe": ("public_access",),
}
"""What people can do with a typical company of each kind."""

Manner = Callable[[Question], Value | None]


def facts(*kinds: str, **more: bool) -> Facts:
    """A company with nothing in its way: the visit passed, a plan given."""
    plain = Facts(
        frozenset(kinds), TODAY, workers=40, improvement_plan_given=True, verification_visit_or_call_passed=True
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def answers(
    edition: Edition, company: Facts, manner: Manner, features: tuple[str, ...] | None = None, users: str = "likely"
) -> dict[str, Reply]:
    """Every asked question answered in this manner, in order, as what is asked unfolds."""
    wanted = features or {feature for kind in company.kinds for feature in FEATURES[kind]}
    options = edition.question("prof_features").options
    chosen = tuple(option.value for option in options if option.value in wanted)
    given: dict[str, Reply] = {"prof_features": Reply(chosen), "prof_child_users": Reply(users)}
    for question in edition.questions:
        if question.id not in given and question in asked(edition, company, given):
            value = manner(question) if question.scored else _unscored(question)
            given[question.id] = Reply(value)
    return given


def _unscored(question: Question) -> Value:
    return 3 if question.kind == "number" else "All our services, brands and places in Cambodia"


def worst(question: Question) -> Value | None:
    """The option with the fewest points; nothing given where giving something earns."""
    if question.rule is None or not question.rule.points:
        return None
    poorest = min(question.rule.points, key=question.rule.points.__getitem__)
    return (poorest,) if question.kind == "multiple_choice" else poorest


def best(question: Question) -> Value | None:
    """All that good looks like."""
    if question.kind == "multiple_choice":
        return tuple(option.value for option in question.good)
    if question.kind == "date":
        return LAST_MONTH
    return question.good[0].value if question.good else GIVEN if question.kind == "file" else "https://example.com.kh"


def middle(question: Question) -> Value | None:
    """Partly, or the option nearest to half the points (of two, the poorer); of several measures, two of five."""
    if question.kind == "multiple_choice":
        return tuple(option.value for option in question.good)[: len(question.good) // 2]
    if question.kind == "date":
        return TWO_YEARS_AGO
    if question.rule is None or not question.rule.points:
        return best(question)
    half = Fraction(5)
    earned = question.rule.points
    return min(earned, key=lambda value: (abs(earned[value] - half), earned[value]))


def only_essentials(edition: Edition, otherwise: Manner) -> Manner:
    """Each essential at the lowest answer that meets it, all else in another manner."""

    def answer(question: Question) -> Value | None:
        essential = edition.rubric.criteria[question.id].essential
        if essential is None:
            return otherwise(question)
        if question.rule is None or not question.rule.points:
            return best(question)
        return min(essential.demand.met_by or (), key=question.rule.points.__getitem__)

    return answer


def all_evidence(edition: Edition) -> dict[str, Files]:
    """As if every file asked for had been given: for an estimate before there is any evidence."""
    wanted = (question for question in edition.questions if question.evidence.required)
    return {question.id: Files(given=question.evidence.min_files) for question in wanted}
