"""Answering in a spreadsheet: the form goes out with today's answers and shows what it would change when it is back."""

import io
import re
from collections.abc import Callable
from contextvars import copy_context
from datetime import date
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from compliance.bounded.form_layout import COLUMNS, KEYS_ROW, TICK
from compliance.cli.demonstration import acts
from compliance.domain.roles import CompanyRole
from compliance.settings import Settings
from compliance.store.answers import answer_rows
from compliance.store.assessments import Answer, AnswerRevision
from compliance.store.audit import AuditEntry
from compliance.store.base import db
from compliance.store.evidence_files import EvidenceFile
from compliance.store.reviews import open_clarification
from questionnaires import current
from tests import helpers
from tests.actions import samples
from tests.actions.cases import case, to_review
from tests.officer.conftest import Bench, send
from tests.officer.forms import (
    cell,
    changed,
    downloaded,
    fields,
    filled,
    names,
    refusals,
    repacked,
    row_of,
    saved,
    take,
    told,
    upload,
)

POLICY, LEAD, PUBLIC, REVIEWED, FEATURES = (
    "gov_policy", "gov_lead", "gov_policy_public", "gov_policy_review_date", "prof_features",
)  # fmt: skip
FULLY, PARTLY = "Yes, fully", "Partly"


def stored(bench: Bench, question: str) -> dict[str, object]:
    with bench.app.app_context():
        return answer_rows(db.session(), bench.assessment)[question].content()


def count(bench: Bench, table: type) -> int:
    with bench.app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_the_form_has_lists_guidance_locked_cells_and_khmer_letters(bench: Bench) -> None:
    send(bench.client, bench.path(f"/question/{POLICY}"), gov_policy="yes", gov_policy__comment="=1+1 ខ្មែរ")
    for lang, label in (("km", current().question(POLICY).option("yes").label.km), ("en", FULLY)):
        book = load_workbook(io.BytesIO(downloaded(bench.client, bench, lang)))
        sheet = book.worksheets[0]
        assert cell(sheet, POLICY).value == label
        comment = cell(sheet, POLICY, "comment")
        assert (comment.value, comment.data_type) == ("=1+1 ខ្មែរ", "s")
        assert comment.font.name == "Khmer OS Battambang"
        assert sheet.protection.sheet
        assert cell(sheet, POLICY, "question").protection.locked
        assert not cell(sheet, POLICY).protection.locked
        assert cell(sheet, "gov_pledge").protection.locked  # a file is given in the portal
        rules = [rule for rule in sheet.data_validations.dataValidation if cell(sheet, POLICY).coordinate in rule.sqref]
        area = rules[0].formula1.replace("$", "").partition("!")[2]
        offered = [row[0].value for row in book["lists"][area]]
        assert offered == [option.label[lang] for option in current().question(POLICY).options]
        guidance = str(cell(sheet, PUBLIC, "guidance").value)
        assert current().question(PUBLIC).asked_if[lang] in guidance
        assert current().question(PUBLIC).help[lang] in guidance
        assert current().question(PUBLIC).example[lang] in guidance
        assert current().marker[lang] in [row[0].value for row in book.worksheets[2].iter_rows()]


def test_a_form_that_nobody_touched_changes_nothing(bench: Bench) -> None:
    send(bench.client, bench.path(f"/question/{POLICY}"), gov_policy="yes", gov_policy__comment="  Two\r\nlines  ")
    send(bench.client, bench.path("/question/prof_features"), prof_features=["connect", "post"])
    for lang in ("km", "en"):
        page = upload(bench.client, bench, downloaded(bench.client, bench, lang))
        assert page.status_code == 200
        assert "There is nothing to save." in told(page)
        assert not refusals(page)


