"""The blank questionnaire on paper: the questions of the kinds named, in both languages."""

import re
import subprocess
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance.bounded import runner
from compliance.clock import today
from compliance.settings import Settings
from questionnaires import Facts, current
from questionnaires.foreseeing import could_be_asked
from tests import helpers


def read(pdf: bytes) -> str:
    """The text that comes back out, without spaces: lines may break anywhere."""
    told = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return bare(told)


def bare(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


@pytest.mark.parametrize("lang", ["km", "en"])
def test_everybody_prints_the_questions_of_a_kind(client: FlaskClient, settings: Settings, lang: str) -> None:
    edition = current()
    sent = client.get(f"/{lang}/code/questionnaire.pdf?kind=internet_cafe&kind=nonsense")
    assert (sent.status_code, sent.mimetype) == (200, "application/pdf")
    assert "public" in sent.headers["Cache-Control"]
    text = read(sent.data)
    asked = could_be_asked(edition, Facts(frozenset({"internet_cafe"}), today()))
    assert 0 < len(asked) < len(edition.questions)
    for question in edition.questions:
        assert (bare(question.text[lang]) in text) == (question in asked), question.id
        if question in asked:
            assert bare(question.help[lang]) in text
            assert question.example
            assert bare(question.example[lang]) in text, question.id
            for option in question.options:
                assert bare(option.label[lang]) in text
    assert bare(edition.marker[lang]) in text
    assert {"km": "១២៨០", "en": "1280"}[lang] in text
    kept = list((settings.data_dir / "printed").iterdir())
    assert client.get(f"/{lang}/code/questionnaire.pdf?kind=internet_cafe").data == sent.data
    assert list((settings.data_dir / "printed").iterdir()) == kept


def test_while_others_are_drawn_the_page_says_to_come_back(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "_held", Counter({"somebody": runner.RUNNING + runner.WAITING}))
    sent = client.get("/en/code/questionnaire.pdf?kind=isp")
    assert sent.status_code == 503
    assert sent.headers["Retry-After"]
    assert client.get("/en/code").status_code == 200


def test_a_company_prints_its_own_with_its_name(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        owner = helpers.person("owner@cafe.example")
        company = helpers.company(owner, name_km="ហាង សុវណ្ណ", workers=2).id
    helpers.sign_in(client, "owner@cafe.example")
    sent = client.get(f"/km/company/{company}/questionnaire.pdf")
    text = read(sent.data)
    assert bare("ហាង សុវណ្ណ") in text
    assert "no-store" in sent.headers["Cache-Control"]
    lighter = [question.evidence.small_business_alternative for question in current().questions]
    assert any(one and bare(one.km) in text for one in lighter)
    page = client.get(f"/km/company/{company}/questionnaire").text
    assert f"/km/company/{company}/questionnaire.pdf" in page
    policy = current().question("gov_policy")
    assert policy.example
    assert all(words.km in page for words in (policy.text, policy.help, policy.example))
