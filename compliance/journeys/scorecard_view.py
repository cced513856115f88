"""Scorecards as pages show them: bars by section, what holds the level, the because of every answer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from compliance.journeys.language import show_number
from questionnaires import Edition, Lang
from scoring import Scorecard
from scoring.rubric import Scale

AWARD = "award"


@dataclass(frozen=True)
class Held:
    """One demand of the next level that is not met, in words."""

    text: str
    section: str


def scale(code: Edition) -> Scale:
    """The ladder of the award."""
    return code.rubric.levels[AWARD]


def overall(card: Scorecard) -> Fraction | None:
    """The exact total; shown with one decimal, compared as it is."""
    top = card.nodes[str(scale_of(card).of)]
    return top.value


def scale_of(card: Scorecard) -> Scale:
    """The award's ladder of the rubric a scorecard was made with."""
    return card.rubric.levels[AWARD]


def aimed(card: Scorecard) -> str:
    """The level that minimum markers speak of: the next one, or the one reached at the top."""
    level = card.levels[AWARD]
    return level.next or level.reached or scale_of(card).rungs[-1].id


def minimum(code: Edition, level: str, section: str) -> Fraction | None:
    """The least a section must reach for a level; None when the level asks none."""
    rung = next(rung for rung in scale(code).rungs if rung.id == level)
    if rung.each_section is None:
        return None
    edge = rung.each_section.exceptions.get(section, rung.each_section.edge)
    return edge.number if edge is not None and edge.number > 0 else None


def section_bars(code: Edition, card: Scorecard, lang: Lang) -> list[dict[str, Any]]:
    """One bar a scored section with a result, against the minimum of the level aimed at."""
    level = aimed(card)
    bars = []
    for section in code.sections:
        node = card.nodes.get(section.id)
        if not section.scored or node is None or node.value is None:
            continue
        least = minimum(code, level, section.id)
        bars.append(
            {
                "id": section.id,
                "label": section.title[lang],
                "value": one_decimal(node.value),
                "minimum": least and int(least),
                "need": need(node.value, least, lang),
            }
        )
    return bars


def pair_bars(
    code: Edition, claimed: Scorecard, verified: Scorecard, lang: Lang, waiting: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Claimed and verified side by side, against the minimum of the level that is claimed.

    While a section has `waiting` questions, without a ruling yet, it is too early to say that it lacks points.
    """
    level = claimed.levels[AWARD].reached or aimed(claimed)
    open_sections = {code.question(question).section for question in waiting}
    bars = []
    for section in code.sections:
        node, checked = claimed.nodes.get(section.id), verified.nodes.get(section.id)
        if not section.scored or node is None or node.value is None:
            continue
        least = minimum(code, level, section.id)
        found = checked.value if checked is not None else None
        bars.append(
            {
                "label": section.title[lang],
                "claimed": one_decimal(node.value),
                "verified": None if found is None else one_decimal(found),
                "minimum": least and int(least),
                "need": "" if found is None or section.id in open_sections else need(found, least, lang),
            }
        )
    return bars


def need(value: Fraction, least: Fraction | None, lang: Lang) -> str:
    """What a section lacks, in words; empty when nothing."""
    if least is None or value >= least:
        return ""
    missing = show_number(one_decimal(least - value), lang, digits=1)
    told = _("%(points)s points below the minimum of %(least)s", points=missing, least=show_number(int(least), lang))
    return str(told)


def one_decimal(value: Fraction) -> float:
    """Rounded half up to one decimal, for showing only."""
    return float(Fraction(int(value * 10 + Fraction(1, 2)), 10)) if value >= 0 else -one_decimal(-value)


def stopping(card: Scorecard, lang: Lang) -> list[str]:
    """What stops the next level, each in a sentence; a sentence said twice is shown once."""
    return list(dict.fromkeys(condition.because(lang) for condition in card.levels[AWARD].stopping))


def deciding_order(code: Edition, card: Scorecard, asked: tuple[str, ...]) -> list[str]:
    """Questions in the order a reviewer should read them: essentials, then level gates, then by weight."""
    gates = {gate for rung in scale(code).rungs for gate in rung.gates}

    def weight(question: str) -> Fraction:
        rule = code.question(question).rule
        section = code.section(code.question(question).section)
        return rule.weight * (section.weight or 0) if rule is not None else Fraction(-1)

    def rank(question: str) -> tuple[int, Fraction, int]:
        applies = question in card.essentials and card.essentials[question].outcome != "does_not_apply"
        first = 0 if applies else 1 if question in gates else 2
        return first, -weight(question), asked.index(question)

    return sorted(asked, key=rank)


def decides(code: Edition, card: Scorecard, question: str) -> str:
    """Why a question decides the level: `essential`, `gate` or nothing."""
    if question in card.essentials and card.essentials[question].outcome != "does_not_apply":
        return "essential"
    return "gate" if any(question in rung.gates for rung in scale(code).rungs) else ""


def becauses(card: Scorecard, lang: Lang) -> Mapping[str, str]:
    """The because of every criterion."""
    return {name: finding.because(lang) for name, finding in card.findings.items()}