def test_what_was_filled_in_is_shown_then_saved_under_the_persons_name(bench: Bench) -> None:
    form = filled(
        downloaded(bench.client, bench),
        {POLICY: FULLY, f"{POLICY}.comment": "=not a formula", LEAD: "partly", "stat_csam_reports": "១២",
         REVIEWED: date(2026, 3, 27), f"{FEATURES}=connect": TICK, f"{FEATURES}=post": "X",
         f"{PUBLIC}.not_applicable": "yes", f"{PUBLIC}.reason": "We hang the policy on the wall of each shop we have."},
    )  # fmt: skip
    form = changed(form, lambda _book, sheet: setattr(cell(sheet, POLICY, "comment"), "data_type", "s"))
    preview = upload(bench.client, bench, form)
    assert preview.status_code == 200
    assert set(names(preview)) == {POLICY, LEAD, "stat_csam_reports", REVIEWED, FEATURES, PUBLIC}
    assert "27 March 2026" in told(preview)
    assert count(bench, Answer) == 0
    saved_page = take(bench.client, bench, preview, **{LEAD: "now"})
    assert saved_page.status_code == 302
    assert stored(bench, POLICY) == {
        "value": "yes", "not_applicable": False, "na_reason": "", "comment": "=not a formula",
    }  # fmt: skip
    assert [stored(bench, one)["value"] for one in (REVIEWED, "stat_csam_reports")] == ["2026-03-27", "12"]
    assert stored(bench, FEATURES)["value"] == ["connect", "post"]
    assert stored(bench, PUBLIC)["not_applicable"] is True
    assert count(bench, Answer) == 5  # the one that was left as it is stays unanswered
    assert "Sok Dara" in bench.client.get(bench.path(f"/question/{POLICY}")).text
    assert count(bench, EvidenceFile) == 0
    with bench.app.app_context():
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.tag == "officer:answers:imported")).one()
        assert '"answers":5' in entry.content.replace(" ", "")


def test_every_wrong_cell_is_named_in_the_readers_language_and_the_others_can_be_saved(bench: Bench) -> None:
    def write(_book: Workbook, sheet: Worksheet) -> None:
        cell(sheet, POLICY).value = FULLY
        cell(sheet, LEAD).value = "=1+1"
        cell(sheet, REVIEWED).value = "31/2/2026"
        cell(sheet, "stat_csam_reports").value = -4
        cell(sheet, PUBLIC, "not_applicable").value = "perhaps"
        cell(sheet, "gov_conduct").value = "Somewhat"
        cell(sheet, "gov_product_review", "comment").value = "#N/A"
        cell(sheet, "gov_product_review", "comment").data_type = "e"
        cell(sheet, "gov_pledge", "comment").value = "ក" * 4_001
        for option in ("connect", "post"):
            cell(sheet, f"{FEATURES}={option}").value = "maybe"
        sheet.merge_cells(f"E{row_of(sheet, 'gov_leadership_review')}:G{row_of(sheet, 'gov_leadership_review')}")

    form = changed(downloaded(bench.client, bench), write)
    sheet = load_workbook(io.BytesIO(form)).worksheets[0]

    def place(name: str, part: str = "answer") -> str:
        return f"{'ABCDEFGHI'[COLUMNS.index(part)]}{row_of(sheet, name)}"

    page = upload(bench.client, bench, form)
    found = refusals(page)
    assert found == {
        place(LEAD): "This cell holds a formula. Write the answer itself.",
        place(REVIEWED): "Enter a real date, such as 27 3 2026 (day, month, year).",
        place("stat_csam_reports"): "The number must be 0 or more.",
        place(PUBLIC, "not_applicable"): "Mark the cell with ✓ or leave it empty.",
        place("gov_conduct"): "Choose one of the answers in the list.",
        place("gov_product_review", "comment"): "This cell holds an error of the spreadsheet. Write the answer itself.",
        place("gov_pledge", "comment"): "The text is too long: it has 4001 characters. Write at most 4000.",
        place(f"{FEATURES}=connect"): "Mark the cell with ✓ or leave it empty.",
        place(f"{FEATURES}=post"): "Mark the cell with ✓ or leave it empty.",
        **{
            place("gov_leadership_review", part): (
                "This cell is merged with others. Separate them, and write the answer in its own cell."
            )
            for part in ("answer", "not_applicable", "reason")
        },
    }
    assert list(names(page)) == [POLICY]
    khmer = upload(bench.client, bench, form, "km").text
    assert "ក្រឡានេះមានរូបមន្ត។ សូមសរសេរចម្លើយផ្ទាល់។" in khmer
    assert f"ក្រឡា {place(LEAD)}" in khmer
    assert take(bench.client, bench, page).status_code == 302
    assert count(bench, Answer) == 1


