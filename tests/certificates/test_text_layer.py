"""Khmer comes back out of a PDF as written, with its spaces, in three readers and from the structure's glyphs; a name
is drawn in one font."""

import dataclasses
import random
import re
from pathlib import Path

import pymupdf
import pytest
from markupsafe import Markup
from weasyprint import HTML

from bench.certificates_data import facts
from bench.pdf_text import READERS, structure
from certificates import RenderError, Words, render
from certificates.khmer import line_breaks
from certificates.page import page

CONSONANTS = [chr(code) for code in range(0x1780, 0x17A3) if code not in {0x179D, 0x179E}]
VOWELS = [
    "",
    *(chr(code) for code in range(0x17B6, 0x17C8)),
    "\u17bb\u17c6",
    "\u17b6\u17c6",
    "\u17cb",
    "\u17cd",
    "\u17d0",
]
CATALOGUE = Path(__file__).parents[2] / "translations/km/LC_MESSAGES/messages.po"


def _syllable(chance: random.Random) -> str:
    syllable = chance.choice(CONSONANTS)
    if chance.random() < 0.35:
        syllable += "\u17d2" + chance.choice(CONSONANTS[:-1])
    if chance.random() < 0.1:
        syllable += chance.choice("\u17c9\u17ca")
    return syllable + chance.choice(VOWELS)


def _patterns(seed: int) -> list[str]:
    """Every consonant doubled, tripled, under itself, with a vowel twice; and words of syllables nobody chose."""
    chance = random.Random(seed)
    lines = [f"ក{letter * 2}ង {letter * 3}" for letter in CONSONANTS]
    for letter in CONSONANTS:
        vowel = chance.choice(VOWELS)
        lines.append(f"{letter}{vowel}{letter}{vowel}{letter} {letter}\u17d2{letter}{letter}")
    for _ in range(120):
        words = ["".join(_syllable(chance) for _ in range(chance.randint(1, 4))) for _ in range(chance.randint(1, 3))]
        lines.append(" ".join(word + word[-1] * (word[-1] in CONSONANTS) for word in words))
    return lines


def _sentences() -> list[str]:
    """Lines that people wrote: the portal's own texts."""
    runs = {run.strip() for run in re.findall("[\u1780-\u17d3 ]{3,60}", CATALOGUE.read_text())}
    return [run for run in sorted(runs) if "\u1780" <= run[:1] <= "\u17b3"][::4]


def _drawn(lines: list[str], font: str) -> bytes:
    studio = render._studio()
    style = f"@page{{size:600mm 900mm;margin:5mm}} p{{text-align:left;font:9pt/2.2 {font}}}"
    body = "".join(f"<p>{line_breaks(line)}</p>" for line in lines)
    html = HTML(string=f"<html lang=km><title>x</title><style>{style}</style>{body}", url_fetcher=studio.assets)
    sheets = [studio.styles["gold"]]
    return bytes(html.write_pdf(stylesheets=sheets, font_config=studio.fonts, pdf_variant="pdf/ua-1"))


def _all_pages(pdf: bytes) -> list[bytes]:
    with pymupdf.open(stream=pdf) as document:
        singles = []
        for number in range(len(document)):
            with pymupdf.open() as single:
                single.insert_pdf(document, from_page=number, to_page=number)
                singles.append(single.tobytes())
        return singles


@pytest.mark.parametrize("font", ["Moul", "Battambang"])
@pytest.mark.parametrize("seed", [1, None])
def test_every_line_comes_back_with_its_spaces(font: str, seed: int | None) -> None:
    lines = _sentences() if seed is None else _patterns(seed)
    whole = _drawn(lines, font)
    texts = {name: "\n".join(map(read, _all_pages(whole))) for name, read in READERS.items()}
    if seed is not None:  # it draws the page anew for each line
        texts["structure"] = structure(whole)
    for name, text in texts.items():
        said = {line.strip() for line in text.splitlines()}
        assert [line for line in lines if line not in said] == [], name


@pytest.mark.parametrize("name", ["តុកកែបៃតង", "ទទួលបាន មមី", "អ៊ឹម ម៉ឺន ញ៉ាំ"])
def test_a_name_is_drawn_in_one_font(name: str) -> None:
    named = dataclasses.replace(facts(0), company=Words(name, "Green Gecko"))
    with pymupdf.open(stream=render.pdf(named)) as document:
        blocks = document[0].get_text("dict")["blocks"]
    spans = [span for block in blocks for line in block.get("lines", []) for span in line["spans"]]
    fonts = {span["font"].partition("+")[2] or span["font"] for span in spans if span["size"] > 26}
    assert fonts == {"Moul"}


@pytest.mark.parametrize("style", ["font-family:Battambang", "font-size:90%"])
def test_a_name_in_two_fonts_ends_the_build(style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certificates.page._khmer", lambda name: Markup(f'{name[:3]}<b style="{style}">{name[3:]}</b>'))
    with pytest.raises(RenderError, match="in more than one font"):
        render.pdf(facts(0))


def test_a_long_name_stands_on_two_like_lines() -> None:
    km = "ក្រុមហ៊ុន សេវាកម្មទូរគមនាគមន៍ និងអ៊ីនធឺណិតល្បឿនលឿន កម្ពុជា ឡែងម៉ឺន ឯ.ក"
    named = dataclasses.replace(facts(0), company=Words(km, "Green Gecko"))
    first, second = re.search(r'<h2 class="s">(.*?)<br>(.*?)</h2>', page(named)).groups()  # type: ignore[union-attr]
    assert f"{first} {second}".replace("\u200b", "") == km
    assert 0.5 < len(first) / len(second) < 2
