"""The letter about a decision, drafted from the rulings in both languages; the approver edits it before it goes."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from compliance.actions.covering import left_out
from compliance.actions.deciding import Letter
from compliance.domain.khmer_order import has_khmer
from compliance.journeys import scorecard_view
from compliance.journeys.language import gettext as _
from compliance.journeys.language import km_digits, speaking
from compliance.journeys.officer import decision_view
from compliance.journeys.officer.decision_view import Came, Decided, Point
from compliance.journeys.officer.words import reader
from compliance.store.assessments import Assessment
from compliance.store.reviews import Deciding, Decision, Recommendation
from questionnaires import Lang

MOST_LACKING = 5


def drafted(session: Session, assessment: Assessment, recommendation: Recommendation, act: Deciding) -> Letter:
    """What the company would be told of this decision, if it were taken now."""
    found = decision_view.decided(session, assessment, Decision(act=act, recommendation_id=recommendation.id))
    out = left_out(assessment.company, recommendation.brands)
    return Letter(_text(found, out, "km"), _text(found, out, "en"))


def _text(found: Decided, out: Sequence[str], lang: Lang) -> str:
    with speaking(lang):
        return "\n\n".join(_paragraphs(found, out))


def _covering(said: Recommendation, out: Sequence[str]) -> Iterator[str]:
    scope, beside = (said.scope_km, said.not_covered_km) if reader() == "km" else (said.scope_en, said.not_covered_en)
    yield _("The award covers: %(scope)s", scope=_with_names(scope, said.brands))
    if beside or out:
        yield _("The award does not cover: %(what)s", what=_with_names(beside, out))


def _with_names(words: str, names: Sequence[str]) -> str:
    return " – ".join(one for one in (words, " · ".join(names)) if one)


def _paragraphs(found: Decided, out: Sequence[str]) -> Iterator[str]:
    """`out` are names of the company's that an award would not cover."""
    company, points = (
        found.snapshot.content["company"],
        [one for part in decision_view.parts(found) for one in part.changed],
    )
    yield _("To %(company)s", company=company["name_km" if reader() == "km" else "name_latin"])
    yield _(
        "The Ministry has read the %(count)s answers of your self-assessment and their evidence. %(result)s",
        count=km_digits(len(decision_view.ruled(found))),
        result=_result(found),
    )
    if found.came is not Came.AS_CLAIMED:
        yield _claim(found)
    if found.decision.act is Deciding.APPROVE:
        yield from _covering(found.recommendation, out)
    yield "\n".join(_differing(points))
    if found.came in {Came.LOWER, Came.REFUSED} and (lacking := decision_view.held_back(found)):
        yield "\n".join([_("What was missing:"), *(f"– {one}" for one in lacking[:MOST_LACKING])])
    yield _("The result point by point, and this letter, stand in the portal on the page of the decision.")


def _result(found: Decided) -> str:
    if found.decision.act is Deciding.REFUSE or found.level is None:
        return _("It cannot give an award at this time.")
    level = found.edition.level(found.level)
    months = km_digits(level.validity_months)
    return _("It grants: %(award)s, for %(months)s months.", award=level.public_name[reader()], months=months)


def _claim(found: Decided) -> str:
    claimed = found.claimed.levels[scorecard_view.AWARD].reached
    level = found.edition.level(claimed).title[reader()] if claimed else _("No level yet")
    before, after = (scorecard_view.total(card, reader()) for card in (found.claimed, found.verified))
    return _(
        "You claimed: %(level)s, %(before)s points. Verified: %(after)s points.",
        level=level,
        before=before,
        after=after,
    )


def _differing(points: list[Point]) -> list[str]:
    """What came out otherwise, a line each; a sentence when nothing did."""
    if not points:
        return [_("Every answer stands as you gave it.")]
    lines = [f"{km_digits(number)}. {_line(point)}" for number, point in enumerate(points, start=1)]
    return [_("These answers came out otherwise than you claimed:"), *lines]


def _line(point: Point) -> str:
    title = point.question.title[reader()]
    said = _("%(question)s: you answered “%(answer)s”.", question=title, answer=point.said)
    found = _("Found: %(answer)s.", answer=point.became) if point.became else ""
    reasons = [text.rstrip("។.") + ("។" if reader() == "km" else ".") for text in point.reasons]
    return " ".join(text for text in (said, found, *reasons, _noted(point.note)) if text)


def _noted(note: str) -> str:
    """The reviewer's note; in the letter of the other language it is quoted as what it is."""
    if not note or tongue(note) == reader():
        return note
    if reader() == "km":
        return _("The reviewer wrote in English: “%(note)s”", note=note)
    return _("The reviewer wrote in Khmer: “%(note)s”", note=note)


def tongue(text: str) -> Lang:
    """The language a note is in: Khmer when it has a letter of it."""
    return "km" if has_khmer(text) else "en"


def notes_in_one_tongue(session: Session, assessment: Assessment, recommendation: Recommendation) -> int:
    """How many notes the draft quotes in a language that is not the letter's own."""
    decision = Decision(act=Deciding.APPROVE, recommendation_id=recommendation.id)
    found = decision_view.decided(session, assessment, decision)
    return sum(bool(point.note) for part in decision_view.parts(found) for point in part.changed)