def test_where_a_colleague_changed_the_same_answer_the_person_chooses(bench: Bench) -> None:
    colleague = bench.colleague(CompanyRole.EDITOR)
    for question in (POLICY, LEAD, "gov_conduct"):
        send(bench.client, bench.path(f"/question/{question}"), **{question: "partial", f"{question}__comment": "Old"})
    form = downloaded(bench.client, bench)
    for question in (POLICY, LEAD):
        answer = {question: "no", f"{question}__comment": "A colleague's words"}
        assert send(colleague, bench.path(f"/question/{question}"), **answer).status_code == 302
    mine = filled(form, {POLICY: FULLY, f"{POLICY}.comment": "My words", "gov_conduct": FULLY})
    preview = upload(bench.client, bench, mine)
    words = told(preview)
    for text in ("Old", "A colleague's words", "My words", "Editor"):
        assert text in words
    assert set(names(preview)) == {POLICY, "gov_conduct"}  # the row nobody touched keeps the colleague's answer
    assert f"choice-{POLICY}" not in fields(preview)
    unchosen = take(bench.client, bench, preview)
    assert unchosen.status_code == 422
    assert "Choose which answer stays" in told(unchosen)
    assert stored(bench, "gov_conduct")["value"] == "partial"
    assert take(bench.client, bench, unchosen, **{POLICY: "now"}).status_code == 302
    assert stored(bench, POLICY)["comment"] == "A colleague's words"
    assert stored(bench, "gov_conduct")["value"] == "yes"
    assert "My words" in told(bench.client.get(bench.path(f"/question/{POLICY}/history"))), "not chosen, and not lost"
    again = upload(bench.client, bench, mine)
    assert take(bench.client, bench, again, **{POLICY: "file"}).status_code == 302
    assert stored(bench, POLICY)["comment"] == "My words"
    history = told(bench.client.get(bench.path(f"/question/{POLICY}")))
    assert "A colleague's words" in history
    assert "from an uploaded form" in history


@pytest.mark.both_databases
def test_a_colleague_who_saves_between_preview_and_saving_is_shown_and_nothing_is_half_saved(bench: Bench) -> None:
    colleague = bench.colleague(CompanyRole.EDITOR)
    preview = upload(bench.client, bench, filled(downloaded(bench.client, bench), {POLICY: FULLY, LEAD: FULLY}))
    send(colleague, bench.path(f"/question/{LEAD}"), gov_lead="no", gov_lead__comment="Quicker")
    met = take(bench.client, bench, preview)
    assert met.status_code == 409
    assert "Quicker" in told(met)
    assert count(bench, Answer) == 1
    assert f"choice-{LEAD}" not in fields(met)
    assert fields(met)[f"choice-{POLICY}"] == ["file"]
    assert take(bench.client, bench, met, **{LEAD: "now"}).status_code == 302
    assert (stored(bench, LEAD)["value"], stored(bench, POLICY)["value"]) == ("no", "yes")


