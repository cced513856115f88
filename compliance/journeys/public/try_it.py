"""The two-minute preview as pages: three steps in one address, nothing stored, no account."""

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for

from compliance.clock import today
from compliance.journeys import scorecard_view
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.page_cache import cached
from compliance.journeys.preview import ESSENTIAL, GUESSES, HAVE, HAVE_NOT, PART, Preview, profile_names, read_preview
from compliance.journeys.public.blueprint import public
from questionnaires import Edition, Lang, Question, Section, current
from scoring import Scorecard

MOST_STOPPING = 6


@public.get("/try")
@cached
def try_it() -> str:
    edition, lang = current(), current_language()
    preview = read_preview(edition, request.args, today())
    problems = _missing_first(edition, preview) if request.args else {}
    if not request.args or problems or request.args.get("step") == "1":
        return _page(1, problems, _first(edition, preview, lang))
    problems = _missing_second(preview) if request.args.get("step") == "3" else {}
    if request.args.get("step") != "3" or problems:
        return _page(2, problems, _second(edition, preview, lang))
    return _page(3, {}, _result(edition, preview, lang))


def _page(step: int, problems: dict[str, str], shown: dict[str, Any]) -> str:
    """One step; `problems` by field stand beside the fields and on top, each naming its question and leading there."""
    fields = [one for part in ("profile", "essentials", "parts") for one in shown.get(part, ())]
    names = {one["id"]: one["legend"] for one in fields if not one.get("many")}
    links = [
        {
            "text": _("%(question)s: choose one; a guess is enough.", question=names[field])
            if field in names
            else text,
            "href": f"#{field}",
        }
        for field, text in problems.items()
    ]
    errors = {field: [text] for field, text in problems.items()}
    return render_template("public/try.html", step=step, problems=links, errors=errors, **shown)


def _carried(*beginnings: str) -> list[tuple[str, str]]:
    """What another step said, to go along with this one's form."""
    return [(name, value) for name, value in request.args.items(multi=True) if name.startswith(beginnings)]


def _missing_first(edition: Edition, preview: Preview) -> dict[str, str]:
    """What the first step still lacks, by field."""
    missing = {}
    if not preview.kinds:
        missing["kind"] = _("Choose at least one kind of company.")
    if not preview.profile.get(edition.texts.features_question):
        missing[edition.texts.features_question] = _("Choose at least one thing that people can do with your services.")
    for name in profile_names(edition):
        if name not in preview.profile:
            missing.setdefault(name, _("Choose one; a guess is enough."))
    return missing


def _missing_second(preview: Preview) -> dict[str, str]:
    """The essentials and parts nothing was said of yet, by field."""
    essentials = [ESSENTIAL + one.id for one in preview.essentials_asked if one.id not in preview.essentials]
    parts = [PART + one.id for one in _parts(preview) if one.id not in preview.parts]
    return dict.fromkeys([*essentials, *parts], _("Choose one; a guess is enough."))


def _parts(preview: Preview) -> list[Section]:
    """The parts of which something is asked that counts."""
    asked = {question.section for question in preview.questions}
    return [section for section in preview.edition.sections if section.scored and section.id in asked]


def _first(edition: Edition, preview: Preview, lang: str) -> dict[str, Any]:
    kinds = [
        {"value": kind.id, "label": kind.label[lang], "checked": kind.id in preview.kinds} for kind in edition.kinds
    ]
    return {
        "carried": _carried(ESSENTIAL, PART),
        "kinds": kinds,
        "profile": [_profile_field(edition.question(name), preview, lang) for name in profile_names(edition)],
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


def _second(edition: Edition, preview: Preview, lang: Lang) -> dict[str, Any]:
    return {
        "carried": _carried("kind", *profile_names(edition)),
        "essentials": [_essential_field(question, preview, lang) for question in preview.essentials_asked],
        "parts": _part_fields(_parts(preview), preview, lang),
        **_asked(preview, lang),
    }


def _asked(preview: Preview, lang: Lang) -> dict[str, Any]:
    """The questions such a company is asked, and how many in each section."""
    sections = [question.section for question in preview.questions]
    counts = [(section.title[lang], sections.count(section.id)) for section in preview.edition.sections]
    return {"questions": preview.questions, "counts": counts}


def _result(edition: Edition, preview: Preview, lang: Lang) -> dict[str, Any]:
    low, high = preview.scorecards()
    ladders = [card.levels["award"] for card in (low, high)]
    reached = [edition.level(ladder.reached) if ladder.reached else None for ladder in ladders]
    upward = ladders[0].next
    return {
        "lowest": reached[0],
        "highest": reached[1],
        "next": edition.level(upward) if upward else None,
        "stopping": [condition.says(lang) for condition in ladders[0].stopping][:MOST_STOPPING],
        "scores": [scorecard_view.total(card, lang) for card in (low, high)],
        "begin": url_for("officer.register") + "?" + preview.answers_query(),
        "carried": len(preview.answers()),
        "change": url_for("public.try_it")
        + "?"
        + urlencode([("step", "1"), *_carried("kind", *profile_names(edition), ESSENTIAL, PART)]),
        **_essentials(edition, high, lang),
        **_asked(preview, lang),
    }


def _essentials(edition: Edition, card: Scorecard, lang: Lang) -> dict[str, Any]:
    """How many of the essentials that apply are met, and which are not."""
    outcomes = {name: result.outcome for name, result in card.essentials.items() if result.outcome in {"pass", "fail"}}
    missing = [edition.question(name).title[lang] for name, outcome in outcomes.items() if outcome == "fail"]
    return {"missing": missing, "applying": len(outcomes), "met": len(outcomes) - len(missing)}
