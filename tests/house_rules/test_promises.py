"""Nothing is promised that does not exist: a sentence about a room stands only where the room stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from compliance.domain.notices import KINDS
from compliance.jobs.links import PAGES
from tests.house_rules.tree import ROOT, templates
from translations import catalogues

EMAILS = ROOT / "templates" / "email"
EDITIONS = ROOT / "questionnaires" / "editions"
SHOWN_PROSE = {("rules.yaml", "partly"), ("evidence.yaml", "warning")}
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)
LEADS_ON = re.compile(r"[:៖]\n(?!\{\{|\s*$)", re.MULTILINE)


@dataclass(frozen=True)
class Room:
    """What the words of either language speak of, and the endpoint without which nobody may say them."""

    endpoint: str
    english: str
    khmer: str

    @property
    def words(self) -> re.Pattern[str]:
        return re.compile(f"{self.english}|{self.khmer}", re.IGNORECASE)


ROOMS = {
    "appeals": Room("officer.appeal", r"\bappeal|\blodg(?:e|ing)\b", "ឧទ្ធរណ៍"),
    "a hearing": Room("officer.hearing", r"\b(?:is|are|be) heard\b|\bhearing\b", "ស្តាប់ការបំភ្លឺ"),
    "concerns of the public": Room(
        "public.concern", r"\b(?:raise|file|send|report)\b.{0,20}\b(?:concern|complaint)", "ដាក់.{0,6}បណ្តឹង|លើកឡើងកង្វល់"
    ),
    "forms to download": Room(
        "officer.form_file",
        r"\b(?:pledge|form|template)s?\b.{0,30}\bdownload|\bdownload\b.{0,30}\b(?:pledge|form|template)",
        "ទាញយក(?:ទម្រង់|គំរូ)",
    ),
    "check-ins": Room("officer.check_in", r"\bcheck-in", "ពិនិត្យតាមដាន|ពាក់កណ្តាលអាណត្តិ"),
    "doors for reports": Room(
        "officer.service",
        r"\bdoor (?:of|for)\b|\bwhere (?:it|they) takes? reports",
        "កន្លែង(?:ដែល)?ទទួល(?:របាយការណ៍|របស់)",
    ),
    "a calendar": Room("account.calendar_feed", r"\b(?:subscribe|add)\b.{0,20}\bcalendar", "ប្រតិទិន.{0,12}(?:ជាវ|ទាញយក)"),
}
ONCE_SAID = [
    ("You may lodge an appeal. More information:", "appeals"),
    ("អ្នកអាចដាក់បណ្តឹងឧទ្ធរណ៍។", "appeals"),
    ("A blank pledge can be downloaded from the portal.", "forms to download"),
    ("អាចទាញយកទម្រង់ពាក្យសន្យាពីប្រព័ន្ធនេះ។", "forms to download"),
    ("This is the door of each of them; tell the national services too.", "doors for reports"),
    ("នេះជាកន្លែងទទួលរបស់ក្រុមហ៊ុននីមួយៗ។", "doors for reports"),
    ("The company is heard before anything is decided.", "a hearing"),
    ("12-month check-in", "check-ins"),
    ("ការពិនិត្យតាមដាននៅខែទី ១២", "check-ins"),
    ("Anybody may raise a concern about a company.", "concerns of the public"),
    ("Add these days to your calendar.", "a calendar"),
]


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Every text that the portal shows or sends, with where it stands."""
    return (*of_catalogues(), *of_templates(), *of_editions())


def of_catalogues() -> Iterator[tuple[str, str]]:
    for path in (catalogues.OURS, catalogues.ANSWERS):
        for message in catalogues.khmer(path):
            for text in (message.id, message.string):
                for one in [text] if isinstance(text, str) else text or ():
                    yield path.name, one


def of_templates() -> Iterator[tuple[str, str]]:
    for path in templates():
        yield str(path.relative_to(ROOT)), " ".join(JINJA.sub(" ", path.read_text()).split())


def of_editions() -> Iterator[tuple[str, str]]:
    for path in sorted(EDITIONS.rglob("*.yaml")):
        for text in shown(yaml.safe_load(path.read_text("utf-8")), path.name):
            yield path.name, text


def shown(part: Any, file: str, above: str = "", *, prose: bool = False) -> Iterator[str]:
    """The words in both languages; rules in words that no page shows are left out."""
    if isinstance(part, list):
        for one in part:
            yield from shown(one, file, above, prose=prose)
    elif isinstance(part, dict):
        for name, below in part.items():
            hidden = (prose or name == "prose") and (file, name) not in SHOWN_PROSE
            yield from shown(below, file, str(name), prose=hidden)
    elif isinstance(part, str) and above in {"km", "en"} and not prose:
        yield part


@pytest.mark.parametrize("name", ROOMS)
def test_a_sentence_stands_only_with_its_room(plain_app: Flask, name: str) -> None:
    room = ROOMS[name]
    said = [(where, text) for where, text in texts() if room.words.search(text)]
    assert not said or room.endpoint in plain_app.view_functions, (
        f"{name}: build {room.endpoint} first, or say less: {said}"
    )


@pytest.mark.parametrize(("sentence", "name"), ONCE_SAID)
def test_what_was_promised_once_is_found(sentence: str, name: str) -> None:
    assert ROOMS[name].words.search(sentence)


def test_everything_that_is_said_is_read() -> None:
    whole = "\n".join(text for _where, text in texts())
    for known in (
        "Who decides",
        "អ្នកណាជាអ្នកសម្រេច",
        "The signature shows that the leaders know the code",
        '"Partly" means written',
        "Please do not use the certificate or the mark while it is suspended.",
    ):
        assert known in whole


def test_every_way_that_a_letter_shows_leads_somewhere(plain_app: Flask) -> None:
    missing = {endpoint for ways in PAGES.values() for endpoint in ways if endpoint not in plain_app.view_functions}
    assert not missing
    for kind in KINDS:
        for lang in ("km", "en"):
            text = (EMAILS / f"{kind}.{lang}.txt").read_text()
            if "{{ page }}" in text:
                assert PAGES.get(kind) or PAGES.get(kind.partition("_")[0]), f"{kind}: no page stands behind its link"


@pytest.mark.parametrize("path", sorted(EMAILS.glob("*.txt")), ids=lambda path: path.name)
def test_what_leads_on_in_a_letter_is_followed_by_something(path: Path) -> None:
    assert not LEADS_ON.search(JINJA.sub("", path.read_text()).partition("\n")[2])
