"""What the server knows of a request, as WSGI wants it."""

import sys
from typing import Any
from urllib.parse import quote
from wsgiref.types import WSGIEnvironment

FIXED: WSGIEnvironment = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "portal",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
AS_SENT = "".join(map(chr, range(0x21, 0x7F)))
UNPREFIXED = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def wsgi_environ(scope: Any) -> WSGIEnvironment:
    """All but the body; `scope` is RSGI's. A header that came twice has both values in one, as HTTP has it."""
    server, _colon, port = scope.server.rpartition(":")
    environ = {
        **FIXED,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": quote(scope.query_string, safe=AS_SENT),  # programs send Khmer as it is
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
    }
    for name, value in scope.headers.items():
        key = UNPREFIXED.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        before = environ.get(key)
        environ[key] = value if before is None else f"{before}{';' if name == 'cookie' else ','}{value}"
    if scope.authority and "HTTP_HOST" not in environ:  # HTTP/2 names the host here
        environ["HTTP_HOST"] = scope.authority
    return environ
