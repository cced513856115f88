"""Scorecards as pages show them: bars by section, what holds the level, the because of every answer."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction

from compliance.journeys.language import gettext as _
from compliance.journeys.language import in_points, show_gap, show_limit, show_points
from questionnaires import Edition, Lang
from scoring import Scorecard
from scoring.limits import limits
from scoring.numbers import mark
from scoring.rubric import Rubric, Scale

AWARD = "award"


@dataclass(frozen=True)
class Held:
    """One demand of the next level that is not met, in words."""

    text: str
    section: str


def scale(edition: Edition) -> Scale:
    """The ladder of the award."""
    return edition.rubric.levels[AWARD]


def points(card: Scorecard, node: str, lang: Lang) -> str:
    """A node's points as pages show them; a dash without a result."""
    return shown(card.rubric, node, card.nodes[node].value if node in card.nodes else None, lang)


def shown(rubric: Rubric, node: str, value: Fraction | None, lang: Lang) -> str:
    return "–" if value is None else show_points(value, lang, *limits(rubric, node))


def total(card: Scorecard, lang: Lang) -> str:
    return points(card, str(scale_of(card).of), lang)


def scale_of(card: Scorecard) -> Scale:
    """The award's ladder of the rubric a scorecard was made with."""
    return card.rubric.levels[AWARD]


@dataclass(frozen=True)
class Ruler:
    """Where a total stands among the levels, 0 to 100; `levels` are (level, mark, its limit in words)."""

    mark: int
    shown: str
    levels: tuple[tuple[str, int, str], ...]


def ruler(card: Scorecard, lang: Lang) -> Ruler:
    """A level without a total stands nowhere on it."""
    ladder = scale_of(card)
    edges = {rung.id: rung.total.number for rung in ladder.rungs if rung.total is not None}
    value = card.nodes[str(ladder.of)].value or Fraction(0)
    levels = tuple((level, mark(edge), show_limit(edge, lang)) for level, edge in edges.items())
    return Ruler(mark(value, *edges.values()), total(card, lang), levels)


def aimed(card: Scorecard) -> str:
    """The level that minimum markers speak of: the next one, or the one reached at the top."""
    level = card.levels[AWARD]
    return level.next or level.reached or scale_of(card).rungs[-1].id


def minimum(edition: Edition, level: str, section: str) -> Fraction | None:
    """The least a section must reach for a level; None when the level asks none."""
    rung = next(rung for rung in scale(edition).rungs if rung.id == level)
    if rung.each_section is None:
        return None
    edge = rung.each_section.of(section)
    return edge.number if edge is not None and edge.number > 0 else None


@dataclass(frozen=True)
class Bar:
    """A section's points in words and as the width of a bar, 0 to 100, with the marker of its minimum.

    `claimed` and its width stand beside what is verified; `low`: below the minimum, which `need` says in words.
    """

    id: str
    label: str
    shown: str
    width: int
    marker: int | None
    low: bool
    need: str
    claimed: str = ""
    claimed_width: int = 0


def section_bars(edition: Edition, card: Scorecard, lang: Lang) -> list[Bar]:
    """One bar a scored section with a result, against the minimum of the level aimed at."""
    level = aimed(card)
    return [_bar(edition, card, section, level, lang) for section in _scored(edition, card)]


def paired_level(claimed: Scorecard) -> str:
    """The level whose minimums stand beside claimed and verified points: the one claimed, else the one aimed at."""
    return claimed.levels[AWARD].reached or aimed(claimed)


def pair_bars(
    edition: Edition, claimed: Scorecard, verified: Scorecard, lang: Lang, waiting: Collection[str] = ()
) -> list[Bar]:
    """Claimed and verified side by side, against the minimum of the level that is claimed.

    While a section has `waiting` questions, without a ruling yet, it is too early to say that it lacks points.
    """
    level = paired_level(claimed)
    open_sections = {edition.question(question).section for question in waiting}
    bars = []
    for section in _scored(edition, claimed):
        above, below = _bar(edition, claimed, section, level, lang), _bar(edition, verified, section, level, lang)
        need = "" if section in open_sections else below.need
        bars.append(replace(below, need=need, claimed=above.shown, claimed_width=above.width))
    return bars


def _scored(edition: Edition, card: Scorecard) -> list[str]:
    nodes = {name for name, node in card.nodes.items() if node.value is not None}
    return [section.id for section in edition.sections if section.scored and section.id in nodes]


def _bar(edition: Edition, card: Scorecard, section: str, level: str, lang: Lang) -> Bar:
    least = minimum(edition, level, section)
    node = card.nodes.get(section)
    value = node.value if node is not None else None
    edges = () if least is None else (least,)
    return Bar(
        section,
        edition.section(section).title[lang],
        points(card, section, lang),
        mark(value or Fraction(0), *edges),
        mark(least) if least is not None else None,
        least is not None and (value or 0) < least,
        "" if value is None else need(value, least, lang, *limits(card.rubric, section)),
    )


def need(value: Fraction, least: Fraction | None, lang: Lang, *beside: Fraction) -> str:
    """What a section lacks, in words; empty when nothing."""
    if least is None or value >= least:
        return ""
    missing, limit = show_gap(value, least, lang, *beside), show_limit(least, lang)
    return str(_("%(points)s below the minimum of %(least)s", points=in_points(missing), least=limit))


def stopping(card: Scorecard, lang: Lang) -> list[str]:
    """What stops the next level, each in a sentence; a sentence said twice is shown once."""
    return list(dict.fromkeys(condition.because(lang) for condition in card.levels[AWARD].stopping))


def deciding_order(edition: Edition, card: Scorecard, asked: tuple[str, ...], first: Collection[str] = ()) -> list[str]:
    """Questions in the order a reviewer should read them: essentials, those that come `first`, then level gates, then
    by weight."""
    gates = {gate for rung in scale(edition).rungs for gate in rung.gates}

    def weight(question: str) -> Fraction:
        rule = edition.question(question).rule
        section = edition.section(edition.question(question).section)
        return rule.weight * (section.weight or 0) if rule is not None else Fraction(-1)

    def rank(question: str) -> tuple[int, Fraction, int]:
        applies = question in card.essentials and card.essentials[question].outcome != "does_not_apply"
        place = 0 if applies else 1 if question in first else 2 if question in gates else 3
        return place, -weight(question), asked.index(question)

    return sorted(asked, key=rank)


def decides(edition: Edition, card: Scorecard, question: str) -> str:
    """Why a question decides the level: `essential`, `gate` or nothing."""
    if question in card.essentials and card.essentials[question].outcome != "does_not_apply":
        return "essential"
    return "gate" if any(question in rung.gates for rung in scale(edition).rungs) else ""
