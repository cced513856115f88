"""A draft edition as a company of any kind would meet it: asked, answered, scored; nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from compliance import clock
from compliance.actions.edition_drafts import edition_of
from compliance.domain.errors import NotFoundError
from compliance.journeys import scorecard_view
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.admin.edition_page import found_draft
from compliance.journeys.forms import PortalForm
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from questionnaires import Edition, Facts, Question, Reply, Section
from questionnaires.answers import GIVEN, typed_form
from questionnaires.asked_state import View, view
from questionnaires.because import asked_because
from questionnaires.forms import COMMENT, JUSTIFICATION, NOT_APPLICABLE, filled, form_class, read
from questionnaires.reaching import best_replies, every_feature
from questionnaires.scorable import subject
from scoring import Files, Scorecard, ScoringError, evaluate

KIND, SECTION, EVIDENCE, HAVE, BEST = "kind", "section", "evidence", "have-", "best"
MOST_SHOWN = 8


@dataclass(frozen=True)
class Tried:
    """What was typed so far: kinds, answers, whether evidence is taken as accepted; `wrong` cannot be read."""

    edition: Edition
    kinds: frozenset[str]
    replies: Mapping[str, Reply]
    evidence: bool
    form: Any

    @property
    def facts(self) -> Facts:
        """A company that has its plan and passed its visit: the page says so beside the score."""
        return Facts(
            kinds=self.kinds,
            submission_date=clock.today(),
            improvement_plan_given=True,
            verification_visit_or_call_passed=True,
        )

    @cached_property
    def found(self) -> View:
        return view(self.edition, self.facts, self.replies)

    @property
    def asked(self) -> tuple[Question, ...]:
        return self.found.questions

    @property
    def wrong(self) -> list[Question]:
        return [question for question in self.asked if question.id in self.form and self.form[question.id].errors]

    @property
    def answered(self) -> int:
        replies = (self.replies.get(question.id, Reply()) for question in self.asked)
        return sum(reply.value is not None or reply.not_applicable for reply in replies)

    def card(self) -> Scorecard | None:
        """The claimed score; None while the answers cannot be scored."""
        most = {question.id: Files(max(1, question.evidence.min_files)) for question in self.asked}
        given = subject(self.edition, self.facts, self.replies, files=most if self.evidence else {})
        try:
            return evaluate(self.edition.rubric, given, basis="claimed")
        except ScoringError:
            return None


@admin.route("/editions/drafts/<id:draft_id>/preview", methods=["GET", "POST"])
def preview_edition(draft_id: int) -> str:
    """First the kinds of company, then section by section what is asked, with the score beside."""
    draft = found_draft(draft_id)
    edition = edition_of(draft)
    if edition is None:
        raise NotFoundError
    sent = request.form
    kinds = frozenset(kind.id for kind in edition.kinds if kind.id in sent.getlist(KIND))
    unchosen = request.method == "POST" and not kinds
    if not kinds:
        return render_template("admin/edition_preview_kinds.html", draft=draft, edition=edition, unchosen=unchosen)
    tried = _best(edition, kinds) if BEST in sent else _typed(edition, kinds, sent)
    section = _section(tried, sent)
    return render_template(
        "admin/edition_preview.html",
        draft=draft,
        edition=edition,
        tried=tried,
        section=section,
        sections=[(one, _count(tried, one)) for one in edition.sections],
        parts=[_part(tried, question) for question in tried.asked if question.section == section.id],
        carried=_carried(tried, section),
        **_score(tried),
    )


def _typed(edition: Edition, kinds: frozenset[str], sent: MultiDict[str, str]) -> Tried:
    form = _class(edition)(formdata=sent, meta={"csrf": False})
    form.validate()
    right = [one for one in edition.questions if not any(field.errors for field in _fields(form, one))]
    have = {one.id: 1 for one in edition.questions if HAVE + one.id in sent}
    return Tried(edition, kinds, read(form, right, files=have), EVIDENCE in sent, form)


def _best(edition: Edition, kinds: frozenset[str]) -> Tried:
    """Every question at its best, as what is asked unfolds."""
    facts = Facts(kinds=kinds, submission_date=clock.today())
    replies = best_replies(edition, facts, every_feature(edition))
    replies |= {one.id: Reply(_words(one)) for one in edition.questions if one.kind == "text" and one.id in replies}
    form = _class(edition)(formdata=None, data=filled(edition.questions, replies), meta={"csrf": False})
    return Tried(edition, kinds, replies, True, form)


def _words(question: Question) -> str:
    """An example that is long enough."""
    said = str(_("This is an example."))
    return " ".join([said] * (1 + (question.length.min if question.length else 1) // len(said)))


def _class(edition: Edition) -> type[Any]:
    least = edition.rules.not_applicable.justification_min_length
    return form_class(
        edition.questions, PortalForm, current_language(), today=clock.today(), justification_min_length=least
    )


def _fields(form: Any, question: Question) -> list[Any]:
    names = (question.id, question.id + NOT_APPLICABLE, question.id + JUSTIFICATION, question.id + COMMENT)
    return [form[name] for name in names if name in form]


def _section(tried: Tried, sent: MultiDict[str, str]) -> Section:
    """The one that was asked for; while something on the page was wrong, the page it stands on."""
    shown = sent.get("shown", "")
    stuck = any(question.section == shown for question in tried.wrong)
    wanted = shown if stuck else sent.get(SECTION, "")
    return next((one for one in tried.edition.sections if one.id == wanted), tried.edition.sections[0])


def _count(tried: Tried, section: Section) -> tuple[int, int]:
    """How many of a section are answered, and how many are asked."""
    here = [question for question in tried.asked if question.section == section.id]
    replies = (tried.replies.get(question.id, Reply()) for question in here)
    return sum(reply.value is not None or reply.not_applicable for reply in replies), len(here)


def _part(tried: Tried, question: Question) -> dict[str, Any]:
    """One question with its fields, and where it comes from."""
    edition, lang = tried.edition, current_language()
    options = {option.value: option.label[lang] for option in question.options}
    rule = question.rule
    return {
        "question": question,
        "answer": tried.form[question.id] if question.kind != "file" else None,
        "have": tried.replies.get(question.id, Reply()).value == GIVEN,
        "not_applicable": tried.form[question.id + NOT_APPLICABLE] if question.not_applicable else None,
        "justification": tried.form[question.id + JUSTIFICATION] if question.not_applicable else None,
        "because": asked_because(edition, tried.found, question) if question.asked_when else None,
        "points": [(options.get(name, name), points) for name, points in rule.points.items()] if rule else [],
        "themes": [edition.texts.themes[theme] for theme in question.themes],
        "areas": [edition.texts.itu_key_areas[str(area)] for area in question.itu_key_areas],
        "sources": [(edition.sources[one.ref], one.at) for one in question.sources],
    }


def _carried(tried: Tried, section: Section) -> list[tuple[str, str]]:
    """What was answered on other pages, to go along with this one."""
    found = []
    here = {question.id for question in tried.asked if question.section == section.id}
    for name, reply in tried.replies.items():
        if name in here:
            continue
        if reply.value == GIVEN and tried.edition.question(name).kind == "file":
            found.append((HAVE + name, "1"))
        else:
            found += [(name, text) for text in typed_form(reply.value)]
        if reply.not_applicable:
            found += [(name + NOT_APPLICABLE, "y"), (name + JUSTIFICATION, reply.justification)]
    return found


def _score(tried: Tried) -> dict[str, Any]:
    lang, card = current_language(), tried.card()
    if card is None:
        return {"level": None, "points": "–", "bars": [], "stopping": [], "next": None, "scored": ""}
    ladder = card.levels[scorecard_view.AWARD]
    return {
        "level": tried.edition.level(ladder.reached) if ladder.reached else None,
        "points": scorecard_view.total(card, lang),
        "bars": scorecard_view.section_bars(tried.edition, card, lang),
        "stopping": scorecard_view.stopping(card, lang)[:MOST_SHOWN],
        "next": tried.edition.level(ladder.next) if ladder.next else None,
        "scored": _("Claimed, before any review. A plan was sent and a visit or call passed."),
    }
