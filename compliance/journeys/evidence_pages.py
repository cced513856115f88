"""Looking at evidence without downloading it: pictures of its pages, for officers and for the Ministry alike."""

from typing import Any

from flask import Response, abort

from compliance.actions.page_images import MOST_PAGES, drawable, page_count, page_image, pages_known
from compliance.bounded.runner import BusyError, Sender
from compliance.domain.errors import NotFoundError
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import gettext as _
from compliance.store.base import abandon
from compliance.store.evidence_files import EvidenceFile
from compliance.store.files import file_store

SANDBOX = "sandbox; default-src 'none'"
RETRY_SECONDS = 5


def page_shown(file: EvidenceFile, number: int) -> dict[str, Any]:
    """What the page that shows one page says; `pages` is 0 when there is no picture, and `why` tells the reason."""
    shown = {"file": file, "page": number, "pages": 0, "most": MOST_PAGES, "why": ""}
    if not drawable(file):
        return shown | {"why": _("Word and Excel files are not drawn here. Download the file to read it.")}
    sha256, sender = file.sha256, _sender(file)
    try:
        shown["pages"] = page_count(file_store(settings()), file, number, sender)
    except BusyError:
        shown["why"] = _("Many files are being looked into at this moment. Open this page again in a minute.")
    if not shown["pages"] and not shown["why"]:
        shown["why"] = _("This file could not be drawn. Download it to read it.")
    return shown | {"sha256": sha256}


def page_picture(file: EvidenceFile, number: int) -> Response:
    """One page; nothing of it is kept by a browser, for it may be locked away tomorrow."""
    sender = _sender(file)
    abandon()
    files = file_store(settings())
    try:
        picture = page_image(files, file, number, sender)
    except BusyError:
        abort(503)
    response = Response(picture, mimetype="image/webp")
    response.headers["Page-Count"] = str(pages_known(files, file))
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


def readable(file: EvidenceFile) -> EvidenceFile:
    """Raises NotFoundError for a link: nobody fetches its page."""
    if file.address:
        raise NotFoundError
    return file


def _sender(file: EvidenceFile) -> Sender:
    """A person may look at several files at once; all together hold no more places than there are."""
    return Sender(f"person {current_actor().user_id} looks at {file.sha256}", known=True)
