"""From a notice to an email: its text in the reader's language, its headers, its fixed identity."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime as format_header
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from compliance import clock
from compliance.jobs.errors import RefusedError
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
        # Plain text: nothing here is read as markup.
        self.texts = Environment(  # noqa: S701
            loader=FileSystemLoader(templates), undefined=StrictUndefined
        )
        self.texts.filters |= {"show_date": show_date, "show_datetime": show_datetime, "km_digits": km_digits}

    def write(self, kind: str, lang: str, values: Mapping[str, Any]) -> Letter:
        """The letter of a kind in a language. Raises jinja2.TemplateError for what has no text."""
        context = {"portal": self.settings.public_url, "page": self.links(kind, values, lang), **values}
        template = self.texts.get_template(f"email/{kind}.{lang}.txt")
        text = template.render({**context, **_words(values, lang), "lang": lang})
        subject, _line, body = text.strip().partition("\n")
        return Letter(" ".join(subject.split()), GAP.sub("\n\n", body.strip()) + "\n")

    def letter(self, notice: Notice, told: Told) -> Letter:
        """What a notice says, from what is true of it now."""
        return self.write(notice.kind, told.language, told.values)

    def compose(self, notice: Notice, told: Told, letter: Letter) -> EmailMessage:
        """The mail that brings a letter.

        The same notice always has the same Message-ID, so that a second copy is known.

        Raises RefusedError for an address no mail can go to.
        """
        host = urlsplit(self.settings.public_url).hostname or "localhost"
        message = EmailMessage(policy=SMTP)
        try:
            message["From"] = self.settings.mail_from
            message["To"] = Address(addr_spec=told.email)
        except (ValueError, IndexError, MessageError) as error:
            raise RefusedError("not an address") from error
        message["Subject"] = letter.subject
        message["Date"] = format_header(clock.now())
        message["Message-ID"] = f"<{hashlib.sha256(notice.key.encode()).hexdigest()[:40]}@{host}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        message["Content-Language"] = told.language  # set_content forgets what was said of the content before
        return message


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
