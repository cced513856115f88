"""A request waits for the database a few seconds in all, whatever it asks it for; waiting for a thread counts too."""

import time
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from compliance.store.wait_budget import REQUEST_SECONDS, limited_waiting

ARRIVED = "portal.arrived"
"""In the WSGI environment: when the server had the whole request (monotonic seconds)."""
LEAST_SECONDS = 0.3


def init(app: Flask) -> None:
    """Limits the waiting of everything in front of which it stands."""
    application = app.wsgi_app

    def patient(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        queued = time.monotonic() - environ.get(ARRIVED, time.monotonic())
        with limited_waiting(max(LEAST_SECONDS, REQUEST_SECONDS - queued)):
            return application(environ, start_response)

    app.wsgi_app = patient  # type: ignore[method-assign]
