"""A request waits for the database a few seconds in all, whatever it asks it for."""

import time
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from compliance.store.wait_budget import REQUEST_SECONDS, InVain, limited_waiting

ARRIVED = "portal.arrived"
"""In the WSGI environment: when the server had the whole request (monotonic seconds)."""
LEAST_SECONDS = 0.3


def seconds_for(environ: WSGIEnvironment) -> float:
    """All of them, unless others waited in vain just now: then what the request has spent in the queue is taken off."""
    arrived: float | None = environ.get(ARRIVED)
    if arrived is None or not InVain.lately():
        return REQUEST_SECONDS
    return max(LEAST_SECONDS, REQUEST_SECONDS - (time.monotonic() - arrived))


def init(app: Flask) -> None:
    """Limits the waiting of everything in front of which it stands."""
    application = app.wsgi_app

    def patient(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with limited_waiting(seconds_for(environ)):
            return application(environ, start_response)

    app.wsgi_app = patient  # type: ignore[method-assign]
