"""The drawn certificate: one page, our fonts, every text back out, the same bytes, nothing fetched, nothing missing."""

import dataclasses
import datetime as dt
import gc
import hashlib
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pymupdf
import pytest
import segno

from bench.certificates_data import facts
from bench.pdf_text import READERS, come_back, source_texts, squeeze, structure
from certificates import AssetError, CertificateFacts, RenderError, Words, assets, render
from certificates.facts import LONGEST, scope_length
from certificates.khmer import printable
from certificates.page import BODY_SIZES, page, template

Draw = Callable[[CertificateFacts], bytes]
CUTS = ("", "-Medium", "-Semi-Bold", "-Italic")
FONTS = {"Moul", "Battambang", "Battambang-Bold"} | {f"Garamond{cut}" for cut in CUTS}


def _named(km: str, en: str) -> CertificateFacts:
    return dataclasses.replace(facts(0), company=Words(km, en))


@pytest.fixture
def fullest() -> CertificateFacts:
    """As much text as facts may hold, in words as long as they come."""
    long = facts(4)
    km, en = long.company.km, long.company.en
    return dataclasses.replace(
        long,
        company=Words((km * 3)[: LONGEST["company"]], (en * 3)[: LONGEST["company"]]),
        kinds=(Words((km * 3)[: LONGEST["kinds"]], (en * 3)[: LONGEST["kinds"]]),),
        scope=Words((km * 4)[: LONGEST["scope"]], (en * 4)[: LONGEST["scope"]]),
        lunar="ថ្ងៃព្រហស្បតិ៍ ១៥រោច ខែទុតិយាសាឍ ឆ្នាំម្សាញ់ សំរឹទ្ធិស័ក ព.ស. ២៥៧០",
    )


def test_one_a4_page_lying(each_facts: CertificateFacts, drawn: Draw) -> None:
    with pymupdf.open(stream=drawn(each_facts)) as document:
        assert len(document) == 1
        assert [round(side / 72 * 25.4) for side in document[0].rect.br] == [297, 210]


@pytest.mark.parametrize("reader", READERS)
def test_every_text_comes_back_letter_for_letter(reader: str, each_facts: CertificateFacts, drawn: Draw) -> None:
    read = READERS[reader](drawn(each_facts))
    assert come_back(each_facts, read) == 1
    assert sorted(squeeze(read)) == sorted(squeeze("".join(source_texts(each_facts))))


@pytest.mark.parametrize("reader", READERS)
def test_a_letter_twice_in_a_row_comes_back_twice(reader: str, drawn: Draw) -> None:
    """ឆ្នាំមមី, អ៊ីនធឺណិតតាម: readers that see bold in a repeated letter must not swallow one."""
    twice = _named("សេវាអ៊ីនធឺណិតតាមផ្ទះ ឆ្នាំមមី", "Committee of Accountants")
    assert come_back(twice, READERS[reader](drawn(twice))) == 1


def test_glyph_after_glyph_says_each_line(each_facts: CertificateFacts, drawn: Draw) -> None:
    """What `pdfinfo -struct-text` shows, and whoever knows no /ActualText, is Khmer as it is written."""
    read = structure(drawn(each_facts))
    assert come_back(each_facts, read) == 1
    assert read.count("ព្រះរាជាណាចក្រកម្ពុជា\n") == 1


def test_the_same_facts_give_the_same_bytes(each_facts: CertificateFacts, drawn: Draw) -> None:
    assert render.pdf(each_facts) == drawn(each_facts)


def test_another_process_gives_the_same_bytes(tmp_path: Path, drawn: Draw) -> None:
    source, out = tmp_path / "facts.json", tmp_path / "out.pdf"
    source.write_bytes(facts(3).to_json())
    subprocess.run([sys.executable, "-m", "certificates", "render", source, out], check=True)
    assert out.read_bytes() == drawn(facts(3))


def test_only_our_fonts_and_all_embedded(each_facts: CertificateFacts, drawn: Draw) -> None:
    with pikepdf.open(io.BytesIO(drawn(each_facts))) as document:
        fonts = document.pages[0].Resources.Font
        names = {str(font.BaseFont).partition("+")[2] for font in fonts.values()}
        assert names <= FONTS
        for font in fonts.values():
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
            assert "/ToUnicode" in font


def test_the_file_is_sound(each_facts: CertificateFacts, drawn: Draw, tmp_path: Path) -> None:
    file = tmp_path / "certificate.pdf"
    file.write_bytes(drawn(each_facts))
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_it_claims_pdf_a_3a_and_pdf_ua_1(drawn: Draw) -> None:
    with pikepdf.open(io.BytesIO(drawn(facts(3)))) as document:
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "km"
        assert document.Root.OutputIntents[0].S == "/GTS_PDFA1"


