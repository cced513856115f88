"""The offline form in tests: downloaded, changed as a spreadsheet would, uploaded, and what was chosen sent."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from html import unescape

from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from compliance.bounded.form_layout import COLUMNS
from tests import helpers
from tests.officer.conftest import Bench

Change = Callable[[Workbook, Worksheet], None]


def downloaded(client: FlaskClient, bench: Bench, lang: str = "en") -> bytes:
    """The form's bytes as its link gives them."""
    sent = client.get(bench.path(f"/form.{lang}.xlsx"))
    assert sent.status_code == 200
    return sent.data


def row_of(sheet: Worksheet, name: str) -> int:
    """Where a question (or `question=option`) stands."""
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == name)


def cell(sheet: Worksheet, name: str, part: str = "answer") -> Cell:
    """The cell of a question's answer, or of another part of its row."""
    return sheet.cell(row_of(sheet, name), COLUMNS.index(part) + 1)


def changed(form: bytes, change: Change) -> bytes:
    """The form as it is after somebody worked in it."""
    book = load_workbook(io.BytesIO(form))
    change(book, book.worksheets[0])
    return saved(book)


def saved(book: Workbook) -> bytes:
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def filled(form: bytes, answers: Mapping[str, object]) -> bytes:
    """The form with these cells written: by id, or `id.part`."""

    def write(_book: Workbook, sheet: Worksheet) -> None:
        for name, value in answers.items():
            question, _dot, part = name.partition(".")
            cell(sheet, question, part or "answer").value = value

    return changed(form, write)


def repacked(form: bytes, rewrite: Mapping[str, Callable[[str], str]]) -> bytes:
    """The same workbook with some of its parts rewritten, as other programs write them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry in rewrite:
                content = rewrite[entry](content.decode()).encode()
            new.writestr(entry, content)
    return packed.getvalue()


def upload(client: FlaskClient, bench: Bench, form: bytes, lang: str = "en", name: str = "form.xlsx") -> TestResponse:
    """What the portal answers to an uploaded form."""
    token = helpers.token(client.get(f"/{lang}/company/register"))
    sent = MultiDict([("csrf_token", token), ("form", FileStorage(io.BytesIO(form), name, "form"))])
    boundary, body = encode_multipart(sent)  # the client's own way leaves a temporary file open
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(bench.path("/form", lang), data=body, content_type=kind)


def fields(preview: TestResponse) -> dict[str, list[str]]:
    """What the preview would send when its button is pressed."""
    form = re.search(r'<form method="post" action="[^"]+/form/take".*?</form>', preview.text, re.DOTALL)
    assert form, told(preview)
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form.group()):
        said = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if said["type"] == "hidden" or tag.endswith(" checked>") or " checked " in tag:
            found.setdefault(said["name"], []).append(said.get("value", ""))
    return found


def take(client: FlaskClient, bench: Bench, preview: TestResponse, **choices: str) -> TestResponse:
    """Presses the preview's button with some choices made first (by question)."""
    data = fields(preview) | {f"choice-{question}": [choice] for question, choice in choices.items()}
    return client.post(bench.path("/form/take"), data=data, content_type="multipart/form-data")


def refusals(page: TestResponse) -> dict[str, str]:
    """The reason that each cell is refused for."""
    found = re.findall(r"<b>Cell ([^<]+)</b>.*?govuk-error-message\">([^<]+)<", page.text, re.DOTALL)
    return {place: unescape(reason) for place, reason in found}


def told(page: TestResponse) -> str:
    """The page's words without markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def names(preview: TestResponse) -> Iterator[str]:
    """The questions that would change."""
    return (name.removeprefix("seen-") for name in fields(preview) if name.startswith("seen-"))
