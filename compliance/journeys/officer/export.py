"""The company takes home everything: an archive that is sent while it is packed, a piece in memory at a time."""

import tempfile
import zipfile
from collections.abc import Iterator
from io import BytesIO
from threading import BoundedSemaphore
from typing import IO

from flask import Response, abort, stream_template

from compliance.actions.exporting import (
    CHUNK,
    Outlet,
    Stored,
    entry,
    may_take,
    stored_files,
    write_file,
    write_records,
)
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import speaking
from compliance.journeys.officer.archive_page import STYLE, page_context
from compliance.journeys.officer.blueprint import officer
from compliance.store.base import abandon, db
from compliance.store.companies import Company
from compliance.store.files import FileStore, file_store
from questionnaires import LANGS

AT_ONCE = 2
"""Archives that one web process packs at the same time."""
IN_MEMORY = 1_000_000
_places = BoundedSemaphore(AT_ONCE)


@officer.get("/<id:company_id>/everything.zip")
def export(company_id: int) -> Response:
    """The records are read first and wait on the disk; the files follow without the database being held."""
    company = may_take(db.session(), current_actor(), company_id)
    if not _places.acquire(blocking=False):
        abort(503)
    packed: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed when all is sent)
    try:
        outlet = Outlet(packed)
        bundle = zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED)
        files = _write_readable(company, bundle)
        slug = company.slug
        abandon()
    except BaseException:
        packed.close()
        _places.release()
        raise
    response = Response(_pieces(packed, outlet, bundle, files, file_store(settings())), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-everything.zip"'
    response.headers["Cache-Control"] = "no-store"
    response.call_on_close(packed.close)
    response.call_on_close(_places.release)
    return response


def _write_readable(company: Company, bundle: zipfile.ZipFile) -> list[Stored]:
    """The records for programs and people; the files that are still to come."""
    session = db.session()
    counts = write_records(session, company, bundle)
    files = stored_files(session, company)
    bundle.writestr(entry("style.css"), STYLE)
    for lang in LANGS:
        with speaking(lang), bundle.open(entry(f"index.{lang}.html"), "w") as page:
            for text in stream_template("officer/archive.html", **page_context(session, company, counts, files)):
                page.write(text.encode())
    return files


def _pieces(
    packed: IO[bytes], outlet: Outlet, bundle: zipfile.ZipFile, files: list[Stored], store: FileStore
) -> Iterator[bytes]:
    """What was packed already, then file after file; at the end the archive's directory."""
    packed.seek(0)
    while piece := packed.read(CHUNK):
        yield piece
    now = outlet.into = BytesIO()
    for file in files:
        for _written in write_file(bundle, store, file):
            yield _emptied(now)
    bundle.close()
    yield _emptied(now)


def _emptied(written: BytesIO) -> bytes:
    """What was written, and room for more."""
    piece = written.getvalue()
    written.seek(0)
    written.truncate()
    return piece