def test_an_emptied_cell_empties_the_answer_only_when_the_person_says_so(bench: Bench) -> None:
    send(bench.client, bench.path(f"/question/{POLICY}"), gov_policy="yes", gov_policy__comment="Mine")
    form = filled(downloaded(bench.client, bench), {POLICY: None, f"{POLICY}.comment": None})
    preview = upload(bench.client, bench, form)
    assert "Emptied" in told(preview)
    assert take(bench.client, bench, preview).status_code == 422
    assert take(bench.client, bench, preview, **{POLICY: "file"}).status_code == 302
    assert stored(bench, POLICY)["value"] is None
    with bench.app.app_context():
        assert [one.content["comment"] for one in db.session.scalars(sa.select(AnswerRevision))] == ["Mine", ""]


HOMELESS = {
    f"{FEATURES}": ("answer", "Nothing is read in this cell. Mark the answers in the rows below it."),
    f"{FEATURES}=play": (
        "comment",
        "Only a mark is read in this row. Write the rest in the row of the question, above.",
    ),
    "gov_pledge": ("answer", "Give the file in the portal, on the page of this question."),
    LEAD: ("reason", 'This question always applies, so "not applicable" cannot be chosen.'),
    PUBLIC: ("not_applicable", "Here stand an answer and a mark that it does not apply. Delete one."),
}


def test_what_is_written_where_nothing_is_read_is_told_and_not_lost(bench: Bench) -> None:
    beside = "This row belongs to no question. Move what is written here to the row of its question."

    def write(_book: Workbook, sheet: Worksheet) -> None:
        for name, (part, _reason) in HOMELESS.items():
            cell(sheet, name, part).value = "x"
        cell(sheet, PUBLIC).value = "https://www.example.com.kh/policy"
        cell(sheet, PUBLIC, "reason").value = "We hang the policy on the wall of each shop we have."
        cell(sheet, FEATURES + "=connect").value = TICK
        sheet.cell(sheet.max_row + 3, COLUMNS.index("comment") + 1, "And this").number_format = "@"
        sheet.cell(row_of(sheet, POLICY) - 2, COLUMNS.index("answer") + 1, "Beside a section's name")

    form = changed(downloaded(bench.client, bench), write)
    sheet = load_workbook(io.BytesIO(form)).worksheets[0]
    page = upload(bench.client, bench, form)
    section = f"E{row_of(sheet, POLICY) - 2}"
    expected = {cell(sheet, name, part).coordinate: reason for name, (part, reason) in HOMELESS.items()}
    assert refusals(page) == expected | {f"H{sheet.max_row}": beside, section: beside}
    assert "There is nothing to save." in told(page)


def test_places_are_cells_and_the_marks_of_one_answer_a_stretch_of_them(bench: Bench) -> None:
    def write(_book: Workbook, sheet: Worksheet) -> None:
        cell(sheet, FEATURES + "=connect").value = TICK
        for option in ("in_khmer", "none_of_these"):
            cell(sheet, f"ur_report_quality={option}").value = TICK
        cell(sheet, LEAD, "id").value = "no_such_question"

    form = changed(downloaded(bench.client, bench), write)
    sheet = load_workbook(io.BytesIO(form)).worksheets[0]
    page = upload(bench.client, bench, form)
    rows = [row_of(sheet, f"ur_report_quality={one.value}") for one in current().question("ur_report_quality").options]
    wrong = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 1).value == "no_such_question")
    assert set(refusals(page)) == {f"E{rows[0]}:E{rows[-1]}", f"E{wrong}"}
    first, last = row_of(sheet, f"{FEATURES}=connect"), row_of(sheet, f"{FEATURES}=public_access")
    assert f"Cell E{first}:E{last}" in told(page)
    assert fields(page)[f"place-{FEATURES}"] == [f"E{first}:E{last}"]


def test_what_stays_as_it_is_is_counted_only_from_the_whole_form(bench: Bench) -> None:
    preview = upload(bench.client, bench, filled(downloaded(bench.client, bench), {POLICY: FULLY}))
    assert "questions stay as they are." in told(preview)
    assert "as they are." not in told(take(bench.client, bench, preview, **{POLICY: ""}))


