"""The two-minute preview as pages: three steps in one address, nothing stored, no account."""

from typing import Any

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from compliance.clock import today
from compliance.journeys import scorecard_view
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.page_cache import cached
from compliance.journeys.public.blueprint import public
from compliance.journeys.public.preview import GUESSES, HAVE, HAVE_NOT, Preview
from questionnaires import Edition, Lang, Question, current
from questionnaires.answers import Value

ESSENTIAL, PART = "essential-", "part-"


@public.get("/try")
@cached
def try_it() -> str:
    edition, lang = current(), current_language()
    preview = read_preview(edition, request.args)
    problem = problem_of(edition, preview) if request.args else ""
    if not request.args or problem or request.args.get("step") == "1":
        return render_template("public/try.html", step=1, problem=problem, **_first(edition, preview, lang))
    questions = preview.questions()
    quick = [question for question in questions if question.essential]
    parts = [section for section in edition.sections if section.scored]
    asked_parts = [section for section in parts if any(question.section == section.id for question in questions)]
    answered = all(question.id in preview.essentials for question in quick)
    answered = answered and all(section.id in preview.parts for section in asked_parts)
    common = {
        "carried": [
            (name, value)
            for name, value in request.args.items(multi=True)
            if name in {"kind", *_profile_names(edition)}
        ],
        "counts": [
            (section.title[lang], sum(q.section == section.id for q in questions)) for section in edition.sections
        ],
        "total": len(questions),
        "questions": questions,
    }
    if request.args.get("step") != "3" or not answered:
        said = _("Answer every line; a guess is enough.") if request.args.get("step") == "3" else ""
        quick_fields = [_essential_field(question, preview, lang) for question in quick]
        return render_template(
            "public/try.html",
            step=2,
            problem=said,
            essentials=quick_fields,
            parts=_part_fields(asked_parts, preview, lang),
            **common,
        )
    return render_template("public/try.html", step=3, problem="", **_result(edition, preview, lang), **common)


def _profile_names(edition: Edition) -> list[str]:
    """The profile's questions that a choice answers: they decide what is asked."""
    return [question.id for question in edition.questions if not question.scored and question.options]


def read_preview(edition: Edition, args: MultiDict[str, str]) -> Preview:
    """What the address says; what we do not know in it is left out."""
    profile: dict[str, Value] = {}
    for name in _profile_names(edition):
        question = edition.question(name)
        chosen = tuple(option.value for option in question.options if option.value in args.getlist(name))
        if chosen:
            profile[name] = chosen if question.kind == "multiple_choice" else chosen[0]
    essentials = {
        question.id: value
        for question in edition.questions
        if question.essential and (value := args.get(ESSENTIAL + question.id, "")) in essential_values(question)
    }
    parts = {
        section.id: value
        for section in edition.sections
        if section.scored and (value := args.get(PART + section.id, "")) in GUESSES
    }
    kinds = frozenset(kind.id for kind in edition.kinds if kind.id in args.getlist("kind"))
    return Preview(edition, today(), kinds, profile, essentials, parts)


def essential_values(question: Question) -> tuple[str, ...]:
    """What may be said of an essential: its options; of a file, whether there is one."""
    return tuple(option.value for option in question.options) or (HAVE, HAVE_NOT)


def problem_of(edition: Edition, preview: Preview) -> str:
    """What the first step still lacks, in words; empty when it is complete."""
    if not preview.kinds:
        return str(_("Choose at least one kind of company."))
    if not preview.profile.get(edition.texts.features_question):
        return str(_("Choose at least one thing that people can do with your services."))
    return ""


def _first(edition: Edition, preview: Preview, lang: str) -> dict[str, Any]:
    kinds = [
        {"value": kind.id, "label": kind.label[lang], "checked": kind.id in preview.kinds} for kind in edition.kinds
    ]
    return {
        "kinds": kinds,
        "profile": [_profile_field(edition.question(name), preview, lang) for name in _profile_names(edition)],
    }


def _profile_field(question: Question, preview: Preview, lang: str) -> dict[str, Any]:
    said = preview.profile.get(question.id)
    chosen = said if isinstance(said, tuple) else (said,)
    options = [
        {"value": option.value, "label": option.label[lang], "checked": option.value in chosen}
        for option in question.options
    ]
    many = question.kind == "multiple_choice"
    return {"id": question.id, "legend": question.text[lang], "many": many, "options": options}


def _essential_field(question: Question, preview: Preview, lang: str) -> dict[str, Any]:
    chosen = preview.essentials.get(question.id)
    labels = {option.value: option.label[lang] for option in question.options} or {
        HAVE: _("Yes, we have it"),
        HAVE_NOT: _("Not yet"),
    }
    options = [{"value": value, "label": label, "checked": value == chosen} for value, label in labels.items()]
    return {"id": ESSENTIAL + question.id, "legend": question.text[lang], "options": options}


def _part_fields(parts: list[Any], preview: Preview, lang: str) -> list[dict[str, Any]]:
    words = {"not_yet": _("Not yet"), "partly": _("Partly"), "mostly": _("Mostly")}
    return [
        {
            "id": PART + part.id,
            "legend": part.title[lang],
            "hint": part.intro[lang],
            "options": [
                {"value": value, "label": words[value], "checked": preview.parts.get(part.id) == value}
                for value in GUESSES
            ],
        }
        for part in parts
    ]


def _result(edition: Edition, preview: Preview, lang: Lang) -> dict[str, Any]:
    card = preview.scorecard()
    ladder = card.levels["award"]
    return {
        "level": edition.level(ladder.reached) if ladder.reached else None,
        "next": edition.level(ladder.next) if ladder.next else None,
        "score": scorecard_view.total(card, lang),
        "missing": [
            edition.question(name).title[lang] for name, result in card.essentials.items() if result.outcome == "fail"
        ],
        "stopping": [condition.says(lang) for condition in ladder.stopping][:6],
    }
