"""Every form and every field with every kind of wrong part: answered as the sender's fault, nothing stored."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from wtforms import Field
from wtforms.fields.core import UnboundField

from compliance.journeys import incoming
from compliance.journeys.forms import PortalForm
from tests.house_rules.test_hostile import again, posts, send
from tests.house_rules.town import Town
from tests.house_rules.tree import ROOT, sources

READ = re.compile(r"""request\.(?:form|values|args)(?:\.get(?:list)?\(|\[)["'](\w+)["']""")
INVALID = b"\xff\xfe\xed\xa0\x80\xc0\xaf"
BOUNDARY = "wrong-parts"


def forms() -> Iterator[type[PortalForm]]:
    waiting = [PortalForm]
    while waiting:
        waiting += (form := waiting.pop()).__subclasses__()
        yield form


def field_names() -> list[str]:
    """Every name that a form of ours declares, a view reads by itself, or a library's form has."""
    declared = {
        name for form in forms() for name in dir(form) if isinstance(getattr(form, name, None), UnboundField | Field)
    }
    read = {name for path, _tree in sources() for name in READ.findall((ROOT / path).read_text())}
    library = {"email", "password", "remember", "code", "credential", "new_password", "new_password_confirm", "setup"}
    return sorted(declared | read | library | {"gov_policy", "gov_policy__comment", "number", "reason"})


def multipart(parts: list[tuple[str, bytes, bool]]) -> dict[str, Any]:
    """A body of parts: name, content, whether it is a file."""
    lines = []
    for name, content, is_file in parts:
        file = '; filename="x.pdf"' if is_file else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        lines.append(head.encode() + content + b"\r\n")
    body = b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()
    return {"data": body, "content_type": f"multipart/form-data; boundary={BOUNDARY}"}


def with_token(town: Town, visitor: str, parts: list[tuple[str, bytes, bool]]) -> dict[str, Any]:
    return multipart([("csrf_token", town.token(visitor).encode(), False), *parts])


def taken_at(town: Town, address: str) -> incoming.Files:
    """The files that the view behind an address reads."""
    with town.app.test_request_context(address, method="POST"):
        return incoming.files_taken()


def test_a_file_where_text_is_expected_is_the_senders_fault(town: Town) -> None:
    """Each address with some of the names, all names over the addresses."""
    names = field_names()
    for number, (visitor, address) in enumerate(posts(town)):
        taken = taken_at(town, address)
        for name in (name for name in set(names[number % 12 :: 12]) if not taken.takes(name)):
            body = with_token(town, visitor, [(name, b"%PDF-1.7", True)])
            answer = send(town, visitor, address, **body)
            assert answer.status_code == 400, f"{address} {name}: {answer.status_code}"


def test_a_file_part_on_the_verify_page_gets_a_page_in_the_readers_language(town: Town) -> None:
    for lang, words in (("en", "We could not read this request"), ("km", "យើងអានសំណើនេះមិនបាន")):
        data = {"csrf_token": town.token("anonymous"), "number": (io.BytesIO(b"x"), "x.txt")}
        answer = send(town, "anonymous", f"/{lang}/verify", data=data, content_type="multipart/form-data")
        assert answer.status_code == 400
        assert words in answer.text
        assert f'lang="{lang}"' in answer.text


WRONG = {
    "a NUL": [b"a\0b"],
    "what is no UTF-8": [INVALID],
    "the same name many times": [b"1", b"2", INVALID, b"<x>", b"4"],
    "very long": [b"9" * 15_000],
    "a name that is a list": [b"[]"],
    "nothing": [b""],
}


@pytest.mark.parametrize("kind", WRONG)
def test_every_field_with_a_wrong_part(town: Town, kind: str) -> None:
    """All fields of all forms at once: whichever a view reads, it gets the wrong part."""
    names = field_names()
    for visitor, address in posts(town):
        parts = [(name, content, False) for name in names for content in WRONG[kind]]
        answer = send(town, visitor, address, **with_token(town, visitor, parts))
        assert answer.status_code < 500, f"{address} {kind}: {answer.status_code}"
        if kind == "a NUL":
            assert answer.status_code == 400, address
        if "/sign-out" in address or "/leave" in address:
            again(town, visitor)


def test_text_where_a_file_is_expected(town: Town) -> None:
    for visitor, address in posts(town):
        for name in taken_at(town, address).names:
            answer = send(town, visitor, address, **with_token(town, visitor, [(name, b"just text", False)]))
            assert answer.status_code < 500, f"{address} {name}"


@pytest.mark.parametrize("query", ["?q=%00", "?next=a%00b", "?%00=1"])
def test_a_nul_in_an_address(town: Town, query: str) -> None:
    for endpoint in ("public.register", "public.home", "security.login"):
        address = town.address(endpoint, town.things("Homely Sparrow"))
        assert town.get("anonymous", address + query).status_code == 400
