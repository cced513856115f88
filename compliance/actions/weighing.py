"""What a ruling would do to section and level, while all that is not ruled counts as claimed."""

from dataclasses import dataclass
from functools import lru_cache

from compliance.actions.scorecards import READ_SUBMISSIONS, snapshot_from
from compliance.actions.under_review import UnderReview, as_claimed
from compliance.store.assessments import Assessment, Submission
from compliance.store.reviews import Ruling, Verdict
from questionnaires import Question, catalogue
from questionnaires.answers import Value, dump
from scoring import Scorecard

AWARD = "award"


@dataclass(frozen=True)
class Effect:
    """`before` is the card with the claim as it stands, `after` with the ruling."""

    section: str
    before: Scorecard
    after: Scorecard
    essential: bool
    """An essential that was met is met no more."""

    @property
    def levels(self) -> tuple[str | None, str | None]:
        return self.before.levels[AWARD].reached, self.after.levels[AWARD].reached

    @property
    def lower(self) -> bool:
        """Whether the level falls."""
        rungs = [rung.id for rung in self.after.rubric.levels[AWARD].rungs]
        places = [rungs.index(level) if level in rungs else -1 for level in self.levels]
        return places[1] < places[0]


@dataclass(frozen=True)
class Weighing:
    """One answer whose rulings are weighed; `before` is the card with the claim as it stands."""

    found: UnderReview
    question: Question
    before: Scorecard

    def effect(self, ruling: Ruling) -> Effect:
        after = self.found.so_far_with({self.question.id: ruling})
        lost = _met(self.before, self.question.id) and not _met(after, self.question.id)
        return Effect(self.question.section, self.before, after, lost)

    @property
    def unchanged(self) -> Effect:
        """Of the ruling that the claim stands."""
        return Effect(self.question.section, self.before, self.before, essential=False)


def weigh(found: UnderReview, question: Question) -> Weighing:
    """A claim that nobody ruled, and that counts as it reads, stands in the score so far."""
    meant = any(option.counts_as_until_confirmed for option in question.options)
    if question.id not in found.rulings and not meant:
        return Weighing(found, question, found.so_far)
    return Weighing(found, question, found.so_far_with({question.id: as_claimed(question.id)}))


def refused(question: str) -> Ruling:
    """The ruling that nothing supports the answer."""
    return Ruling(question=question, verdict=Verdict.NOT_SUPPORTED, reason="other")


def adjusted(question: str, value: Value) -> Ruling:
    """The ruling that the evidence supports another answer."""
    return Ruling(
        question=question, verdict=Verdict.ADJUST, adjusted=dump(value), evidence_accepted=True, na_accepted=False
    )


def _met(card: Scorecard, question: str) -> bool:
    return question in card.essentials and card.essentials[question].outcome == "pass"


def deciding(found: UnderReview) -> frozenset[str]:
    """The answers of which each alone, if nothing supported it, would change the level that is claimed."""
    return _deciding(found.submission.content, tuple(sorted(found.noted.items())))


@lru_cache(maxsize=READ_SUBMISSIONS)
def _deciding(content: str, noted: tuple[tuple[str, bool], ...]) -> frozenset[str]:
    """What is frozen never changes, and some sixty scorecards take a tenth of a second."""
    submission = Submission(id=0, round=0, digest="", content=content)
    found = snapshot_from(submission)
    claimed = UnderReview(Assessment(), catalogue.edition(found.content["edition"]), submission, found, {}, dict(noted))
    level = claimed.so_far.levels[AWARD].reached
    return frozenset(
        question
        for question in found.asked
        if claimed.so_far_with({question: refused(question)}).levels[AWARD].reached != level
    )