def _column_in_front_of_the_stamp(_book: Workbook, sheet: Worksheet) -> None:
    sheet.insert_cols(2)
    sheet.insert_cols(4)


def _moved(book: Workbook, sheet: Worksheet) -> None:
    """Renamed, behind other sheets, its lines moved down and its columns to the right, one row in front of another."""
    sheet.title = "ការងារ 'របស់ខ្ញុំ'!"[:28].replace("!", "").replace("'", "")
    book.move_sheet(sheet, 2)
    sheet.insert_rows(1, 3)
    sheet.insert_cols(1, 2)


def _sorted_by_hand(_book: Workbook, sheet: Worksheet) -> None:
    one, other = row_of(sheet, POLICY), row_of(sheet, "gov_conduct")
    for column in range(1, len(COLUMNS) + 1):
        first, second = sheet.cell(one, column), sheet.cell(other, column)
        first.value, second.value = second.value, first.value


def _rows_deleted(_book: Workbook, sheet: Worksheet) -> None:
    sheet.delete_rows(row_of(sheet, LEAD))
    sheet.delete_rows(row_of(sheet, "gov_risk_assessment"))


def _twice_the_same(book: Workbook, sheet: Worksheet) -> None:
    book.copy_worksheet(sheet)


def test_a_form_that_was_worked_on_is_read_all_the_same(bench: Bench) -> None:
    form = filled(downloaded(bench.client, bench), {POLICY: FULLY, "gov_conduct": PARTLY})
    for change in (_moved, _column_in_front_of_the_stamp, _sorted_by_hand, _rows_deleted, _twice_the_same):
        preview = upload(bench.client, bench, changed(form, change))
        assert not refusals(preview), change
        assert {name: fields(preview)[name] for name in names(preview)} == {POLICY: ["yes"], "gov_conduct": ["partial"]}


def test_rows_that_contradict_each_other_or_are_none_of_ours_are_refused(bench: Bench) -> None:
    def write(_book: Workbook, sheet: Worksheet) -> None:
        cell(sheet, POLICY).value = FULLY
        last = sheet.max_row + 1
        sheet.cell(last, 1, POLICY)
        sheet.cell(last, 5, PARTLY)
        sheet.cell(last + 1, 1, "no_such_question")
        sheet.cell(last + 2, 1, f"{FEATURES}=no_such_option")
        sheet.delete_rows(row_of(sheet, f"{FEATURES}=connect"))

    page = upload(bench.client, bench, changed(downloaded(bench.client, bench), write))
    reasons = list(refusals(page).values())
    assert "This question is there twice, with different answers. Delete one of the rows." in reasons
    assert reasons.count("This row is no question of this questionnaire.") == 2
    assert "Rows of this question are missing. Download the form again." in reasons
    assert "There is nothing to save." in told(page)


def _as_others_write(text: str) -> str:
    """A sheet without its size, its texts inside the cells or cut in pieces, as phones and web programs save it."""
    text = re.sub(r'<dimension ref="[^"]*"\s*/>', "", text)
    return re.sub(r"<sheetFormatPr[^>]*/>", "", text)


def test_files_as_other_programs_save_them_are_read(bench: Bench) -> None:
    form = filled(downloaded(bench.client, bench), {POLICY: FULLY, f"{LEAD}.comment": "Two_x000D_\nlines"})
    pieces = {
        "xl/sharedStrings.xml": lambda text: text.replace(
            f"<t>{FULLY}</t>", "<r><t>Yes, </t></r><r><rPr><b/></rPr><t>fully</t></r>"
        ),
        "xl/worksheets/sheet1.xml": _as_others_write,
    }
    other = repacked(form, pieces)
    assert other != form
    preview = upload(bench.client, bench, other)
    assert set(names(preview)) == {POLICY, LEAD}
    assert take(bench.client, bench, preview).status_code == 302
    assert stored(bench, POLICY)["value"] == "yes"
    assert stored(bench, LEAD)["comment"] == "Two\nlines"


