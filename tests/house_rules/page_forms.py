"""The forms of the portal as its pages show them: where each is sent, and what it says before anybody types."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from compliance.journeys import gate
from tests.house_rules.test_hostile import whose
from tests.house_rules.town import AT_HOME, KIWI, SECRET, SECRET_ASKED, STAFF, Town

FILES = (".pdf", ".xlsx", ".docx", ".zip", ".json")
"""What takes long to make and holds no form."""
OWNERS = (SECRET, SECRET_ASKED, KIWI)

Attributes = list[tuple[str, str | None]]


@dataclass
class Form:
    """`fields` are names with the value that would be sent; of a choice that nobody made, its first."""

    visitor: str
    page: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    """Collects the forms that post."""

    def __init__(self, visitor: str, page: str) -> None:
        super().__init__()
        self.visitor, self.page = visitor, page
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.into, self.choosing = "", False

    def handle_starttag(self, tag: str, attributes: Attributes) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "form" and said.get("method", "").lower() == "post":
            self.open = Form(self.visitor, self.page, urljoin(self.page, said.get("action") or self.page))
            self.forms.append(self.open)
        if tag == "option" and self.open is not None and ("selected" in said or not self.open.fields[self.into]):
            self.open.fields[self.into] = said.get("value", "")
        name, self.choosing = said.get("name"), tag in {"select", "option"}
        if self.open is None or not name:
            return
        if said.get("type") == "file":
            self.open.files.add(name)
        elif tag in {"input", "button"}:
            if "checked" in said or said.get("type") not in {"radio", "checkbox"} or name not in self.open.fields:
                self.open.fields[name] = said.get("value", "on")
        elif tag in {"textarea", "select"}:
            self.open.fields[name], self.into = "", name

    def handle_data(self, data: str) -> None:
        if self.open is not None and self.into and not self.choosing:
            self.open.fields[self.into] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        if tag in {"textarea", "select"}:
            self.into = ""


def shown_forms(town: Town) -> list[Form]:
    """One of each: the first form met for every endpoint that takes a post."""
    router = town.app.url_map.bind("localhost")
    found: dict[str, Form] = {}
    for visitor, page in _pages(town):
        if page.endswith(FILES):
            continue
        answer = town.get(visitor, page)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        reader = _Reader(visitor, page)
        reader.feed(answer.text)
        for form in reader.forms:
            endpoint, _parts = router.match(urlsplit(form.action).path, method="POST")
            found.setdefault(str(endpoint), form)
    return [found[name] for name in sorted(found)]


def _pages(town: Town) -> Iterator[tuple[str, str]]:
    """Every page, for those who have business there, about each of the companies that they have to do with."""
    things = cache(town.things)
    for endpoint in town.rules("GET"):
        room = endpoint.partition(".")[0]
        if room in gate.STAFF:
            visitors = [name for name in STAFF if name.rstrip("2") == whose(endpoint).rstrip("2")]
        elif room in gate.COMPANY:
            visitors = ["owner", *OWNERS]
        else:
            visitors = ["anonymous", "owner"]
        for visitor in visitors:
            for company, state in AT_HOME[visitor]:
                yield visitor, town.address(endpoint, things(company, state))
