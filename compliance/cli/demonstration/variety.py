"""Answers and figures of one company's own: some questions are hard for everybody, and each company has its gaps."""

from random import Random
from zlib import crc32

from compliance.cli.demonstration.cast import Manner, Player
from questionnaires import Question
from questionnaires.answers import Value

SKILL: dict[Manner, float] = {"best": 1.2, "good": 1.0, "middle": 0.8, "essentials": 0.55, "poor": 0.4}
HARDEST = 0.55
"""How much less often the hardest question is answered at its best than the easiest."""
SECOND_BEST = 0.25


def varied(question: Question, player: Player) -> Value | None:
    """One answer: the better the company, and the easier the question, the more often the best one."""
    rng = Random(f"{player.variety} {question.id}")  # noqa: S311 (a play, not a secret)
    if question.kind == "number":
        told = player.manner not in {"essentials", "poor"} or player.variety % 5 < 2
        return figure(question.id, player) if told else None
    chance = SKILL[player.manner] - HARDEST * (crc32(question.id.encode()) % 100) / 100
    if question.kind == "multiple_choice":
        return _several(question, chance, rng)
    order = _best_first(question)
    if (question.essential and player.manner != "poor") or rng.random() < chance:
        return order[0]
    return order[min(1, len(order) - 1)] if rng.random() < SECOND_BEST else order[-1]


def _best_first(question: Question) -> list[str]:
    points = question.rule.points if question.rule else {}
    return sorted((option.value for option in question.options), key=lambda value: -points.get(value, 0))


def _several(question: Question, chance: float, rng: Random) -> Value:
    points = question.rule.points if question.rule else {}
    earning = [option.value for option in question.options if points.get(option.value, 0) > 0]
    chosen = tuple(value for value in earning if rng.random() < chance)
    return chosen or tuple(earning[:1])


def figure(question: str, player: Player) -> int:
    """What the company reports of a year; a part is never more than its whole."""
    rng = Random(f"{player.variety} figures")  # noqa: S311
    reports = rng.randint(1, 30) + player.workers // 20
    requests = rng.randint(1, 9) + player.workers // 60
    figures = {
        "stat_csam_reports": reports,
        "stat_csam_referred": round(reports * rng.uniform(0.5, 1)),
        "stat_takedown_median_hours": rng.randint(1, 72),
        "stat_lea_received": requests,
        "stat_lea_answered": round(requests * rng.uniform(0.7, 1)),
        "stat_staff_trained": max(1, round(player.workers * rng.uniform(0.3, 0.95))),
        "stat_awareness_reach": rng.randint(4, 60) * 25,
    }
    return figures.get(question, 48)
