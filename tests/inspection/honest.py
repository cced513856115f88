"""Files as programs and people make them, in more than a hundred varieties; none of them may be refused."""

import base64
import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import docx
import openpyxl
import pikepdf
from docx.enum.section import WD_ORIENT
from docx.shared import Cm
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image as SheetPicture
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from PIL import Image
from reportlab.lib import colors, pagesizes, pdfencrypt
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate
from reportlab.platypus import Table as PdfTable
from weasyprint import HTML

from tests.actions.samples import locked_pdf, pdf_with_link, picture
from tests.inspection.packages import (
    WORD,
    changed,
    declared,
    document,
    field,
    packed,
    parts_of,
    related,
    run,
    with_body,
    with_default,
    with_part,
    workbook,
    written,
)

Make = Callable[[], bytes]
MAIN = "word/document.xml"
CHART_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINKS = [
    "https://example.org/policy?a=1#b", "http://example.org", "www.example.org", "WWW.EXAMPLE.ORG/a", "example.org:8080/a",
    "localhost:8000/a", "#chapter-2", "annex/B.pdf", "../annex.pdf", "file:///C:/Users/Dara/policy.pdf", "C:\\policy.pdf",
    "mailto:child@example.org", "tel:1280", "sms:1280", "ftp://example.org/a", "https://example.org/ក្មេង", "//example.org/a", "",
]  # fmt: skip


def canvas(draw: Callable[[Canvas], object], **options: Any) -> bytes:
    out = io.BytesIO()
    page = Canvas(out, **options)
    page.drawString(72, 720, "Child protection policy")
    draw(page)
    page.save()
    return out.getvalue()


def _form(page: Canvas) -> None:
    page.acroForm.textfield(name="who", x=72, y=600)
    page.acroForm.checkbox(name="agreed", x=72, y=560)
    page.acroForm.choice(name="size", options=["small", "large"], value="small", x=72, y=520)


def _outline(page: Canvas) -> None:
    for number in range(5):
        page.bookmarkPage(f"p{number}")
        page.addOutlineEntry(f"Chapter {number}", f"p{number}")
        page.showPage()


def _picture(page: Canvas) -> None:
    page.drawInlineImage(Image.new("RGB", (80, 60), "teal"), 72, 400)


def _many_pages(page: Canvas) -> None:
    for number in range(120):
        page.drawString(72, 700, f"Page {number}")
        page.showPage()


def story() -> bytes:
    out = io.BytesIO()
    text = Paragraph(
        'Read <a href="www.example.org">here</a> and <a name="top"/><a href="#top">there</a>',
        getSampleStyleSheet()["Normal"],
    )
    table = PdfTable([["Service", "Reports"], ["Mail", "12"]], style=[("GRID", (0, 0), (-1, -1), 1, colors.black)])
    SimpleDocTemplate(out, title="Policy", author="Dara").build([text, table])
    return out.getvalue()


def reportlab_files() -> Iterator[tuple[str, Make]]:
    draws: dict[str, Callable[[Canvas], object]] = {
        "plain": lambda _page: None,
        "form": _form,
        "outline": _outline,
        "picture": _picture,
        "many pages": _many_pages,
        "transition": lambda page: page.setPageTransition("Dissolve", duration=1),
        "links": lambda page: [page.linkURL(link, (72, 700, 90, 720)) for link in LINKS],
        "full screen": lambda page: page.showFullScreen0(),
        "label": lambda page: page.setTitle("គោលនយោបាយ"),
    }
    for name, draw in draws.items():
        for compressed in (0, 1):
            yield f"reportlab {name} compressed {compressed}", lambda d=draw, c=compressed: canvas(d, pageCompression=c)
    yield "reportlab story", story
    yield "reportlab landscape", lambda: canvas(lambda _page: None, pagesize=pagesizes.landscape(pagesizes.A4))
    for strength in (40, 128):
        lock = lambda s=strength: pdfencrypt.StandardEncryption("", ownerPassword="owner", canPrint=0, strength=s)  # noqa: E731
        yield f"reportlab owner password {strength}", lambda make=lock: canvas(lambda _page: None, encrypt=make())


def _pikepdf(**options: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(story())) as opened:
        opened.save(out, **options)
    return out.getvalue()


