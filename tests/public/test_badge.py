"""The badge on somebody else's page: small, truthful to the day, its letters inside, nothing fetched or run."""

import base64
import hashlib
import html
import io
import re
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from fontTools.ttLib import TTFont

from certificates import emblem, lettering
from compliance.journeys.api.badge_drawing import LARGEST, LETTERS
from compliance.store.base import transaction
from compliance.store.companies import Company
from compliance.store.register import refresh_entry

SLUG = "fast-turtle-fibre"
LONG_KM = "ក្រុមហ៊ុន អភិវឌ្ឍន៍បច្ចេកវិទ្យាព័ត៌មាន និងទូរគមនាគមន៍ខ្មែរអន្តរជាតិ ឯ.ក"
NAMES = [
    (f"{LONG_KM} {LONG_KM}"[:120], "W" * 90),
    (LONG_KM, "Khmer International Information Technology and Telecommunications Co., Ltd."),
    ("ក្រុមហ៊ុន ABC & <b> (Cambodia)", 'Café "Ōsaka" & <b> Co.'),
]
WHOLE = frozenset(NAMES[1])
"""Names of the longest kind that companies have."""


def written(picture: bytes) -> str:
    """What is drawn, without the title."""
    return " ".join("".join(text.itertext()) for text in ET.fromstring(picture).findall(".//{*}text"))


def letters(picture: bytes) -> set[str]:
    """The characters of the font inside."""
    data = re.search(rb"base64,([^)]+)\)", picture)
    assert data is not None
    return {chr(code) for code in TTFont(io.BytesIO(base64.b64decode(data[1]))).getBestCmap()}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("lang", "award", "ministry", "level", "company"),
    [
        ("km", "ពានរង្វាន់ក្រុមហ៊ុនគំរូ", "ក្រសួងប្រៃសណីយ៍", "មាស", "អណ្តើកលឿន"),
        ("en", "Champion Companies", "Ministry of Post", "Gold", "Fast Turtle Fibre"),
    ],
)
def test_it_says_award_ministry_level_and_company_in_letters_of_its_own(
    client: FlaskClient,
    numbers: dict[str, str],
    lang: str,
    theme: str,
    award: str,
    ministry: str,
    level: str,
    company: str,
) -> None:
    answer = client.get(f"/badge/company/{SLUG}.svg?lang={lang}&theme={theme}")
    said = written(answer.data)
    assert all(words in said for words in (award, ministry, level, company)), said
    assert set(said) - {" "} <= letters(answer.data)
    assert len(answer.data) <= LARGEST == 8192
    assert "http" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    (style,) = re.findall("<style>(.*?)</style>", answer.text)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert client.get(answer.request.full_path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_long_and_odd_names_stay_inside_and_small(app: Flask, client: FlaskClient, numbers: dict[str, str]) -> None:
    for km, en in NAMES:
        with app.app_context(), transaction() as session:
            company = session.scalars(sa.select(Company).where(Company.slug == SLUG)).one()
            company.name_km, company.name_latin = km, en
            session.flush()
            refresh_entry(session, company.id)
        for lang, name in (("km", km), ("en", en)):
            drawn = client.get(f"/badge/company/{SLUG}.svg?lang={lang}").data
            assert len(drawn) <= LARGEST, (lang, name)
            assert letters(drawn), "the letters are the last thing to give way"
            begins = written(drawn)[written(drawn).index(name[:8]) :]
            assert name in begins.replace("  ", " ") or "…" in begins or name[:20] in begins, begins
            if name in WHOLE:
                assert "…" not in begins, "long names stand whole, in smaller letters"
                named = ET.fromstring(drawn).attrib["aria-labelledby"].split()
                ids = [text.attrib["id"] for text in ET.fromstring(drawn).iter() if "id" in text.attrib]
                assert len(named) == 3
                assert set(named) <= set(ids), "both lines are read aloud"


@pytest.mark.parametrize(
    ("slug", "says", "mark"), [("sleepy-buffalo-cloud", "Suspended", "M124 "), ("red-lantern-apps", "Revoked", "M124 ")]
)
def test_one_that_no_longer_holds_says_so_first_and_in_grey(
    client: FlaskClient, numbers: dict[str, str], slug: str, says: str, mark: str
) -> None:
    drawn = client.get(f"/badge/company/{slug}.svg?lang=en").data
    said = written(drawn)
    assert says in said
    assert not any(level in said for level in ("Gold", "Silver", "Bronze", "Committed")), "claims no level"
    assert b'filter="url(#g)"' in drawn
    assert mark.encode() in drawn


def test_the_page_gives_lines_that_work_as_they_are(client: FlaskClient, numbers: dict[str, str]) -> None:
    page = client.get(f"/en/register/{SLUG}/badge")
    lines = [html.unescape(line) for line in re.findall(r'<code class="cp-hash" lang="en">(.*?)</code>', page.text)]
    assert [line.count("<picture>") for line in lines] == [0, 1, 0, 1]
    for line in lines:
        assert re.search(' alt="[^"]+"', line), line
        for address in re.findall('(?:src|srcset|href)="([^"]+)"', line):
            wanted = html.unescape(address).removeprefix("http://localhost")
            assert client.get(wanted).status_code == 200, address
    assert f"/en/register/{SLUG}/badge" in client.get(f"/en/register/{SLUG}").text
    assert client.get("/en/register/nobody/badge").status_code == 404


def test_the_compact_emblem_is_the_page_s_own(client: FlaskClient) -> None:
    """Eight equal petals are one, turned: turning the first of the drawing gives the other seven."""
    for level in emblem.SCREEN:
        drawn = emblem.compact(level)
        assert len(drawn) < 1200
        ET.fromstring(f"<g>{drawn}</g>")
        circles = len(re.findall("<circle", drawn))
        paths = len(re.findall("<path", drawn))
        rings = len(re.findall(r"rotate\(180", drawn))
        assert circles + paths + 7 * rings == len(emblem.drawing(level).body), level


def test_the_english_letters_are_cut_from_our_font(app: Flask) -> None:
    """After a change of the font: python -m certificates letters static/fonts."""
    font, ems = lettering.latin()
    kept = lettering.FONTS / "badge-latin-600.woff2"
    assert LETTERS in str(kept)
    assert kept.read_bytes() == font
    assert ems["W"] > ems["i"]
