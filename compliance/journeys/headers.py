"""Security headers on every answer; nothing of a signed-in person is kept by a cache."""

from urllib.parse import urlsplit, urlunsplit

from flask import Flask, request, session
from flask.wrappers import Response

from compliance.journeys.incoming import SIGNED_IN
from compliance.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), interest-cohort=()",
}
MISSPELT = "no-store=True"  # what Flask-Security's pages say; no cache understands it
HSTS = "max-age=31536000; includeSubDomains"


def init(app: Flask, settings: Settings) -> None:
    """Adds the headers that an answer has not set for itself."""

    wanted = [*HEADERS.items(), *([("Strict-Transport-Security", HSTS)] if settings.secure_cookies else [])]

    @app.after_request
    def _headers(response: Response) -> Response:
        if response.location and response.location.startswith(request.host_url):
            response.location = _without_host(response.location)
            response.set_data(b"")  # it would name the host once more
        said = {name.lower() for name, _value in response.headers}
        for name, value in wanted:
            if name.lower() not in said:
                response.headers.add(name, value)
        kept = response.headers.get("Cache-Control", "")
        if request.endpoint != "static" and (not kept or MISSPELT in kept):
            private = request.method not in {"GET", "HEAD"} or SIGNED_IN in session
            response.headers["Cache-Control"] = "no-store" if private else "no-cache"
        return response


def _without_host(address: str) -> str:
    """The same place on whatever host the reader is: a request claims its Host, and a cache would keep the claim."""
    parts = urlsplit(address)
    return urlunsplit(("", "", "/" + parts.path.lstrip("/"), parts.query, parts.fragment))