def test_pictures_say_what_they_show(drawn: Draw) -> None:
    with pikepdf.open(io.BytesIO(drawn(facts(3)))) as document:
        texts = [
            str(thing.Alt) for thing in document.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        ]
    assert any("កម្រិតទី៤ ក្នុងចំណោម៤" in text for text in texts)
    assert any(facts(3).verify_url in text for text in texts)


def test_the_credential_travels_inside(drawn: Draw) -> None:
    inside = b'{"type": ["VerifiableCredential"]}'
    with pikepdf.open(io.BytesIO(render.pdf(facts(1), inside))) as document:
        assert document.attachments["credential.json"].get_file().read_bytes() == inside
        assert document.Root.AF[0].AFRelationship == "/Data"
    with pikepdf.open(io.BytesIO(drawn(facts(1)))) as document:
        assert not document.attachments


def test_the_day_of_issue_and_the_first_day_are_told_apart(drawn: Draw) -> None:
    later = dataclasses.replace(facts(2), starts=dt.date(2027, 2, 1))
    with pymupdf.open(stream=drawn(later)) as document:
        read = " ".join(document[0].get_text().split())
    assert "Valid from 1 February 2027 until 20 November 2028" in read
    assert "Phnom Penh, 21 November 2026" in read
    assert read.count("កុម្ភៈ") == 1


def test_what_it_takes_the_place_of_is_printed_under_the_number(drawn: Draw) -> None:
    anew = dataclasses.replace(
        facts(2), replaces=facts(1).number, starts=facts(2).valid_from, issued=dt.date(2027, 2, 1)
    )
    with pymupdf.open(stream=drawn(anew)) as document:
        assert len(document) == 1
        read = " ".join(document[0].get_text().split())
    assert f"In place of {facts(1).number}" in read
    assert "Valid from 21 November 2026" in read
    assert "Phnom Penh, 1 February 2027" in read


def test_brands_are_printed_beside_the_scope(drawn: Draw, fullest: CertificateFacts) -> None:
    some = dataclasses.replace(facts(2), brands=("ភ្លើង ឆាត", "Firefly Maps"))
    with pymupdf.open(stream=drawn(some)) as document:
        read = " ".join(document[0].get_text().split())
    assert "Brands: ភ្លើង" in read.replace("\u200b", "")
    assert "Firefly Maps" in read
    scope = Words(fullest.scope.km[:150], fullest.scope.en[:150])
    brands = tuple(f"Wide Window {n}" for n in range(8))
    crowded = dataclasses.replace(fullest, scope=scope, brands=brands)
    with pymupdf.open(stream=drawn(crowded)) as document:
        assert len(document) == 1
        assert all(brand in " ".join(document[0].get_text().split()) for brand in brands)


def test_what_is_not_covered_is_printed_under_the_scope(drawn: Draw, fullest: CertificateFacts) -> None:
    said = Words("ហាងនៅក្រៅប្រទេស", "The shop abroad")
    with pymupdf.open(stream=drawn(dataclasses.replace(facts(2), not_covered=said))) as document:
        read = " ".join(document[0].get_text().split()).replace("\u200b", "")
    assert "Not covered: The shop abroad" in read
    assert "មិនគ្របដណ្តប់៖" in read
    room = LONGEST["scope"] - scope_length("", (), "ក" * 140)
    full = Words(fullest.scope.km[:room], fullest.scope.en[:room])
    beside = Words(fullest.scope.km[:140], fullest.scope.en[:140])
    with pymupdf.open(stream=drawn(dataclasses.replace(fullest, scope=full, not_covered=beside))) as document:
        assert len(document) == 1


def test_the_background_is_no_content(drawn: Draw) -> None:
    """The frame is an artifact: who hears the certificate read does not hear 300 flowers."""
    with pikepdf.open(io.BytesIO(drawn(facts(2)))) as document:
        first = pikepdf.parse_content_stream(document.pages[0])[:6]
        assert [str(step.operator) for step in first] == ["BMC", "q", "cm", "Do", "Q", "EMC"]
        assert str(first[0].operands[0]) == "/Artifact"


