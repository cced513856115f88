"""Documents to adapt, as a company takes them away and brings them back."""

import io
import re
import zipfile

import pytest
from docx import Document

from compliance import clock
from compliance.domain.roles import CompanyRole
from questionnaires import current
from tests.officer.conftest import Bench, send

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def words_of(data: bytes) -> str:
    """All paragraphs and cells of a Word file."""
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize("lang", ["km", "en"])
@pytest.mark.parametrize("template", [template.id for template in current().templates])
def test_each_is_a_word_file_with_the_companys_name(bench: Bench, template: str, lang: str) -> None:
    reply = bench.client.get(bench.path(f"/template/{template}.{lang}.docx", lang="km"))
    assert reply.status_code == 200
    assert reply.mimetype == DOCX
    assert f'filename="{template}.{lang}.docx"' in reply.headers["Content-Disposition"]
    words, said = words_of(reply.data), current().template(template)
    name = {"km": "ក្រុមហ៊ុន តេស្ត", "en": "Test Company"}[lang]
    assert said.title[lang] in words
    assert name in words
    assert "{company}" not in words
    assert ("To be adapted" in words) == (lang == "en")


def test_the_file_is_of_its_day_and_khmer_to_word(bench: Bench) -> None:
    data = bench.client.get(bench.path("/template/policy.km.docx")).data
    document = Document(io.BytesIO(data))
    about = document.core_properties
    assert {about.created, about.modified} == {clock.now().replace(microsecond=0)}
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert not [name for name in packed.namelist() if "thumbnail" in name]
        styles = packed.read("word/styles.xml").decode()
    assert re.findall(r'w:bidi="([^"]+)"', styles) == ["km-KH"]
    assert document.styles["Heading 2"].font.cs_bold
    assert all(cell.paragraphs[0].runs[-1].font.cs_bold for cell in document.tables[-1].rows[0].cells)


def test_they_stand_beside_the_question(bench: Bench) -> None:
    page = bench.client.get(bench.path("/question/gov_pledge", lang="km")).text
    assert "/template/pledge.km.docx" in page
    assert "/template/pledge.en.docx" in page
    assert "/template/" not in bench.client.get(bench.path("/question/edu_free_access")).text


def test_the_adapted_pledge_is_taken_as_the_answer(bench: Bench) -> None:
    pledge = bench.client.get(bench.path("/template/pledge.km.docx")).data
    reply = send(bench.client, bench.path("/question/gov_pledge"), file=(io.BytesIO(pledge), "ពាក្យសន្យា.docx"))
    assert reply.status_code == 302
    assert "ពាក្យសន្យា.docx" in bench.client.get(bench.path("/question/gov_pledge")).text


def test_whoever_may_read_may_take_one(bench: Bench) -> None:
    assert bench.colleague(CompanyRole.VIEWER).get(bench.path("/template/policy.en.docx")).status_code == 200


def test_a_stranger_gets_none(bench: Bench) -> None:
    assert bench.stranger().get(bench.path("/template/policy.en.docx")).status_code == 404


@pytest.mark.parametrize("name", ["oath.en", "pledge.fr", "pledge.", "..%2Fpledge.en", "pledge.en.en"])
def test_what_is_not_offered_is_not_found(bench: Bench, name: str) -> None:
    assert bench.client.get(bench.path(f"/template/{name}.docx")).status_code == 404
