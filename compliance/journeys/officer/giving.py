"""Evidence that comes with the form of a question: taken before the answer, so that a wrong answer loses none of it."""

from flask import request
from werkzeug.datastructures import FileStorage

from compliance.actions import replacing
from compliance.actions.evidence_pages import give_page
from compliance.actions.uploading import NO_DATES, Dates, StoredFile, link, receive, unlink, upload
from compliance.actions.virus_scan import ScannerAwayError
from compliance.bounded.runner import BusyError
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.roles import MAY_EDIT
from compliance.journeys.forms import whole_number
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.evidence_form import EvidenceFields, forget
from compliance.journeys.officer.refusals import file_refusal
from compliance.store.assessments import edition_of
from compliance.store.base import abandon, db, transaction
from compliance.store.files import file_store
from questionnaires import Question


def change_evidence(number: int, question: Question, form: EvidenceFields) -> bool:
    """Takes off, uses again and takes what the form says; a refusal stands beside its field. True when files wait."""
    if (removed := whole_number(request.form.get("remove"))) is not None:
        with transaction() as session:
            unlink(session, current_actor(), number, question.id, removed)
    _use_again(number, question, form)
    _take_page(number, question, form)
    dates = checked_dates(form)
    _date_those_waiting(number, form, dates)
    sent = sent_files("file")
    if dates and not sent and form.dates != NO_DATES:
        _say_which_file(form)
    taken = [take_file(number, question, form, one, dates) for one in sent]
    if dates is None:
        form.undated.data = ",".join(str(one) for one in [*form.waiting(), *taken] if one)
    elif taken and all(taken):
        forget(form.dated, form.valid_until)
    return any(one is None for one in taken)


def sent_files(name: str) -> list[FileStorage]:
    return [sent for sent in request.files.getlist(name) if sent.filename]


def checked_dates(form: EvidenceFields) -> Dates | None:
    """None when a day cannot be: it is told beside its field."""
    if form.dates_typed_wrong:
        return None
    try:
        return form.dates.checked()
    except InvalidError as error:
        form.refuse(error)
        return None


def looked_into(number: int, question: Question, sent: FileStorage) -> StoredFile:
    """The file, stored. No transaction is open meanwhile: it takes its time.

    Raises InvalidError, BusyError, ScannerAwayError.
    """
    actor = current_actor()
    edition = edition_of(db.session(), actor, number, MAY_EDIT)
    abandon()
    name, data = str(sent.filename), sent.read()
    return receive(file_store(settings()), actor, edition, question, name, data, settings().scanner)


def refuse_file(form: EvidenceFields, error: InvalidError | BusyError | ScannerAwayError, name: str = "") -> None:
    """Beside the field of files, with the file's name."""
    form.file.errors = [*form.file.errors, f"{name}: {file_refusal(error)}" if name else file_refusal(error)]


def take_file(
    number: int, question: Question, form: EvidenceFields, sent: FileStorage, dates: Dates | None = NO_DATES
) -> int | None:
    """The id of the new piece, 0 when it is refused, None when it could not be looked into now."""
    try:
        stored = looked_into(number, question, sent)
        with transaction() as session:
            piece = upload(session, current_actor(), number, question.id, stored, dates or NO_DATES)
            if dates and dates != NO_DATES:
                replacing.set_dates(session, current_actor(), number, piece.id, dates)
            return piece.id
    except (BusyError, ScannerAwayError) as error:
        refuse_file(form, error, str(sent.filename))
        return None
    except InvalidError as error:
        refuse_file(form, error, str(sent.filename))
        return 0


def _use_again(number: int, question: Question, form: EvidenceFields) -> None:
    if (chosen := form.chosen_file()) is None:
        return
    try:
        with transaction() as session:
            link(session, current_actor(), number, question.id, chosen)
    except InvalidError as error:
        form.known_file.errors = [*form.known_file.errors, file_refusal(error)]


def _take_page(number: int, question: Question, form: EvidenceFields) -> None:
    page = form.page
    if page is None or form.link_seen.errors:
        return
    try:
        with transaction() as session:
            give_page(session, current_actor(), number, question.id, page)
    except InvalidError as error:
        refuse_page(form, error)
    else:
        forget(form.link_title, form.link_address)


def _say_which_file(form: EvidenceFields) -> None:
    """A day that came with no file would be lost without a word."""
    field = form.dated if form.dated.data else form.valid_until
    field.errors = [
        *field.errors,
        _("Choose the file that bears this day. The days of one that you gave before are changed on its own page."),
    ]


def refuse_page(form: EvidenceFields, error: InvalidError) -> None:
    """Beside the fields of a link."""
    if error.message in {"link_not_asked", "too_many_files"}:
        form.link_address.errors = [*form.link_address.errors, file_refusal(error)]
    else:
        form.refuse(error)


def _date_those_waiting(number: int, form: EvidenceFields, dates: Dates | None) -> None:
    """Pieces that came with a day nobody could read get the one that was typed since."""
    if dates is None or dates == NO_DATES:
        return
    for piece in form.waiting():
        try:
            with transaction() as session:
                replacing.set_dates(session, current_actor(), number, piece, dates)
        except NotFoundError:
            continue
    if form.waiting():
        forget(form.undated, form.dated, form.valid_until)


def accepted_words(question: Question, most: str) -> str:
    """What may be given here, in a sentence."""
    kinds = question.evidence.accepts
    if "document" not in kinds and "picture" not in kinds:
        return str(_("A link to a public page."))
    pictures = _(", pictures too") if "picture" in kinds else ""
    return str(_("PDF, Word or Excel%(pictures)s, up to %(most)s MB each.", pictures=pictures, most=most))
