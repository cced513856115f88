"""Pages of evidence as pictures: drawn when somebody first looks, by a bounded process, and kept beside the file."""

from compliance.bounded.runner import CrashedError, Sender, TooHeavyError, ask_about_foreign
from compliance.domain.errors import NotFoundError
from compliance.store.errors import FileStoreError
from compliance.store.evidence_files import EvidenceFile
from compliance.store.files import FileStore

ROOM = "compliance.inspection.page_images"
COUNT = "count"
MOST_PAGES = 300
"""Of one document; whoever reads further downloads it."""


def drawable(file: EvidenceFile) -> bool:
    """Word and Excel files are not: no program here lays them out as their own does."""
    return not file.address and (file.media_type == "application/pdf" or file.media_type.startswith("image/"))


def page_count(files: FileStore, file: EvidenceFile, number: int, sender: Sender) -> int:
    """How many pages there are, once page `number` is drawn; 0 when it cannot be.

    Raises NotFoundError for what has no such page or cannot be read, BusyError when too much is being drawn.
    """
    if not drawable(file) or number > MOST_PAGES:
        raise NotFoundError
    try:
        known = files.drawn(file.sha256, COUNT)
        if known is not None and files.drawn(file.sha256, str(number)) is not None:
            return int(known)
        return _draw(files, file, number, sender)
    except FileStoreError as error:
        raise NotFoundError from error


def pages_known(files: FileStore, file: EvidenceFile) -> int:
    """How many pages were counted when one was drawn; 0 before, and for what is not drawn."""
    try:
        return int(files.drawn(file.sha256, COUNT) or b"0") if drawable(file) else 0
    except FileStoreError:
        return 0


def page_image(files: FileStore, file: EvidenceFile, number: int, sender: Sender) -> bytes:
    """One page as WebP. Raises NotFoundError, BusyError as `page_count`."""
    page_count(files, file, number, sender)
    drawn = files.drawn(file.sha256, str(number))
    if drawn is None:
        raise NotFoundError
    return drawn


def _draw(files: FileStore, file: EvidenceFile, first: int, sender: Sender) -> int:
    """Draws a few pages from `first` on. What is too heavy is no page: it is told once and not tried again."""
    try:
        told, body = ask_about_foreign(ROOM, {"type": file.media_type, "first": first}, files.get(file.sha256), sender)
    except (TooHeavyError, CrashedError):
        told, body = {"pages": 0, "sizes": []}, b""
    pages, at = int(told["pages"]), 0
    for place, size in enumerate(told["sizes"]):
        files.keep_drawn(file.sha256, str(first + place), body[at : at + size])
        at += size
    if not told["sizes"]:
        pages = min(pages, first - 1)
    files.keep_drawn(file.sha256, COUNT, str(pages).encode())
    if first > max(pages, 1):
        raise NotFoundError
    return pages
