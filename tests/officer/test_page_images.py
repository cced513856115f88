"""Evidence is looked at as pictures of its pages, drawn by a bounded process; photos of telephones become JPEG."""

import hashlib
import io
import re
from collections.abc import Callable

import pikepdf
import pillow_heif
import pytest
from PIL import Image

from compliance.actions.page_images import COUNT, ROOM
from compliance.bounded.runner import TooHeavyError, ask
from compliance.store.base import db
from compliance.store.errors import QuarantinedFileError
from compliance.store.evidence_files import EvidenceFile, evidence_for
from compliance.store.files import file_store
from tests.actions import samples
from tests.officer.conftest import Bench, send

POLICY = "/question/gov_policy"
PHOTOS = "/question/csam_terms"


def book(pages: int, size: tuple[float, float] = (595, 842)) -> bytes:
    document = pikepdf.new()
    for _page in range(pages):
        document.add_blank_page(page_size=size)
    return samples.saved(document)


def heic(size: tuple[int, int] = (80, 60)) -> bytes:
    """As a telephone takes it: turned, with its place and model."""
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = 6, "Telephone 9"
    exif.get_ifd(0x8825)[1] = "N"
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, "HEIF", exif=exif.tobytes())
    return written.getvalue()


def give(bench: Bench, question: str, data: bytes, name: str) -> EvidenceFile:
    answer = {question.rpartition("/")[2]: "yes"}
    assert (
        send(bench.client, bench.path(question), act="stay", file=(io.BytesIO(data), name), **answer).status_code == 302
    )
    with bench.app.app_context():
        return evidence_for(db.session(), bench.assessment)[question.rpartition("/")[2]][-1]


def page(file: EvidenceFile, number: int, ending: str = "") -> str:
    return f"/en/company/file/{file.id}/page/{number}{ending}"


def test_pages_are_drawn_when_somebody_looks_and_kept(bench: Bench) -> None:
    file = give(bench, POLICY, book(6), "policy.pdf")
    shown = bench.client.get(page(file, 1)).text
    assert "Page 1 of 6" in shown
    assert f'src="{page(file, 1, ".webp")}"' in shown
    picture = bench.client.get(page(file, 1, ".webp"))
    assert picture.mimetype == "image/webp"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert picture.headers["Cache-Control"] == "no-store"
    assert picture.headers["Content-Security-Policy"].startswith("sandbox")
    with Image.open(io.BytesIO(picture.data)) as drawn:
        assert (drawn.format, drawn.width) == ("WEBP", 1000)
    assert "Page 6 of 6" in bench.client.get(page(file, 6)).text
    for beyond in (7, 301, 10**9):
        assert bench.client.get(page(file, beyond)).status_code == 404
        assert bench.client.get(page(file, beyond, ".webp")).status_code == 404
    assert bench.stranger().get(page(file, 1, ".webp")).status_code == 404
    store = file_store(bench.app.extensions["portal_settings"])
    assert store.drawn(file.sha256, COUNT) == b"6"
    assert store.drawn(file.sha256, "4") is not None
    store.quarantine(file.sha256)
    with pytest.raises(QuarantinedFileError):
        store.drawn(file.sha256, "1")
    assert not list((bench.app.extensions["portal_settings"].files_dir / "drawn").glob(f"{file.sha256}/*"))
    assert bench.client.get(page(file, 1, ".webp")).status_code == 404


def test_what_is_not_drawn_says_so_and_can_be_downloaded(bench: Bench) -> None:
    word = give(bench, POLICY, samples.docx(), "policy.docx")
    shown = bench.client.get(page(word, 1)).text
    assert "Word and Excel files are not drawn here" in shown
    assert "Download the file" in shown
    assert "No preview: download it to read it." in bench.client.get(bench.path(POLICY)).text
    assert bench.client.get(page(word, 1, ".webp")).status_code == 404


def test_a_photo_of_a_telephone_becomes_a_picture_without_its_place(bench: Bench) -> None:
    sent = heic()
    file = give(bench, PHOTOS, sent, "IMG_0001.HEIC")
    assert (file.name, file.media_type) == ("IMG_0001.jpg", "image/jpeg")
    assert file.received_sha256 == hashlib.sha256(sent).hexdigest()
    kept = file_store(bench.app.extensions["portal_settings"]).get(file.sha256)
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (60, 80), "upright"
        assert not picture.getexif()
    assert b"Telephone" not in kept
    shown = bench.client.get(bench.path(f"/evidence/{file.id}")).text
    assert file.sha256 in shown
    assert file.received_sha256 in shown
    assert "Page 1 of 1" in bench.client.get(page(file, 1)).text
    refused = send(bench.client, bench.path(POLICY), gov_policy="yes", file=(io.BytesIO(sent), "IMG_0002.HEIC"))
    assert "Pictures are not accepted for this question" in refused.text
    broken = send(bench.client, bench.path(PHOTOS), csam_terms="yes", file=(io.BytesIO(sent[:-200]), "a.heic"))
    assert "damaged or not complete" in broken.text


@pytest.mark.parametrize(
    "made",
    [lambda: b"%PDF-1.7 nothing", bytes, lambda: book(1, (14_400, 3)), lambda: book(1, (3, 14_400)), samples.pdf_bomb],
)
def test_the_room_answers_for_every_document_or_meets_its_limits(made: Callable[[], bytes]) -> None:
    try:
        told, body = ask(ROOM, {"type": "application/pdf", "first": 1}, made())
    except TooHeavyError:
        return
    assert sum(told["sizes"]) == len(body)
    for size in told["sizes"]:
        with Image.open(io.BytesIO(body[:size])) as drawn:
            assert max(drawn.size) <= 3_000
        body = body[size:]


def test_a_name_that_means_harm_stays_a_name(bench: Bench) -> None:
    file = give(bench, POLICY, book(1), "<img src=x onerror=alert(1)>.pdf")
    shown = bench.client.get(page(file, 1)).text
    assert "<img src=x" not in shown
    assert re.search(r'alt="Page 1 of &lt;img', shown)
