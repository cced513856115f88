"""From a notice to its letter: the text in the reader's language, made of what is true now."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from compliance import clock
from compliance.actions.stopping_mail import stop_token
from compliance.domain.notices import STOPPABLE
from compliance.jobs.facts import Told
from compliance.settings import Settings
from compliance.store.outbox import Notice
from questionnaires import catalogue, current
from scoring.numbers import khmer_digits

TEMPLATES = Path(__file__).parents[2] / "templates"
MOMENTS = {"km": "d MMMM y 'ម៉ោង' HH:mm", "en": "d MMMM y, HH:mm"}
GAP = re.compile(r"\n{3,}")

Links = Callable[[str, Mapping[str, Any], str], str]


@dataclass(frozen=True)
class Letter:
    """What a reader reads."""

    subject: str
    body: str


class Letters:
    """The texts under templates/email/: `<kind>.<lang>.txt`, the first line the subject, then the body."""

    def __init__(self, settings: Settings, links: Links, templates: Path = TEMPLATES) -> None:
        self.settings = settings
        self.links = links
        # The letters are plain text, in which nothing is read as markup; the page around one is HTML.
        self.texts = Environment(
            loader=FileSystemLoader(templates), undefined=StrictUndefined, autoescape=select_autoescape(["html"])
        )
        self.texts.filters |= {"show_date": show_date, "show_datetime": show_datetime, "km_digits": km_digits}
        self.texts.globals["about"] = self._about

    def write(self, kind: str, lang: str, values: Mapping[str, Any]) -> Letter:
        """The letter of a kind in a language. Raises jinja2.TemplateError for what has no text."""
        context = {"portal": self.settings.public_url, "page": self.links(kind, values, lang), **values}
        template = self.texts.get_template(f"email/{kind}.{lang}.txt")
        text = template.render({**context, **_words(values, lang), "lang": lang})
        subject, _line, body = text.strip().partition("\n")
        return Letter(" ".join(subject.split()), GAP.sub("\n\n", body.strip()) + "\n")

    def letter(self, notice: Notice, told: Told) -> Letter:
        """What a notice says, from what is true of it now."""
        return self.write(notice.kind, told.language, {**told.values, **self._stop(notice, told.language)})

    def stop_link(self, notice: Notice, lang: str) -> str:
        """Where its reader stops the mails that can wait; empty for a mail that cannot be stopped."""
        if notice.kind not in STOPPABLE or notice.person_id is None:
            return ""
        return self.links("stop", {"token": stop_token(self.settings, notice.person_id)}, lang)

    def _stop(self, notice: Notice, lang: str) -> dict[str, str]:
        link = self.stop_link(notice, lang)
        return {"stop": link} if link else {}

    def _about(self, kind: str, values: Mapping[str, Any], lang: str) -> tuple[str, str]:
        """What another letter tells, in a line, and where it leads."""
        return self.write(kind, lang, values).subject, self.links(kind, values, lang)


def _words(values: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The company and the level as a reader of the language calls them."""
    words: dict[str, Any] = {}
    if "company_km" in values:
        words["company"] = values["company_km"] if lang == "km" else values["company_latin"]
    if values.get("level"):
        edition = catalogue.edition(values["edition"]) if "edition" in values else current()
        words["level_name"] = edition.level(values["level"]).public_name[lang]
    return words


@pass_context
def km_digits(context: Context, text: object) -> str:
    """Khmer digits for Khmer readers."""
    return khmer_digits(text) if context["lang"] == "km" else str(text)


@pass_context
def show_date(context: Context, day: date) -> str:
    """A calendar day as a reader of the language writes it."""
    return km_digits(context, format_date(day, "d MMMM y", locale=context["lang"]))


@pass_context
def show_datetime(context: Context, moment: datetime) -> str:
    """A moment on the clock of Phnom Penh, which the text must name."""
    local = moment.astimezone(clock.PHNOM_PENH).replace(tzinfo=None)
    return km_digits(context, format_datetime(local, MOMENTS[context["lang"]], locale=context["lang"]))