def test_the_qr_code_holds_the_address(drawn: Draw) -> None:
    """Each module of the printed code, looked at in the picture, is what the address's code says."""
    rows = [list(row) for row in segno.make(facts(0).verify_url, error="m", micro=False).matrix]
    with pymupdf.open(stream=drawn(facts(0))) as document:
        picture = document[0].get_pixmap(dpi=600)
    point = 600 / 25.4
    module = 23 / (len(rows) + 4)
    left, top = 29.5, 145.4 + 14.6
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            at = [int((start + (place + 2.5) * module) * point) for start, place in ((left, x), (top, y))]
            assert (picture.pixel(*at)[0] < 128) == bool(dark), (x, y)


def _boxes(pdf: bytes) -> list[tuple[float, float, float, float, str]]:
    with pymupdf.open(stream=pdf) as document:
        lines = [line for block in document[0].get_text("dict")["blocks"] for line in block.get("lines", ())]
        return [
            (*(side / 72 * 25.4 for side in line["bbox"]), "".join(span["text"] for span in line["spans"]))
            for line in lines
        ]


@pytest.mark.parametrize("which", ["each", "fullest"])
def test_long_texts_step_down_and_stay_in_their_place(
    which: str, each_facts: CertificateFacts, fullest: CertificateFacts, drawn: Draw
) -> None:
    """Nothing leaves the frame, and the scope ends above the emblem."""
    shown = fullest if which == "fullest" else each_facts
    boxes = _boxes(drawn(shown))
    assert all(left > 19 and right < 278 and top > 18 and bottom < 193 for left, top, right, bottom, _ in boxes)
    tail = shown.scope.en.split()[-1]
    ends = [bottom for _, top, _, bottom, text in boxes if tail in text and 110 < top < 160]
    assert ends
    assert max(ends) < 142


def test_steps_follow_the_length(fullest: CertificateFacts) -> None:
    assert 'class="body roomy"' in page(facts(5))
    assert 'class="body dense"' in page(fullest)
    assert list(BODY_SIZES.values()) == sorted(BODY_SIZES.values(), reverse=True)
    assert '<h2 class="l">' in page(facts(0))
    assert '<h2 class="s">' in page(facts(4))


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=file:///etc/passwd onerror=x>',
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "</p><style>@import url(http://evil.example/x.css); * { display: none }</style>",
    "<link rel=attachment href=file:///etc/passwd>",
    "&lt;b&gt; &amp; &#x202e;",
    "'; DROP TABLE awards; --",
    "(\\) Tj ET Q endstream endobj",
    "😀 汉字 ไทย ١٢٣ \ue000 \U0010ffff",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_printed_as_text(name: str, drawn: Draw) -> None:
    hostile = dataclasses.replace(_named(name, name), scope=Words(name, name), lunar=name)
    pdf = drawn(hostile)
    for reader in READERS.values():
        assert squeeze(printable(hostile.company.en)) in squeeze(reader(pdf))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 1
        assert not document.attachments


def test_letters_no_font_has_are_marked() -> None:
    assert printable("Ānkor 汉 😀 ក្រ–«អ» €") == "Ānkor ? ? ក្រ–«អ» €"


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.example/",
        "file:///etc/passwd",
        "data:text/css,x",
        "asset:../certificate.css",
        "asset:none.ttf",
        "",
    ],
)
def test_nothing_but_our_fonts_is_ever_fetched(address: str) -> None:
    with pytest.raises(AssetError):
        assets.OwnAssets().fetch(address)


def test_a_missing_font_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "font_names", lambda: frozenset({"moul-khmer-400-normal.ttf"}))
    render._studio.cache_clear()
    with pytest.raises(AssetError):
        render.pdf(facts(0))
    monkeypatch.undo()
    render._studio.cache_clear()


def test_a_letter_without_our_font_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the filter ever to let one through, no certificate comes out rather than one with another font."""
    monkeypatch.setattr("certificates.page.template", template.__wrapped__)
    monkeypatch.setattr("certificates.khmer.printable", lambda text: text)
    with pytest.raises(RenderError):
        render.pdf(_named("ហ៊ុន", "Hun \u2603\U0001f9ff"))


def test_many_certificates_leave_nothing_behind() -> None:
    """The long run is the benchmark's; here only that nothing is kept for each certificate."""
    for turn in range(2):
        render.pdf(facts(turn))
    gc.collect()
    before = len(gc.get_objects())
    for turn in range(12):
        render.pdf(facts(turn))
    gc.collect()
    assert len(gc.get_objects()) - before < 2_000


def test_sha256_of_the_facts_names_the_file(drawn: Draw) -> None:
    with pikepdf.open(io.BytesIO(drawn(facts(0)))) as document:
        assert bytes(document.trailer.ID[0]).decode() == hashlib.sha256(facts(0).to_json()).hexdigest()[:32]
