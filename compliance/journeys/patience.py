"""A request waits for the database a few seconds in all, whatever it asks it for."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from compliance.store.wait_budget import REQUEST_SECONDS, limited_waiting


def init(app: Flask) -> None:
    """Limits the waiting of everything in front of which it stands."""
    application = app.wsgi_app

    def patient(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with limited_waiting(REQUEST_SECONDS):
            return application(environ, start_response)

    app.wsgi_app = patient  # type: ignore[method-assign]
