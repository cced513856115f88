"""What a server process of the benchmark serves: the portal with a naive register beside it, or the yardsticks."""

import os
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from bench import pages_naive
from bench.pages_data import portal
from compliance.journeys.page_cache import STATE

PAGE = Path(os.environ["BENCH_FOLDER"]) / "page.html"


def bare(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Nothing but the server: the same bytes as the register page, or a greeting."""
    body = SAME if environ["PATH_INFO"] == "/same" else b"hello\n"
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


def served() -> Flask:
    """One process: our portal; /naive/…, /hello (Flask) and /bare, /same (WSGI) answered beside it."""
    app = portal(Path(os.environ["BENCH_FOLDER"]))
    pages_naive.add_to(app)
    cache = app.extensions["page_cache"]
    hello = Flask("hello")
    hello.add_url_rule("/hello", "hello", lambda: "hello\n")
    front, hello_wsgi = app.wsgi_app, hello.wsgi_app

    def route(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path in {"/bare", "/same"}:
            return bare(environ, start_response)
        if path == "/hello":
            return hello_wsgi(environ, start_response)
        if path.startswith("/fresh/"):  # the portal without the pages cached in front
            environ["PATH_INFO"] = path.removeprefix("/fresh")
            environ[STATE] = cache.current_state()
            return cache.application(environ, start_response)
        return front(environ, start_response)

    app.wsgi_app = route  # type: ignore[method-assign]
    return app


SAME = PAGE.read_bytes() if PAGE.exists() else b""
app = served()
