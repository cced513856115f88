"""What a ruling would do, in the few words that fit beside it."""

from dataclasses import dataclass

from compliance.actions import weighing
from compliance.actions.weighing import Effect, Weighing
from compliance.journeys import scorecard_view
from compliance.journeys.language import gettext as _
from questionnaires import Lang
from questionnaires.answers import Value


@dataclass(frozen=True)
class Told:
    """`points` are the section's, before and after where they differ; empty where it has none. `level` is its id."""

    points: str
    level: str | None
    lower: bool
    lost: bool
    """An essential that was met is met no more."""

    @property
    def brief(self) -> str:
        """For an option of a list, where there is room for text alone."""
        names = {
            "committed": _("Committed"), "bronze": _("Bronze"), "silver": _("Silver"), "gold": _("Gold"),
        }  # fmt: skip
        level = names.get(self.level or "", self.level or _("no award"))
        return " · ".join(part for part in (self.points, str(level)) if part)


def told(found: Effect, lang: Lang) -> Told:
    before, after = (scorecard_view.points(card, found.section, lang) for card in (found.before, found.after))
    both = before if before == after else f"{before} → {after}"
    return Told("" if "–" in (before, after) else both, found.levels[1], found.lower, found.essential)


def confirmed(weighed: Weighing, lang: Lang) -> Told:
    return told(weighed.unchanged, lang)


def refused(weighed: Weighing, lang: Lang) -> Told:
    return told(weighed.effect(weighing.refused(weighed.question.id)), lang)


def adjusted(weighed: Weighing, value: Value, lang: Lang) -> Told:
    return told(weighed.effect(weighing.adjusted(weighed.question.id, value)), lang)


def options(weighed: Weighing, lang: Lang) -> dict[str, Told]:
    """Of each single option that is not the one claimed, in the question's order."""
    question = weighed.question
    reply = weighed.found.snapshot.replies.get(question.id)
    claimed = reply.value if reply is not None and not reply.not_applicable else None
    values = [option.value for option in question.options] if question.kind != "multiple_choice" else []
    return {value: adjusted(weighed, value, lang) for value in values if value != claimed}
