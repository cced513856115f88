"""What a request may carry: files only where a view takes them, no body larger than its page needs, text that every
database can store."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request, session

TEXT_BYTES = 2_000_000
"""Room for every form without files; a body of text alone is never larger."""

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Files:
    """The file fields that a view reads, the bytes of all of them together, and who may send so much.

    `begins`: how the names of more of them begin, one for each part of a page.
    """

    names: frozenset[str] = frozenset()
    most_bytes: Callable[[], int] = lambda: 0
    signed_in: bool = False
    begins: str = ""

    def takes(self, name: str) -> bool:
        return name in self.names or bool(self.begins and name.startswith(self.begins))


NO_FILES = Files()
_TAKEN = "files_taken"
SIGNED_IN = "_user_id"
"""In the cookie of whoever signed in; whether that still holds, the gate asks. Who was too late gets the words back."""


def takes_files(
    *names: str, most_bytes: Callable[[], int], signed_in: bool = False, begins: str = ""
) -> Callable[[View], View]:
    """Marks a view that reads files. Every other view answers a request with a file by 400."""

    def mark(view: View) -> View:
        setattr(view, _TAKEN, Files(frozenset(names), most_bytes, signed_in, begins))
        return view

    return mark


def files_taken() -> Files:
    """The files that the view of this request takes."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, _TAKEN, NO_FILES)


def most_bytes(app: Flask) -> dict[bool, int]:
    """The largest body that any page takes, from strangers (False) and with a session's cookie (True)."""
    taken = [getattr(view, _TAKEN, NO_FILES) for view in app.view_functions.values()]
    open_to_all = [files.most_bytes() for files in taken if not files.signed_in]
    return {False: TEXT_BYTES + max(open_to_all), True: TEXT_BYTES + max(files.most_bytes() for files in taken)}


def init(app: Flask) -> None:
    """Looks at every request before anything reads its body."""

    @app.before_request
    def _look() -> None:
        if "\0" in request.path:
            abort(404)
        taken = files_taken()
        welcome = not taken.signed_in or SIGNED_IN in session
        request.max_content_length = TEXT_BYTES + (taken.most_bytes() if welcome else 0)
        if request.is_json:
            abort(415)  # no page takes it, but WTForms would read it, past whoever counts what a form says
        if not all(map(taken.takes, request.files)) or any("\0" in text for text in _texts()):
            abort(400)


def _texts() -> Iterator[str]:
    """Everything that was typed or clicked; no database of ours stores a NUL."""
    for sent in (request.args, request.form):
        for name, values in sent.lists():
            yield name
            yield from values
