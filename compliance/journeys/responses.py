"""A refusal's way to the reader: domain error → page and status, in the reader's language."""

import logging
from http import HTTPStatus
from urllib.parse import urlsplit

import sqlalchemy.exc
from flask import Flask, current_app, g, make_response, render_template, request
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from certificates import KeyringError
from compliance.domain.errors import DomainError, ForbiddenError, NotFoundError, StaleError, WrongStateError
from compliance.journeys.frame import reader_roles
from compliance.journeys.gate import current_actor
from compliance.journeys.problems import for_programs, problem
from compliance.journeys.unsent import rescue, unsent_post
from compliance.store.base import abandon
from compliance.store.errors import StorageAwayError

log = logging.getLogger(__name__)

STATUS: dict[type[DomainError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    WrongStateError: HTTPStatus.CONFLICT,
    StaleError: HTTPStatus.CONFLICT,
}
PAGES = frozenset({400, 401, 403, 404, 405, 409, 410, 413, 415, 429, 500, 503, 507})
TYPED = ("reason", "note", "what", "action", "reply", "scope_km", "scope_en", "not_covered_km", "not_covered_en")
"""Fields whose words a person would have to write again."""
LATE = frozenset({HTTPStatus.CONFLICT, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
"""What somebody who writes may be told that came up while they wrote: the words come back with it."""
FULL_DISK = ("disk is full", "database or disk is full", "No space left", "readonly database", "read-only")

GUARDS = {"tie": "tie_found", "four_eyes": "four_eyes", "apart": "roles_apart"}
"""How messages of the database's own guards begin, and the reason that is told."""
TAKEN = ("UNIQUE constraint failed", "duplicate key value")


GONE = (
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.TimeoutError,
    sqlalchemy.exc.PendingRollbackError,  # somebody asks once more in a transaction whose connection was lost
)


def error_page(status: int, **context: object) -> Response:
    """The page for a status; data for programs."""
    status = status if status in PAGES else (500 if status >= 500 else 400)
    if for_programs(request.path):
        return problem(status)
    know_reader(ask=status < 500)
    try:
        about = {"ministry": bool(reader_roles()), "came_from": came_from()}
        body = render_template("errors/page.html", code=status, **about, **context)
    except Exception:
        # The page wants to know who reads it; with the store gone nobody can say. This page needs nothing.
        log.exception("the error page itself failed")
        body = render_template_plain()
    return make_response(body, status)


def came_from() -> str:
    """The page of ours that was acted on, as the browser tells it; empty when it does not."""
    page = urlsplit(request.referrer or "")
    return page.path if page.netloc == request.host and not page.path.startswith("//") else ""


def know_reader(*, ask: bool) -> None:
    """Settles who reads before the page is drawn, so that drawing it asks no database.

    With `ask`, whoever is not known yet is looked up; when that fails, and whenever the failure is on our side, the
    page is drawn for anybody, around it the frame of whoever the request has recognised.
    """
    if ask and "actor" not in g:
        try:
            if current_user.is_authenticated:
                current_actor()
        except sqlalchemy.exc.SQLAlchemyError:
            abandon_quietly()
    if not ask or "actor" not in g:
        g._login_user = AnonymousUserMixin()  # where Flask-Login keeps whom it found


def render_template_plain() -> str:
    """The page for when nothing else works: both languages, no store, no session."""
    source, _name, _fresh = current_app.jinja_env.loader.get_source(current_app.jinja_env, "errors/plain.html")  # type: ignore[union-attr]
    return source


def _unsigned(_error: KeyringError) -> Response:
    """What changes an award is signed in the same act, or is not done."""
    abandon()
    log.exception("no key can sign")
    return error_page(503, unsigned=True, typed=_typed())


def _typed() -> list[str]:
    """The words that were sent, to be shown again: those of TYPED, however short, then all others."""
    words = [text for name in TYPED if (text := request.form.get(name, "").strip())]
    return [*words, *(text for text in _words_of_post() if text not in words)]


def refusal_of(error: sqlalchemy.exc.IntegrityError) -> DomainError | None:
    """What the database refuses because something came up between check and write: a tie, a decision, another row."""
    said = str(error.orig)
    guard = said.partition(":")[0]
    if guard in GUARDS:
        return ForbiddenError(GUARDS[guard])
    return StaleError() if any(words in said for words in TAKEN) else None


def storage_status(error: Exception) -> int:
    """507 when the disk is full or read-only, 503 when the database cannot be reached, else 500."""
    text = str(getattr(error, "orig", error))
    if any(words in text for words in FULL_DISK):
        return 507
    if isinstance(error, GONE) or getattr(error, "connection_invalidated", False):
        return 503
    return 500


def init(app: Flask) -> None:
    """Registers one handler an error family."""

    @app.errorhandler(DomainError)
    def _domain(error: DomainError) -> Response:
        abandon()
        status = STATUS.get(type(error), HTTPStatus.BAD_REQUEST)
        return error_page(status, error=error, typed=_typed() if status in LATE else [])

    app.register_error_handler(KeyringError, _unsigned)

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> Response:
        return rescue() or error_page(400, expired=True)

    app.register_error_handler(HTTPException, refused)

    @app.errorhandler(sqlalchemy.exc.IntegrityError)
    def _guarded(error: sqlalchemy.exc.IntegrityError) -> Response:
        refusal = refusal_of(error)
        return _storage(error) if refusal is None else _domain(refusal)

    @app.errorhandler(sqlalchemy.exc.SQLAlchemyError)
    def _storage(error: sqlalchemy.exc.SQLAlchemyError) -> Response:
        abandon_quietly()
        log.exception("storage failed")
        response = error_page(storage_status(error), typed=_words_of_post())
        response.headers["Retry-After"] = "5"
        return response

    @app.errorhandler(StorageAwayError)
    def _storage_away(_error: StorageAwayError) -> Response:
        abandon_quietly()
        log.exception("storage")
        response = error_page(503, typed=_words_of_post())
        response.headers["Retry-After"] = "30"
        return response

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        abandon_quietly()
        log.exception("unexpected")
        full = isinstance(error, OSError) and storage_status(error) == 507
        return error_page(507 if full else 500, typed=_words_of_post())


def refused(error: HTTPException) -> Response:
    """The page of a status; whoever came too late with a form goes on with it."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    if isinstance(error, RequestEntityTooLarge):
        return error_page(413, limit_mb=(request.max_content_length or 0) // 1_000_000)
    if error.code == HTTPStatus.UNAUTHORIZED and (carried_on := rescue()):
        return carried_on
    response = error_page(error.code or 500, typed=_typed_too_late(error.code))
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _typed_too_late(status: int | None) -> list[str]:
    """The words of whoever cannot be recognised: they are given back in the answer itself."""
    return _words_of_post() if status == HTTPStatus.UNAUTHORIZED else []


def _words_of_post() -> list[str]:
    """What people wrote in a form that could not be taken; asks no database."""
    post = unsent_post()
    return post.texts if post else []


def abandon_quietly() -> None:
    """Ends the transaction even when the database itself is gone."""
    try:
        abandon()
    except sqlalchemy.exc.SQLAlchemyError:
        log.warning("the connection was lost before the transaction could be ended")