def _stamp(column: int, value: object) -> Callable[[Workbook, Worksheet], None]:
    return lambda _book, sheet: setattr(sheet.cell(1, column), "value", value)


def _no_comments(_book: Workbook, sheet: Worksheet) -> None:
    sheet.delete_cols(COLUMNS.index("comment") + 1)


def _no_keys(_book: Workbook, sheet: Worksheet) -> None:
    sheet.delete_rows(KEYS_ROW)


OTHERS = {
    "belongs to another assessment": _stamp(3, 10**6),
    "another edition": _stamp(4, "2019"),
    "no longer reads this form": _stamp(2, "0"),
    "no form of the portal": _stamp(1, "something"),
    "or columns or hidden rows of it": _no_keys,
    "no form of the portal, or columns": _no_comments,
}


def test_the_form_of_another_is_refused_whole(bench: Bench) -> None:
    form = downloaded(bench.client, bench)
    for reason, change in OTHERS.items():
        page = upload(bench.client, bench, changed(form, change))
        assert page.status_code == 422
        assert reason in told(page)


def test_what_is_no_workbook_or_more_than_a_form_is_refused(bench: Bench) -> None:
    form = downloaded(bench.client, bench)
    cases = {
        b"": "The file is empty",
        b"id,answer\ngov_policy,yes\n": "This is no Excel workbook",
        samples.pdf(): "This is no Excel workbook",
        samples.docx(): "This is no Excel workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600: "old Excel file",
        form[: len(form) // 2]: "damaged or not complete",
        form + b"x" * 3_000_000: "larger than 3 MB",
        saved(Workbook()): "no form of the portal",
        repacked(form, {"xl/workbook.xml": lambda text: text.replace("<sheets>", "<sheets><oops")}): "damaged",
        repacked(form, {"xl/worksheets/sheet1.xml": lambda text: " " * 30_000_000 + text}): "more than a form does",
    }
    for content, reason in cases.items():
        page = upload(bench.client, bench, content)
        assert page.status_code == 422, reason
        assert reason in told(page), reason
    nothing = bench.client.post(
        bench.path("/form"), data={"csrf_token": helpers.token(bench.client.get(bench.path("/form")))}
    )
    assert nothing.status_code == 422
    assert "Choose the form that you filled in." in told(nothing)


def test_who_may_download_and_who_may_bring_back(bench: Bench) -> None:
    viewer, stranger = bench.colleague(CompanyRole.VIEWER), bench.stranger()
    form = filled(downloaded(viewer, bench), {POLICY: FULLY})
    assert "Your role in this company is to read" in told(viewer.get(bench.path("/form")))
    for who, status in ((viewer, 403), (stranger, 404)):
        assert upload(who, bench, form).status_code == status
        token = helpers.token(who.get("/en/company/register"))
        data = {"csrf_token": token, f"seen-{POLICY}": "0", POLICY: "yes", f"choice-{POLICY}": "file"}
        assert who.post(bench.path("/form/take"), data=data).status_code == status
    for rest in ("/form", "/form.en.xlsx"):
        assert stranger.get(bench.path(rest)).status_code == 404
    assert bench.client.get(bench.path("/form.fr.xlsx")).status_code == 404
    assert count(bench, Answer) == 0


def test_a_preview_that_was_tampered_with_saves_nothing_its_page_would_refuse(bench: Bench) -> None:
    preview = upload(bench.client, bench, filled(downloaded(bench.client, bench), {POLICY: FULLY}))
    honest = fields(preview)

    def sent(client: FlaskClient, **changes: str) -> int:
        return client.post(bench.path("/form/take"), data=honest | {k: [v] for k, v in changes.items()}).status_code

    assert sent(bench.client, **{POLICY: "certainly"}) == 422
    assert sent(bench.client, **{f"seen-{POLICY}": "٣"}) == 409
    assert sent(bench.client, **{f"seen-{POLICY}": "x" * 5_000}) == 409
    assert sent(bench.client, **{f"choice-{POLICY}": "both"}) == 422
    assert sent(bench.client, **{f"{POLICY}__comment": "ក" * 4_001}) == 422
    assert sent(bench.client, **{"seen-no_such": "0", f"choice-{POLICY}": "now"}) == 302
    assert count(bench, Answer) == 0


def test_in_a_clarification_only_the_questions_asked_about_are_taken(
    app: Flask, settings: Settings, moment: object
) -> None:
    with app.app_context():
        one = case(settings)
        client = app.test_client()
        company = Bench(app, client, one.company_id, one.assessment_id)
    helpers.sign_in(client, "owner@cafe.example")
    whole = downloaded(client, company)
    with app.app_context():
        to_review(one)
        acts.ask(one.hands, one.assessment_id, 0)
        asked = set(open_clarification(db.session(), one.assessment_id).questions)
    sheet = load_workbook(io.BytesIO(downloaded(client, company))).worksheets[0]
    offered = {str(row[0].value).partition("=")[0] for row in sheet.iter_rows(min_row=6) if row[0].value}
    assert offered == asked
    name = next(iter(asked))
    form = filled(whole, {f"{name}.comment": "What was asked about", "gov_lead.comment": "Beside it"})
    page = upload(client, company, form)
    assert set(names(page)) == {name}
    assert list(refusals(page).values()) == ["Only the answers that the reviewer asks about can be changed now."]
    assert take(client, company, page).status_code == 302
    assert stored(company, name)["comment"] == "What was asked about"
    sneaked = client.post(
        company.path("/form/take"),
        data=fields(page) | {"seen-gov_lead": ["1"], "gov_lead": ["no"], "choice-gov_lead": ["file"]},
    )
    assert sneaked.status_code == 302
    assert stored(company, "gov_lead")["comment"] != "Beside it"
    assert stored(company, "gov_lead")["value"] != "no"


def test_a_closed_assessment_takes_no_form(app: Flask, settings: Settings, moment: object) -> None:
    with app.app_context():
        one = case(settings)
        client = app.test_client()
        company = Bench(app, client, one.company_id, one.assessment_id)
    helpers.sign_in(client, "owner@cafe.example")
    form = filled(downloaded(client, company), {"gov_lead.comment": "Too late"})
    preview = upload(client, company, form)
    with app.app_context():
        to_review(one)
    assert take(client, company, preview).status_code == 409
    assert upload(client, company, form).status_code == 409
    assert "The answers are closed in this state" in told(client.get(company.path("/form")))
    assert client.get(company.path("/form.km.xlsx")).status_code == 200


@pytest.mark.both_databases
def test_two_who_save_their_forms_at_once_never_mix(bench: Bench) -> None:
    colleague = bench.colleague(CompanyRole.EDITOR)
    asked = (POLICY, LEAD, "gov_conduct")
    form = downloaded(bench.client, bench)
    hands = {bench.client: FULLY, colleague: PARTLY}
    previews = {who: upload(who, bench, filled(form, dict.fromkeys(asked, words))) for who, words in hands.items()}
    start, answers = Barrier(len(hands)), dict[str, int]()

    def press(who: FlaskClient) -> None:
        data = fields(previews[who])
        start.wait(20)
        answers[hands[who]] = who.post(bench.path("/form/take"), data=data).status_code

    threads = [
        Thread(target=copy_context().run, args=(press, who)) for who in hands
    ]  # the clock is held in the context
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers.values()) == [302, 409]
    won = {FULLY: "yes", PARTLY: "partial"}[next(words for words, status in answers.items() if status == 302)]
    assert [stored(bench, question)["value"] for question in asked] == [won] * len(asked)
    assert count(bench, AnswerRevision) == len(asked)
