"""Why a file is refused, in words the officer can act on."""

from compliance.domain.errors import InvalidError
from compliance.journeys.language import gettext
from compliance.journeys.language import lazy_gettext as _l

FILE_REFUSALS = {
    "file_empty": _l("The file is empty."),
    "file_too_large": _l("The file is larger than %(most)s MB."),
    "file_type": _l("This kind of file is not accepted. Give a PDF, a Word document or an Excel workbook."),
    "file_ending": _l("The name of the file does not fit its content. It should end in %(expected)s."),
    "file_damaged": _l("The file is damaged and cannot be read. Save it again and upload the new copy."),
    "file_locked": _l("The file is protected by a password. Upload a copy without one."),
    "file_active": _l("The file contains macros, scripts or embedded files. Upload a plain copy, for example a PDF."),
    "file_two_faced": _l("The file carries something hidden beside the document. Save it again as a PDF."),
    "file_bomb": _l("The file unpacks to far more than its size. Save it again as a PDF."),
    "file_quarantined": _l("This file cannot be accepted."),
    "picture_not_asked": _l("Pictures are not accepted for this question. Give a document instead."),
    "too_many_files": _l("An answer takes at most %(most)s files. Remove one first."),
}


def file_refusal(error: InvalidError) -> str:
    """The sentence for a refused file."""
    found = FILE_REFUSALS.get(error.message)
    return str(found) % error.values if found is not None else gettext(error.message, **error.values)
