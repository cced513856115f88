"""Which questions a company is asked, what still blocks submission, and how far it has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from questionnaires.answers import Reply, check_reply
from questionnaires.asked_state import NOTHING, View, view
from questionnaires.consistency import Issue, inconsistent
from questionnaires.errors import AnswerError
from questionnaires.facts import Facts
from questionnaires.messages import message
from questionnaires.model import Edition, Question
from questionnaires.text import Text


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one section is; ``figures_left`` are wanted but do not block submission.

    ``to_confirm`` were answered earlier, and do not count as answered until somebody confirms them.
    """

    section: str
    asked: int
    answered: int
    left: int
    figures_left: int
    to_confirm: int = 0

    @property
    def complete(self) -> bool:
        return self.left == 0 and self.to_confirm == 0


def asked(
    edition: Edition, facts: Facts, replies: Mapping[str, Reply], *, confirmed: Collection[str] = ()
) -> tuple[Question, ...]:
    """The questions asked, in order. An answer to a question that is not asked decides nothing.

    ``confirmed`` are the questions whose answer a reviewer has confirmed: an option that counts as another until then
    ("only adults") counts as itself.
    """
    return view(edition, facts, replies, confirmed).questions


def outstanding(found: View) -> tuple[Issue, ...]:
    """All that blocks submission, in the order of the questions."""
    issues = [issue for question in found.questions for issue in _blocking(found, question)]
    issues += [issue for issue in inconsistent(found.edition, found) if issue.severity == "error"]
    return _in_order(found.edition, issues)


def warnings(found: View, *, files: Mapping[str, int] | None = None) -> tuple[Issue, ...]:
    """What an officer should look at again; none of it blocks. ``files`` counts the evidence given by question."""
    edition, questions, replies = found.edition, found.questions, found.replies
    issues = [issue for issue in inconsistent(edition, found) if issue.severity != "error"]
    figures = [question for question in questions if is_figure(edition, question) and not _answered(replies, question)]
    issues += [_issue(question, "figure_missing", "warning", levels=_levels(edition, question)) for question in figures]
    issues += _often_not_applicable(edition, questions, replies)
    if files is not None:
        bare = [question for question in questions if lacks_evidence(question, replies, files)]
        issues += [_issue(question, "evidence_missing", "warning") for question in bare]
    return _in_order(edition, issues)


def progress(found: View, *, unconfirmed: Collection[str] = ()) -> tuple[Progress, ...]:
    """One entry for each section in which any question is asked. ``unconfirmed``: the questions whose answer comes
    from an earlier assessment and waits.
    """
    parts = []
    for section in found.edition.sections:
        here = [question for question in found.questions if question.section == section.id]
        open_ones = [question for question in here if not _answered(found.replies, question)]
        figures = sum(is_figure(found.edition, question) for question in open_ones)
        if here:
            waiting = sum(question.id in unconfirmed for question in here if question not in open_ones)
            done = len(here) - len(open_ones) - waiting
            parts.append(Progress(section.id, len(here), done, len(open_ones) - figures, figures, waiting))
    return tuple(parts)


def is_figure(edition: Edition, question: Question) -> bool:
    """A figure for national totals: wanted for some levels, never blocking."""
    return edition.section(question.section).statistics is not None


def _answered(replies: Mapping[str, Reply], question: Question) -> bool:
    reply = replies.get(question.id, NOTHING)
    return reply.not_applicable or reply.value is not None


def _blocking(found: View, question: Question) -> list[Issue]:
    reply = found.replies.get(question.id, NOTHING)
    try:
        check_reply(question, reply, least=found.edition.rules.not_applicable.justification_min_length)
    except AnswerError as error:
        return [Issue(error.code, "error", question.section, question.id, error.message)]
    if not _answered(found.replies, question):
        return [] if is_figure(found.edition, question) else [_issue(question, "unanswered", "error")]
    late = isinstance(reply.value, date) and reply.value > found.facts.submission_date
    if late and not reply.not_applicable and question.date is not None and not question.date.future:
        return [_issue(question, "date_in_future", "error")]
    return []


def lacks_evidence(question: Question, replies: Mapping[str, Reply], files: Mapping[str, int]) -> bool:
    """Whether an answer asks for evidence that it does not have; one that earns nothing needs none."""
    reply = replies.get(question.id, NOTHING)
    if not question.evidence.required or reply.not_applicable or reply.value is None:
        return False
    worth = question.rule is None or not isinstance(reply.value, str) or question.rule.points.get(reply.value) != 0
    return worth and files.get(question.id, 0) < question.evidence.min_files


def _often_not_applicable(
    edition: Edition, questions: tuple[Question, ...], replies: Mapping[str, Reply]
) -> list[Issue]:
    found = []
    for section in edition.sections:
        here = [question for question in questions if question.section == section.id and question.scored]
        claims = sum(replies.get(question.id, NOTHING).not_applicable for question in here)
        if here and Fraction(claims, len(here)) > Fraction(edition.rules.not_applicable.flag_when_section_share_over):
            words = message("many_not_applicable", section=section.title)
            found.append(Issue("many_not_applicable", "warning", section.id, None, words))
    return found


def _levels(edition: Edition, question: Question) -> Text:
    statistics = edition.section(question.section).statistics
    titles = [edition.level(level).title for level in statistics.required_for_levels] if statistics else []
    return Text(km=" និង ".join(title.km for title in titles), en=" and ".join(title.en for title in titles))


def _issue(question: Question, code: str, severity: str, **values: Text | str | int) -> Issue:
    return Issue(code, severity, question.section, question.id, message(code, **values))


def _in_order(edition: Edition, issues: list[Issue]) -> tuple[Issue, ...]:
    order = {question.id: place for place, question in enumerate(edition.questions)}
    first = {section.id: order[section.questions[0].id] for section in edition.sections}
    return tuple(sorted(issues, key=lambda issue: order.get(issue.question or "", first[issue.section])))
