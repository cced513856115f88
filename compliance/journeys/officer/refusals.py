"""Why a file is refused, in words the officer can act on."""

from compliance.actions.virus_scan import ScannerAwayError
from compliance.bounded.runner import BusyError
from compliance.domain.errors import InvalidError
from compliance.journeys.forms import refusal_text, shown_values
from compliance.journeys.language import lazy_gettext as _l

BUSY = _l("Many files are being looked into at this moment. This one was not saved; choose it again in a minute.")
SCANNER_AWAY = _l(
    "The virus scanner of this portal does not answer at the moment, and no file is taken without it. This one was not "
    "saved; choose it again in a few minutes."
)
FILE_REFUSALS = {
    "file_empty": _l("The file is empty. Choose it again, or save it once more before you upload it."),
    "file_too_large": _l("The file is larger than %(most)s MB. Save it with smaller pictures, or split it in two."),
    "file_type": _l(
        "This kind of file is not accepted. Save it as a PDF, a Word document (.docx) or a workbook (.xlsx)."
    ),
    "file_old_office": _l(
        "This is an old Office file (.doc, .xls or .ppt). Open it and save it as .docx, .xlsx or PDF."
    ),
    "file_odf": _l("This is an OpenDocument file. Save it as .docx, .xlsx or PDF."),
    "file_ending": _l("The name of the file does not fit its content. It should end in %(expected)s."),
    "file_damaged": _l("The file is damaged or not complete. Open it, save it again and upload the new copy."),
    "file_unreadable": _l("The file cannot be read. Open it, save it again as a PDF and upload that."),
    "file_locked": _l("The file opens only with a password. Upload a copy without one."),
    "file_recipients": _l(
        "The file opens only for the people it was encrypted for. Upload a copy that everybody can open."
    ),
    "file_script": _l(
        "The file holds commands that run when it is opened or clicked. Print it to a new PDF and upload that."
    ),
    "file_macros": _l("The file holds macros. Save it as .docx or .xlsx without macros, or as PDF."),
    "file_field": _l(
        "The file holds a field or formula that starts another program (DDE). Remove it, or save the file as PDF."
    ),
    "file_embedded": _l(
        "Another file or a control is embedded in this one. Save it as PDF, and upload the other file by itself."
    ),
    "file_attached": _l(
        "Other files are attached inside this PDF. Upload each by itself, and print this one to a new PDF."
    ),
    "file_media": _l("The file holds sound, film or a 3D model. Print it to a new PDF and upload that."),
    "file_xfa": _l("This is a form that changes while it is filled in (XFA). Print it to a new PDF and upload that."),
    "file_remote": _l(
        "The file loads something from another place when it is opened (a picture, a template, "
        "another workbook or data). Save it as PDF, or copy that into the file."
    ),
    "file_link": _l(
        "A link in the file starts with “%(scheme)s:”, which can run a command. Remove the link and upload it again."
    ),
    "file_two_faced": _l(
        "Something is hidden before, after or between the parts of the document. Save it again as a PDF."
    ),
    "file_bomb": _l(
        "The file unpacks to far more than its size. Save it again as a PDF, with fewer pages or smaller pictures."
    ),
    "file_too_heavy": _l(
        "The file needs more memory or time than we give to one file. Print it to a new PDF, or split it in two."
    ),
    "file_virus": _l(
        "The virus scanner found something harmful in this file, and it was not taken. Have your computer checked, and "
        "make the document anew."
    ),
    "file_quarantined": _l("This file cannot be accepted."),
    "picture_not_asked": _l("Pictures are not accepted for this question. Give a document instead."),
    "document_not_asked": _l("Documents are not accepted for this question."),
    "link_not_asked": _l("Links are not accepted for this question. Give the document itself."),
    "too_many_files": _l("An answer takes at most %(most)s pieces of evidence. Remove one first."),
}

FORM_REFUSALS = {
    "file_empty": FILE_REFUSALS["file_empty"],
    "file_too_large": _l("The file is larger than %(most)s MB, and a form is not. Upload the form itself."),
    "file_type": _l(
        "This is no Excel workbook. Upload the form that you downloaded; from LibreOffice or Google Sheets save it as "
        ".xlsx."
    ),
    "file_old_office": _l("This is an old Excel file (.xls). Open it and save it as .xlsx."),
    "file_odf": _l("This is an OpenDocument file. Save it as .xlsx."),
    "file_locked": _l("The file opens only with a password. Upload a copy without one."),
    "file_damaged": _l("The file is damaged or not complete. Open it, save it again as .xlsx and upload that."),
    "file_unreadable": _l("The file cannot be read. Open it, save it again as .xlsx and upload that."),
    "form_unknown": _l(
        "This workbook is no form of the portal, or columns or hidden rows of it were deleted. Download the form again "
        "and copy your answers into it."
    ),
    "form_layout": _l("The portal no longer reads this form. Download it again and copy your answers into it."),
    "form_edition": _l(
        "This form is of another edition of the questionnaire. Download the form of this assessment and copy your "
        "answers into it."
    ),
    "form_other": _l(
        "This form belongs to another assessment. Download the form of this one and copy your answers into it."
    ),
    "form_too_much": _l(
        "The form changes more text than can be taken at once. Delete half of the changed rows, upload it, then upload "
        "the other half."
    ),
}
NOT_A_FORM = _l(
    "The file holds more than a form does: macros, links to other files, embedded objects or very many rows. Download "
    "the form again and copy your answers into it."
)


def form_refusal(error: InvalidError | BusyError) -> str:
    """The sentence for a workbook that cannot be read as the form."""
    if isinstance(error, BusyError):
        return str(BUSY)
    return str(FORM_REFUSALS.get(error.message, NOT_A_FORM)) % shown_values(error)


def file_refusal(error: InvalidError | BusyError | ScannerAwayError) -> str:
    """The sentence for a refused file."""
    if isinstance(error, ScannerAwayError):
        return str(SCANNER_AWAY)
    if isinstance(error, BusyError):
        return str(BUSY)
    found = FILE_REFUSALS.get(error.message)
    if found is None:
        return refusal_text(error)
    return str(found) % shown_values(error)
