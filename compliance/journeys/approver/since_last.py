"""What changed since the company's last cycle, as both were verified."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from compliance import clock
from compliance.actions.last_cycle import LastCycle
from compliance.actions.under_review import UnderReview
from compliance.journeys.answer_text import answer_text
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.store.reviews import Judged, Verdict
from questionnaires import Edition, Question, Reply
from questionnaires.answers import load
from scoring import Scorecard


@dataclass(frozen=True)
class Change:
    """One question; `way` is up, down, same (another answer, as many points), new or gone."""

    question: Question
    before: str
    after: str
    way: str


@dataclass(frozen=True)
class Since:
    """All changes, and how many went which way; `year` is that of the last decision."""

    changes: list[Change]
    count: Mapping[str, int]
    year: int
    same: int


def since_last(read: UnderReview, before: LastCycle | None) -> Since | None:
    """None for a first cycle."""
    if before is None or before.assessment.decided_at is None:
        return None
    shared = [one for one in read.to_rule if one in before.snapshot.asked]
    found = [change for one in shared if (change := _changed(read, before, one)) is not None]
    found += [_alone(read.edition, read.snapshot.replies, one, "new") for one in read.to_rule if one not in shared]
    gone = [one for one in before.snapshot.asked if one not in read.to_rule]
    found += [_alone(before.edition, before.snapshot.replies, one, "gone") for one in gone]
    ways = Counter(change.way for change in found)
    same = len(shared) - sum(ways[way] for way in ("up", "down", "same"))
    year = clock.day_of(before.assessment.decided_at).year
    return Since(sorted(found, key=lambda one: _ORDER.index(one.way)), ways, year, same)


_ORDER = ("down", "new", "gone", "up", "same")


def _changed(read: UnderReview, before: LastCycle, name: str) -> Change | None:
    old, new = before.edition.question(name), read.edition.question(name)
    was = _found(old, before.snapshot.replies.get(name), before.rulings.get(name))
    now = _found(new, read.snapshot.replies.get(name), read.rulings.get(name))
    points = [_points(card, name) for card in (before.verified, read.verified)]
    if was == now and points[0] == points[1]:
        return None
    return Change(new, was, now, "same" if points[0] == points[1] else "up" if points[0] < points[1] else "down")


def _points(card: Scorecard, name: str) -> Fraction:
    """The share of its points that a question got, 0 to 1; only to say which of two is more."""
    finding = card.findings.get(name)
    if finding is None or finding.points is None or not finding.attainable:
        return Fraction(0)
    return finding.points / finding.attainable


def _found(question: Question, reply: Reply | None, ruling: Judged | None) -> str:
    """An answer as it was verified."""
    if ruling is not None and ruling.verdict is Verdict.NOT_SUPPORTED:
        return _("Not supported")
    if ruling is not None and ruling.verdict is Verdict.ADJUST:
        reply = Reply(load(question, ruling.adjusted))
    return answer_text(question, reply, current_language())


def _alone(edition: Edition, replies: Mapping[str, Reply], name: str, way: str) -> Change:
    question = edition.question(name)
    said = answer_text(question, replies.get(name), current_language())
    return Change(question, *(("–", said) if way == "new" else (said, "–")), way)
