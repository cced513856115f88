"""The square picture of a certificate: there while it is true, in our letters, and drawn once."""

import dataclasses
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageColor

from bench.certificates_data import COMPANIES, facts
from certificates import Words, square
from certificates.facts import LONGEST
from certificates.khmer import printable
from certificates.palette import PRINT
from compliance import clock
from compliance.domain.standing import AwardAct
from compliance.journeys.api import share_picture
from compliance.settings import Settings
from compliance.store.base import db
from tests.actions.histories import START, History, begin, on
from tests.keys import lay_keys
from tests.public.certified import certify


def squeeze(text: str) -> str:
    return re.sub(r"\s|\ufffe", "", text)


@pytest.fixture
def history(app: Flask, settings: Settings) -> Iterator[History]:
    with app.app_context(), clock.held(on(START)):
        lay_keys(settings.keys_dir)
        yield begin()


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png), formats=["PNG"]).convert("RGB")


def test_it_says_what_of_whom_until_when_and_where_to_check_in_the_colour_of_the_level() -> None:
    for turn in range(4):
        one = facts(turn)
        read = pypdfium2.PdfDocument(square.sheet(one))[0].get_textpage().get_text_bounded()
        for said in (
            one.number,
            one.company.en,
            one.level.name.en,
            "Valid until 20\u00a0November\u00a02028",
            "Sample.",
        ):
            assert said.replace("\u00a0", " ") in " ".join(read.split()), said
        assert f"awards.example.gov.kh/verify/{one.number}" in read
        assert "Ministry of Post and Telecommunications" in read
        png = square.png(one)
        assert len(png) < 150_000
        corner = opened(png).crop((5, 5, 6, 6)).tobytes()
        wanted = ImageColor.getrgb(PRINT[one.level.id]["band"])
        assert all(abs(a - b) < 4 for a, b in zip(corner, wanted, strict=True)), one.level.id


def test_the_longest_names_and_what_no_font_has_are_drawn_whole() -> None:
    long = COMPANIES[4]
    full = Words((long.km * 3)[: LONGEST["company"]], (long.en * 3)[: LONGEST["company"]])
    for name in (full, Words("ក" * 200, "W" * 200), Words("😀 <b>", "<script>汉")):
        read = pypdfium2.PdfDocument(square.sheet(dataclasses.replace(facts(0), company=name)))[0].get_textpage()
        assert squeeze(printable(name.en)) in squeeze(read.get_text_bounded())


def test_it_is_there_while_it_is_true_and_drawn_once(app: Flask, client: FlaskClient, history: History) -> None:
    share_picture._drawn.cache_clear()
    number = history.grant().number
    address, page = f"/certificates/{number}.png", f"/en/register/{history.slug}"
    assert client.get(address).status_code == 404, "before there is a certificate"
    certify(app, number)
    db.session.remove()
    with clock.held(on(START + timedelta(days=1))):
        answer = client.get(address)
        assert opened(answer.data).size == (1080, 1080)
        assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/png", "public, no-cache")
        assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        assert share_picture._drawn.cache_info().misses == 1
        shown = client.get(page).text
        assert f'<meta property="og:image" content="http://localhost{address}">' in shown
        assert f'<a href="{address}">' in shown
        assert 'og:image:alt" content="Pond: Committed company – Ministry of Post and Telecommunications"' in shown
    award = history.awards[0]
    for day in (award.ends + timedelta(days=1), award.term.grace_ends + timedelta(days=1)):
        with clock.held(on(day)):
            assert client.get(address).status_code == 404, day
            assert address not in client.get(page).text
    with clock.held(on(START + timedelta(days=2))):
        history.act(award, AwardAct.SUSPENDED)
        assert client.get(address).status_code == 404
        assert address not in client.get(page).text


def test_of_a_number_that_is_none_there_is_none(client: FlaskClient) -> None:
    for number in ("COP-KH-2026-00042-18", "x", "%00", "COP-KH-" + "9" * 300):
        assert client.get(f"/certificates/{number}.png").status_code == 404, number


def test_who_comes_when_two_wait_is_told_to_ask_again(app: Flask, client: FlaskClient, history: History) -> None:
    number = history.grant().number
    certify(app, number)
    db.session.remove()
    held = [share_picture._places.acquire(blocking=False) for _place in range(2)]
    try:
        with clock.held(on(START + timedelta(days=1))):
            answer = client.get(f"/certificates/{number}.png")
    finally:
        for _place in held:
            share_picture._places.release()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
