"""How a fictional company answers: every asked question, in its manner."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction

from compliance.cli.demonstration.cast import Manner, Player
from compliance.cli.demonstration.variety import varied
from questionnaires import Edition, Facts, Question, Reply
from questionnaires.answers import GIVEN, Value
from questionnaires.asking import asked

FEATURES: Mapping[str, tuple[str, ...]] = {
    "isp": ("connect",),
    "mobile_operator": ("connect", "buy"),
    "hosting": ("store",),
    "platform": ("post", "message", "livestream", "watch", "ads"),
    "app_developer": ("message", "buy"),
    "content_producer": ("play", "watch", "buy"),
    "internet_cafe": ("public_access",),
}
AGES: Mapping[Manner, int] = {"best": 90, "good": 200, "middle": 500, "essentials": 900, "poor": 1400}
FIGURES = {"stat_csam_reports": 14, "stat_csam_referred": 9, "stat_lea_received": 6, "stat_lea_answered": 6}


def answers(player: Player, edition: Edition, facts: Facts) -> Iterator[tuple[Question, Reply]]:
    """Question by question, as what is asked unfolds."""
    given: dict[str, Reply] = {}
    answered: set[str] = set()
    while True:
        waiting = [question for question in asked(edition, facts, given) if question.id not in answered]
        if not waiting:
            return
        question = waiting[0]
        answered.add(question.id)
        given[question.id] = Reply(value_for(question, player, facts.submission_date), comment=_comment(question))
        yield question, given[question.id]


def _comment(question: Question) -> str:
    return "ក្រុមការងារពិនិត្យឡើងវិញរៀងរាល់ត្រីមាស។" if question.id == "gov_leadership_review" else ""


def value_for(question: Question, player: Player, today: date) -> Value | None:
    """One answer in the player's manner."""
    plain: dict[str, Value] = {
        "prof_scope": f"{player.scope_km} ({player.scope_en})",
        "prof_features": tuple(
            option.value for option in question.options if any(option.value in FEATURES[kind] for kind in player.kinds)
        ),
        "prof_child_users": "likely",
        "gov_policy_public": "https://policy.example/child-protection",
    }
    if question.id in plain:
        return plain[question.id]
    if question.kind == "date":
        return today - timedelta(days=AGES[player.manner])
    if question.kind == "file":
        return GIVEN
    if player.variety:
        return varied(question, player)
    if question.kind == "number":
        return None if player.manner in {"essentials", "poor"} else FIGURES.get(question.id, 48)
    return _choice(question, player.manner)


def _choice(question: Question, manner: Manner) -> Value:
    points = question.rule.points if question.rule else {option.value: Fraction(0) for option in question.options}
    order = sorted(points, key=lambda option: -points[option])
    if question.kind == "multiple_choice":
        earning = tuple(option.value for option in question.options if points[option.value] > 0)
        counts = {"best": len(earning), "good": len(earning) - 1, "middle": 3, "essentials": 1, "poor": 1}
        return earning[: max(1, counts[manner])]
    if manner == "best" or (manner != "poor" and question.essential):
        return order[0]
    if manner == "good":
        return order[0] if question.kind == "yes_partial_no" else order[min(1, len(order) - 1)]
    if manner == "middle":
        return order[min(1, len(order) - 1)]
    return order[-1]
