"""Reads a mail as a person does: its days, its numbers, its claims. Knows nothing of how letters are made."""

import re
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage

ENGLISH = "January February March April May June July August September October November December"
KHMER = "មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ"
MONTHS = {"en": ENGLISH.split(), "km": KHMER.split()}
ASCII = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")
DAYS_LEFT = {"en": re.compile(r"(\d+) days? (?:is|are) left"), "km": re.compile(r"នៅសល់ (\d+) ថ្ងៃ")}
ANY_DAYS = {"en": re.compile(r"(\d+) (?:working )?days?"), "km": re.compile(r"(\d+) ថ្ងៃ")}
CLAIMS = {
    "start": ("please start the renewal", "សូមចាប់ផ្តើមការបន្តសុពលភាព"),
    "begun": ("You have begun the renewal", "អ្នកបានចាប់ផ្តើមការបន្តសុពលភាពហើយ"),
    "reply": ("waits for your reply", "រង់ចាំចម្លើយរបស់អ្នក"),
    "late": ("it was due", "ឥឡូវយឺតហើយ"),
    "valid": ("is valid until", "មានសុពលភាពដល់"),
    "ended": ("has ended and can still be renewed", "បានផុតកំណត់ ហើយនៅអាចបន្តបាន"),
    "last day": ("We write on its last day", "នៅថ្ងៃចុងក្រោយ"),
    "grace": ("It is in its grace period", "វាស្ថិតក្នុងរយៈពេលអនុគ្រោះ"),
}


@dataclass(frozen=True)
class Read:
    """What a reader takes from a mail."""

    to: str
    subject: str
    lang: str
    dates: frozenset[date]
    left: tuple[int, ...]
    numbers: frozenset[int]
    claims: frozenset[str]
    text: str


def words(message: EmailMessage) -> str:
    """The plain text that every mail has."""
    body = message.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def read(message: EmailMessage) -> Read:
    lang, body = str(message["Content-Language"]), words(message)
    text = f"{message['Subject']}\n{body}".translate(ASCII)
    place = 0 if lang == "en" else 1
    return Read(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        lang=lang,
        dates=frozenset(dates(text, lang)),
        left=tuple(int(number) for number in DAYS_LEFT[lang].findall(text)),
        numbers=frozenset(int(number) for number in ANY_DAYS[lang].findall(text)),
        claims=frozenset(name for name, words in CLAIMS.items() if words[place] in text),
        text=text,
    )


def dates(text: str, lang: str) -> list[date]:
    months = {name: number for number, name in enumerate(MONTHS[lang], 1)}
    pattern = re.compile(rf"(\d+) ({'|'.join(MONTHS[lang])}) (\d{{4}})")
    return [date(int(year), months[month], int(day)) for day, month, year in pattern.findall(text)]
