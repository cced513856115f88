"""The badge on somebody else's page: its letters come along, and nothing else is fetched or run."""

import base64
import hashlib
import re
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from translations import badge_font


def test_the_khmer_letters_cover_every_word_a_badge_can_say() -> None:
    assert badge_font.letters() <= badge_font.covered(), "run: python -m translations.badge_font"


@pytest.mark.parametrize("lang", ["km", "en"])
def test_words_and_letters(client: FlaskClient, numbers: dict[str, str], lang: str) -> None:
    response = client.get(f"/badge/{numbers['fast-turtle-fibre']}.svg?lang={lang}")
    picture = ET.fromstring(response.data)
    said = "".join(picture.itertext())
    assert ("សុពលភាព" if lang == "km" else "In good standing") in said
    styles = re.findall("<style>(.*?)</style>", response.text)
    assert len(styles) == (lang == "km")
    for style in styles:
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in response.headers["Content-Security-Policy"]
    assert "http" not in response.text.replace("http://www.w3.org/2000/svg", "")
    assert len(response.data) < 16_000