def _labelled() -> bytes:
    """Fonts and destinations that happen to be called like something else."""
    made = pikepdf.new()
    made.add_blank_page()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    made.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(AA=font))
    made.Root.Dests = pikepdf.Dictionary(Launch=pikepdf.Array([made.pages[0].obj, pikepdf.Name.Fit]))
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.String("top"))
    return _saved(made)


def _scanned() -> bytes:
    """White pages kept without loss, as some scanners do: 26 MB each, a few KB packed."""
    made = pikepdf.new()
    for _page in range(3):
        page = made.add_blank_page()
        white = pikepdf.Stream(made, b"\xff" * (2480 * 3508 * 3))
        white.update(pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=2480, Height=3508,
                                        ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8))  # fmt: skip
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=made.make_indirect(white)))
    return _saved(made)


def _saved(made: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    made.save(out, **options)
    return out.getvalue()


def pdf_files() -> Iterator[tuple[str, Make]]:
    yield from reportlab_files()
    for link in LINKS:
        yield f"link {link}", lambda to=link: pdf_with_link(to)
    yield "linearized", lambda: _pikepdf(linearize=True)
    for mode in pikepdf.ObjectStreamMode.__members__.values():
        yield f"objects {mode}", lambda m=mode: _pikepdf(object_stream_mode=m)
    for turn in (2, 3, 4, 6):
        lock = pikepdf.Encryption(owner="owner", user="", R=turn, aes=turn > 3, metadata=turn > 3)
        yield f"owner password R{turn}", lambda e=lock: _pikepdf(encryption=e)
    for name, before, behind in (
        ("zeros behind", b"", b"\0" * 4_096), ("newline before", b"\n", b""), ("BOM before", b"\xef\xbb\xbf", b""),
        ("blanks around", b"\r\n\r\n  ", b"\r\n\r\n\x00"), ("many zeros behind", b"", b"\0" * 100_000),
    ):  # fmt: skip
        yield name, lambda b=before, e=behind: b + story() + e
    yield "labels", _labelled
    yield "scanned without loss", _scanned
    yield "weasyprint", lambda: HTML(string="<h1>គោលនយោបាយ</h1><a href='https://example.org'>x</a>").write_pdf()
    for count in (1, 5):
        yield f"pillow {count}", lambda n=count: _pillow(n)


def _pillow(count: int) -> bytes:
    out = io.BytesIO()
    pages = [Image.new("RGB", (300, 400), "white") for _page in range(count)]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    return out.getvalue()


def _rich_document() -> bytes:
    made = docx.Document()
    made.core_properties.title = "គោលនយោបាយការពារកុមារ"
    for level in range(4):
        made.add_heading(f"ជំពូក {level}", level)
    for style in ("List Bullet", "List Number", "Quote", "Intense Quote"):
        made.add_paragraph("We act within 24 hours; see DDE in the annex, a|b and =1+1.", style=style)
    table = made.add_table(3, 4, style="Table Grid")
    table.cell(0, 0).merge(table.cell(0, 1)).text = "merged"
    made.add_picture(io.BytesIO(picture("PNG")), width=Cm(4))
    made.add_picture(io.BytesIO(picture("JPEG")))
    made.add_page_break()
    made.sections[0].header.paragraphs[0].text = "Header"
    made.sections[0].footer.paragraphs[0].text = "Footer"
    made.add_section().orientation = WD_ORIENT.LANDSCAPE
    made.add_comment(made.paragraphs[0].runs, text="seen", author="Dara") if made.paragraphs[0].runs else None
    return written(made)


FIELDS = {
    "page number": run(" PAGE "), "date": run(' DATE \\@ "d MMMM yyyy" '), "contents": run(' TOC \\o "1-3" \\h \\z \\u '),
    "link": run(' HYPERLINK "https://example.org/a" \\t "_blank" '), "anchor": run(' HYPERLINK \\l "_Toc1" '),
    "reference": run(" REF _Ref1 \\h "), "merge": run(" MERGEFIELD Name "), "placeholder": run("MACROBUTTON NoMacro [x]"),
    "picture of one's own": run('INCLUDEPICTURE "C:\\\\Users\\\\a.png" \\* MERGEFORMAT'), "sequence": run(" SEQ Figure "),
    "condition": run(' IF "a" = "b" "yes" "no" '), "formula": run(" =SUM(ABOVE) "), "style": run(' STYLEREF "Heading 1" '),
    "link with a hint": run('HYPERLINK "https://example.org" \\o "note: read it" \\l "part:2"'),
    "link to a file": run('HYPERLINK "Annex B.docx"'), "split": run(" PA") + run("GE "), "quote": run("QUOTE hello"),
}  # fmt: skip


def _charted() -> Callable[[dict[str, bytes]], None]:
    """A chart as Word keeps it: its numbers are a workbook inside the document."""
    chart = b'<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"/>'
    return with_part(
        "word/charts/chart1.xml", chart,
        with_part("word/embeddings/Microsoft_Excel_Sheet1.xlsx", workbook(), with_default("xlsx", CHART_BOOK)),
        declared("word/charts/chart1.xml", "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"),
        related(MAIN, "chart", "charts/chart1.xml"),
        related("word/charts/chart1.xml", "package", "../embeddings/Microsoft_Excel_Sheet1.xlsx"),
    )  # fmt: skip


def _part(name: str, xml: str, kind: str, source: str = MAIN) -> Callable[[dict[str, bytes]], None]:
    relation = name.rpartition("/")[2].partition(".")[0].rstrip("0123456789")
    return with_part(
        name, xml.encode(), declared(name, f"application/vnd.{kind}+xml"), related(source, relation, "/" + name)
    )


DOCUMENT_CHANGES = {
    "chart": _charted(),
    "company template": related(
        "word/settings.xml", "attachedTemplate", "file:///C:\\Users\\Dara\\Templates\\Company.dotx", outside=True),
    "footnotes": _part("word/footnotes.xml", f"<w:footnotes {WORD}/>", "openxmlformats-officedocument.wordprocessingml.footnotes"),
    "people": _part("word/people.xml", "<w15:people xmlns:w15='w15'/>", "openxmlformats-officedocument.wordprocessingml.people"),
    "embedded font": with_part("word/fonts/font1.odttf", bytes(range(200)) * 5, with_default(
        "odttf", "application/vnd.openxmlformats-officedocument.obfuscatedFont"), related("word/fontTable.xml", "font", "fonts/font1.odttf")),
    "drawing as EMF": with_part("word/media/a.emf", b"\x01\0\0\0" + b"\0" * 90, with_default("emf", "image/x-emf")),
    "drawing as SVG": with_part("word/media/a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>',
                                with_default("svg", "image/svg+xml")),
    "drawing as VML": with_part("word/vml1.vml", b'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape/></xml>'),
    "custom data": with_part("customXml/item1.xml", b'<b:Sources xmlns:b="b" href="http://example.org"/>',
                             related(MAIN, "customXml", "../customXml/item1.xml")),
    "a folder entry": with_part("word/media/", b""),
    "UTF-16": with_body(field(run(" PAGE ")), "utf-16"),
    "link": related(MAIN, "hyperlink", "https://example.org", outside=True),
    "mail link": related(MAIN, "hyperlink", "mailto:a@example.org?subject=x", outside=True),
    "link to a file": related(MAIN, "hyperlink", "Annex%20B.docx", outside=True),
    "link to a share": related(MAIN, "hyperlink", "file:///\\\\server\\share\\a.docx", outside=True),
    "anchor": related(MAIN, "hyperlink", "#_Toc1"),
}  # fmt: skip


def document_files() -> Iterator[tuple[str, Make]]:
    yield "document", document
    yield "rich document", _rich_document
    for text in (
        "",
        "ក្រុមហ៊ុន" * 500,
        "DDE and DDEAUTO are fields we do not use",
        "a & b < c > d",
        "javascript: is a word too",
    ):
        yield f"text {text[:20]}", lambda t=text: document(t)
    for name, instruction in FIELDS.items():
        yield f"field {name}", lambda i=instruction: changed(document(), with_body(field(i)))
    for name, change in DOCUMENT_CHANGES.items():
        yield f"document with {name}", lambda c=change: changed(document(), c)
    yield "long document", lambda: document("Reports are answered within a day. " * 60_000)
    yield "as Google Docs writes it", _google
    yield "zeros behind", lambda: document() + b"\0" * 300


def _google() -> bytes:
    """Without properties and theme, defaults for every ending, parts in another order."""
    parts = parts_of(document())
    kept = {name: data for name, data in parts.items() if "docProps" not in name and "customXml" not in name}
    return packed(dict(reversed(kept.items())))


def sheet(change: Callable[[Any, Any], object]) -> bytes:
    made = openpyxl.Workbook()
    page = made.active
    for row in (("Month", "Reports"), ("May", 12), ("June", 7)):
        page.append(row)
    change(made, page)
    return written(made)


def _chart(_book: Any, page: Any) -> None:
    chart = BarChart()
    chart.add_data(Reference(page, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    page.add_chart(chart, "D2")


def _validated(_book: Any, page: Any) -> None:
    page.add_data_validation(DataValidation("list", formula1='"yes,no"', sqref="C1:C9"))
    page.conditional_formatting.add(
        "B2:B3", ColorScaleRule(start_type="min", start_color="FF0000", end_type="max", end_color="00FF00")
    )


def _linked(_book: Any, page: Any) -> None:
    for row, link in enumerate([link for link in LINKS if link], 5):
        page.cell(row, 1, "link").hyperlink = link


FORMULAS = [
    "=SUM(B2:B3)", '=IF(B2>3,"a|b!c","no")', "=VLOOKUP(A2,A1:B3,2,FALSE)", '=HYPERLINK("https://example.org","x")',
    "='Sheet|2'!A1", '=HYPERLINK("#Sheet!A1","x")', '=CONCATENATE("EXEC(",A1,")")', "=INDIRECT(\"A\"&1)", "=TODAY()",
    "=Reports[[#Totals],[Reports]]*Sheet!B2", "=[@Reports]*Sheet!B2", "=[0]!Area", "='Year 2026'!A1",
]  # fmt: skip


def workbook_files() -> Iterator[tuple[str, Make]]:
    changes: dict[str, Callable[[Any, Any], object]] = {
        "values": lambda _book, page: page.append([date(2026, 5, 1), True, 1.5, None, "=cmd text"]),
        "chart": _chart,
        "picture": lambda _book, page: page.add_image(SheetPicture(io.BytesIO(picture("PNG"))), "E5"),
        "comment": lambda _book, page: setattr(page["A1"], "comment", Comment("seen", "Dara")),
        "validation": _validated,
        "links": _linked,
        "table": lambda _book, page: page.add_table(Table(displayName="Reports", ref="A1:B3")),
        "many sheets": lambda book, _page: [book.create_sheet(f"ខែ {number}") for number in range(40)],
        "names": lambda book, _page: book.defined_names.update(
            {"Area": openpyxl.workbook.defined_name.DefinedName("Area", attr_text="Sheet!$A$1:$B$3")}
        ),
        "many rows": lambda _book, page: [page.append([number, "row"]) for number in range(20_000)],
        "protection": lambda _book, page: setattr(page.protection, "sheet", True),
        "hidden": lambda book, _page: setattr(book.create_sheet("Hidden"), "sheet_state", "veryHidden"),
    }
    for name, change in changes.items():
        yield f"workbook {name}", lambda c=change: sheet(c)
    for formula in FORMULAS:
        yield f"formula {formula}", lambda f=formula: sheet(lambda _book, page: page.append([f]))
    printer = with_part(
        "xl/printerSettings/printerSettings1.bin", b"\0P\0D\0F" * 90,
        with_default("bin", "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"),
        related("xl/worksheets/sheet1.xml", "printerSettings", "../printerSettings/printerSettings1.bin"))  # fmt: skip
    yield "workbook with printer settings", lambda: changed(workbook(), printer)


def _telephone(format_: str, **options: Any) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Telephone"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(format_, (400, 300), exif=exif, **options)


def picture_files() -> Iterator[tuple[str, Make]]:
    for mode in ("RGB", "L", "CMYK"):
        yield f"jpeg {mode}", lambda m=mode: _drawn("JPEG", m)
    for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "I;16"):
        yield f"png {mode}", lambda m=mode: _drawn("PNG", m)
    yield "photo", lambda: _telephone("JPEG")
    yield "progressive photo", lambda: _telephone("JPEG", progressive=True)
    yield (
        "photo with a second view",
        lambda: _telephone("MPO", save_all=True, append_images=[Image.new("RGB", (40, 30))]),
    )
    yield "photo of 48 million points", lambda: picture("JPEG", (8000, 6000))


def _drawn(format_: str, mode: str) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (40, 30)).save(out, format_)
    return out.getvalue()


HONEST: dict[str, Make] = {
    name: make for files in (pdf_files, document_files, workbook_files, picture_files) for name, make in files()
}
PASSWORD_TO_OPEN = locked_pdf
HEIC = base64.b64decode("AAAAGGZ0eXBoZWljAAAAAG1pZjFoZWlj") + b"\0" * 200
