"""The form of a ruling: filled with what stands, and read as a judgement."""

from compliance.actions.judging import Judgement
from compliance.actions.reviewing import seen_answer
from compliance.actions.under_review import UnderReview
from compliance.domain.errors import InvalidError
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.reviewer.forms import RulingForm
from compliance.store.review_notes import ReviewNote
from compliance.store.reviews import Judged, Verdict
from questionnaires import Question
from questionnaires.answers import Value, dump, load, parse, typed_form
from questionnaires.errors import AnswerError

ASK = "ask"
YES_NO = {"yes": True, "no": False}
WORDS = {True: "yes", False: "no", None: None}


def ruling_form(found: UnderReview, question: Question, waiting: ReviewNote | None) -> RulingForm:
    """Filled with the standing ruling or the question that waits: changing one's mind starts from what was said."""
    standing = found.rulings.get(question.id)
    form = RulingForm(data=_waits(waiting) if waiting else _stands(standing, question) if standing else None)
    if not form.is_submitted():
        form.seen.data = seen_answer(found.submission.id, standing)
    return form


def _waits(waiting: ReviewNote) -> dict[str, object]:
    return {"verdict": ASK, "note": waiting.text}


def _stands(standing: Judged, question: Question) -> dict[str, object]:
    adjusted = standing.verdict is Verdict.ADJUST and standing.adjusted is not None
    return {
        "verdict": standing.verdict,
        "adjusted": typed_form(load(question, standing.adjusted)) if adjusted else [],
        "evidence": WORDS[standing.evidence_accepted],
        "not_applicable": WORDS[standing.na_accepted],
        "reason": standing.reason,
        "note": standing.note,
    }


def press_quick(form: RulingForm, found: UnderReview, question: Question, waiting: ReviewNote | None) -> bool:
    """One press confirms and accepts; False where a new text for another ruling would be lost or sent with this one."""
    standing = found.rulings.get(question.id)
    shown = {standing.note if standing else "", waiting.text if waiting else ""}
    if form.typed_apart and form.typed_apart not in shown:
        words = _("You wrote a text for another ruling. Save that ruling, or empty the text first.")
        form.refuse(InvalidError("verdict", words))
        return False
    if form.typed_apart:
        form.note.data = ""
    form.verdict.data, form.evidence.data, form.not_applicable.data = Verdict.CONFIRM.value, "yes", "yes"
    return True


def judgement(form: RulingForm, found: UnderReview, question: Question) -> Judgement:
    """What the form says. Raises InvalidError, in the reader's words, for an adjustment that is no answer."""
    verdict, reply = Verdict(form.verdict.data), found.snapshot.replies.get(question.id)
    value = adjusted_value(form, question) if verdict is Verdict.ADJUST else None
    supports = verdict is not Verdict.NOT_SUPPORTED
    claims_none = reply is not None and reply.not_applicable
    accepted = YES_NO.get(form.not_applicable.data or "") if verdict is Verdict.CONFIRM else False
    return Judgement(
        verdict=verdict,
        adjusted=None if value is None else dump(value),
        evidence_accepted=YES_NO.get(form.evidence.data or "")
        if supports and found.snapshot.files.get(question.id)
        else None,
        na_accepted=accepted if supports and claims_none else None,
        reason="" if verdict is Verdict.CONFIRM else form.reason.data or "",
        note=form.note.data or "",
    )


def adjusted_value(form: RulingForm, question: Question) -> Value | None:
    """The answer that the evidence supports. Raises InvalidError."""
    if question.kind == "file":
        raise InvalidError("verdict", _("A file is there or not: confirm it, or choose that nothing supports it."))
    try:
        return parse(question, form.adjusted.data or [])
    except AnswerError as error:
        raise InvalidError("adjusted", error.message[current_language()]) from error


def refusal(error: InvalidError) -> str:
    """Why the rules refuse the ruling."""
    if error.message == "as_claimed":
        return str(_("This is what the company claims: confirm it, or choose another answer."))
    words: dict[str, str] = {
        "adjusted": _("Say what the evidence does support."),
        "reason": _("Choose a reason; the company will read it."),
        "note": _("Write a note; the company will read it."),
        "evidence": _("Say whether the evidence is accepted."),
        "not_applicable": _("Say whether the question really does not apply."),
    }
    required = error.message in {"required", "not_asked"}
    return str(words.get(error.field) or _("This ruling is not possible here.")) if required else error.message
