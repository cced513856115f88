"""Pages on paper: the blank questionnaire for everybody or with a company's name on it, and a company's own pages."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import make_response, render_template
from werkzeug.wrappers import Response

from compliance.bounded.runner import BusyError, CrashedError, Sender, TooHeavyError, ask_in_turn
from compliance.clock import today
from compliance.journeys.gate import settings
from compliance.journeys.language import current_language
from compliance.journeys.responses import error_page
from questionnaires import Edition, Facts, Question, current
from questionnaires.facts import may_use_lighter_evidence
from questionnaires.foreseeing import could_be_asked, depends

RETRY_SECONDS = 30
MOST_KEPT = 600
"""PDFs that are kept; each kind of company by itself and with the others, in both languages, are fewer."""
STYLE = "questionnaire"


@dataclass(frozen=True)
class Attached:
    """A text that travels inside a PDF; `at` is when it was made, with its zone."""

    name: str
    text: str
    description: str
    at: str


def kinds_of(edition: Edition, chosen: Iterable[str]) -> frozenset[str]:
    """The kinds that the edition knows among these; all of them when none is."""
    known = {kind.id for kind in edition.kinds}
    return frozenset(known & set(chosen)) or frozenset(known)


def blank_questions(edition: Edition, facts: Facts) -> tuple[tuple[Question, ...], frozenset[str]]:
    """What may be asked of such a company, and which of it only with some answers."""
    questions = could_be_asked(edition, facts)
    return questions, frozenset(question.id for question in questions if depends(question, facts))


def questionnaire_pdf(facts: Facts, sender: Sender, company: str = "", name: str = "questionnaire") -> Response:
    """The PDF in the language of the page. Those without a name are drawn once and kept; 503 while others are drawn."""
    edition, lang = current(), current_language()
    questions, conditional = blank_questions(edition, facts)
    html = render_template(
        "print/questionnaire.html",
        edition=edition,
        questions=questions,
        conditional=conditional,
        kinds=[kind.label[lang] for kind in edition.kinds if kind.id in facts.kinds],
        company=company,
        lighter=may_use_lighter_evidence(edition, facts),
    )
    if company:
        return printed(html, STYLE, f"{name}-{lang}", sender)
    return _sent(lambda: _kept(html, sender), f"{name}-{lang}", "public, max-age=3600")


def printed(html: str, style: str, name: str, sender: Sender, attached: Attached | None = None) -> Response:
    """A company's own page as a PDF, drawn each time and kept nowhere; 503 while others are drawn."""
    return _sent(lambda: _drawn(html, sender, style, attached), name, "no-store")


def _sent(draw: Callable[[], bytes], name: str, caching: str) -> Response:
    try:
        made = draw()
    except (BusyError, TooHeavyError, CrashedError):
        response = error_page(503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    response = make_response(made)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = caching
    return response


def public_facts(kinds: frozenset[str]) -> Facts:
    """A company of which only the kinds are known."""
    return Facts(kinds, today())


def _drawn(html: str, sender: Sender, style: str = STYLE, attached: Attached | None = None) -> bytes:
    wanted = {"html": html, "style": style, "attached": asdict(attached) if attached else None}
    _said, made = ask_in_turn("compliance.bounded.printed_page", wanted, sender)
    return made


def _kept(html: str, sender: Sender) -> bytes:
    """Drawn once for each text: the name says what is in it, so nothing kept can be old."""
    folder = settings().data_dir / "printed"
    place = folder / f"{hashlib.sha256(html.encode()).hexdigest()}.pdf"
    with suppress(FileNotFoundError):
        return place.read_bytes()
    made = _drawn(html, sender)
    with suppress(OSError):  # a full disk keeps nobody from reading
        _keep(folder, place, made)
    return made


def _keep(folder: Path, place: Path, made: bytes) -> None:
    folder.mkdir(mode=0o750, exist_ok=True)
    if len(list(folder.glob("*.pdf"))) >= MOST_KEPT:
        for old in folder.glob("*.pdf"):
            old.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(made)
    Path(name).rename(place)
