"""What a ruling would do, in the few words that fit beside it."""

from dataclasses import dataclass

from compliance.actions import weighing
from compliance.actions.under_review import UnderReview, as_claimed
from compliance.actions.weighing import Effect, effect
from compliance.journeys import scorecard_view
from compliance.journeys.language import gettext as _
from questionnaires import Lang, Question
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


def confirmed(found: UnderReview, question: Question, lang: Lang) -> Told:
    return told(effect(found, question, as_claimed(question.id)), lang)


def refused(found: UnderReview, question: Question, lang: Lang) -> Told:
    return told(effect(found, question, weighing.refused(question.id)), lang)


def adjusted(found: UnderReview, question: Question, value: Value, lang: Lang) -> Told:
    return told(effect(found, question, weighing.adjusted(question.id, value)), lang)


def options(found: UnderReview, question: Question, lang: Lang) -> dict[str, Told]:
    """Of each single option that is not the one claimed, in the question's order."""
    reply = found.snapshot.replies.get(question.id)
    claimed = reply.value if reply is not None and not reply.not_applicable else None
    values = [option.value for option in question.options] if question.kind != "multiple_choice" else []
    return {value: adjusted(found, question, value, lang) for value in values if value != claimed}
