"""From a letter to the mail that brings it: plain text, the same words as a page, and the day it is about."""

import hashlib
import re
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from compliance import clock
from compliance.jobs.errors import RefusedError
from compliance.jobs.facts import Told
from compliance.jobs.letters import Letter, Letters
from compliance.jobs.mail_day import day_of
from compliance.store.outbox import Notice

WAY = re.compile(r"https?://\S+")
ITEM = "- "


@dataclass(frozen=True)
class Block:
    """A paragraph: its lines, or the items of a list, or the one address that the reader is led to (`way`)."""

    lines: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    way: str = ""


def compose(letters: Letters, notice: Notice, told: Told, letter: Letter) -> EmailMessage:
    """The mail that brings a letter: plain text and page; a calendar entry where it tells a day to come.

    The same notice always has the same Message-ID, so that a second copy is known.

    Raises RefusedError for an address no mail can go to.
    """
    settings = letters.settings
    host = urlsplit(settings.public_url).hostname or "localhost"
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = settings.mail_from
        message["To"] = Address(addr_spec=told.email)
    except (ValueError, IndexError, MessageError) as error:
        raise RefusedError("not an address") from error
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{hashlib.sha256(notice.key.encode()).hexdigest()[:40]}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    stop = letters.stop_link(notice, told.language)
    if stop:  # RFC 8058: the mail program's own button
        message["List-Unsubscribe"] = f"<{stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.body)
    message.add_alternative(page(letters, told.language, letter), subtype="html")
    day = day_of(notice, told, letter, letters.links(notice.kind, told.values, told.language), host)
    if day:
        message.add_attachment(
            day,
            maintype="text",
            subtype="calendar",
            filename="day.ics",
            params={"method": "PUBLISH", "charset": "utf-8"},
        )
    message["Content-Language"] = told.language  # making parts moves what was said of the content into the first one
    return message


def page(letters: Letters, lang: str, letter: Letter) -> str:
    """A letter as HTML: its own words, nothing added but the name of the sender."""
    template = letters.texts.get_template(f"email/_page.{lang}.html")
    return template.render(lang=lang, subject=letter.subject, blocks=blocks(letter.body))


def blocks(body: str) -> tuple[Block, ...]:
    """A letter's paragraphs; an address that has a line of its own is where the reader is led."""
    found: list[Block] = []
    for paragraph in body.strip().split("\n\n"):
        for line in paragraph.splitlines():
            found = _with(found, line)
        found.append(Block())
    return tuple(block for block in found if block != Block())


def _with(found: list[Block], line: str) -> list[Block]:
    last = found[-1] if found else Block()
    if WAY.fullmatch(line.strip()):
        return [*found, Block(way=line.strip())]
    if line.startswith(ITEM):
        return [*found[: -1 if last.items else None], Block(items=(*last.items, line.removeprefix(ITEM)))]
    if last.lines:
        return [*found[:-1], Block(lines=(*last.lines, line))]
    return [*found, Block(lines=(line,))]
