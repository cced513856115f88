"""P9: what a browser receives from `./portal run`, without a proxy in front and without fonts."""

import os
import re
import sys
import tempfile

from bench.figure import Figure
from bench.serving import Asked, free_port, get, process

FIRST, NEXT = 60_000, 15_000
GZIP = (("Accept-Encoding", "gzip"),)
PAGES = ("/km/", "/km/register", "/km/where-to-report", "/km/try", "/km/statistics", "/km/verify")


def figures() -> list[Figure]:
    """The first page with its assets, then the largest of the next pages with what the browser has no copy of."""
    with tempfile.TemporaryDirectory() as folder:
        port, mail = free_port(), free_port()
        env = {**os.environ, "PORTAL_MODE": "demonstration", "PORTAL_DATA": folder}
        command = [sys.executable, "-m", "compliance.cli", "run", "--port", str(port), "--mail-port", str(mail)]
        with process(command, port, "/healthz", env, patience=600):  # it makes its demonstration first
            seen: set[str] = set()
            first, *following = [_visit(port, page, seen) for page in PAGES]
    return [
        Figure("P9", "first visit, without fonts", first, FIRST, "bytes", first / FIRST, "≤ 60 KB", first <= FIRST),
        Figure("P9", "the largest next page", max(following), NEXT, "bytes", max(following) / NEXT, "≤ 15 KB",
               max(following) <= NEXT),
    ]  # fmt: skip


def _visit(port: int, page: str, seen: set[str]) -> int:
    """Bytes on the wire, heads included, of a page and of all assets that are not in `seen` yet."""
    total = _size(port, page)
    _head, body = get(port, Asked(page))
    for address in sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+)"', body.decode())) - seen):
        seen.add(address)
        total += _size(port, address)
        if ".css" in address:
            total += _pictures(port, address, seen)
    return total


def _pictures(port: int, sheet: str, seen: set[str]) -> int:
    """What the style sheet shows on pages, all of it, though no page shows all."""
    _head, body = get(port, Asked(sheet))
    named = {f"/static/{name}" for name in re.findall(r'url\("?([^")]+)"?\)', body.decode()) if "fonts/" not in name}
    fresh = sorted(named - seen)
    seen.update(fresh)
    return sum(_size(port, address) for address in fresh)


def _size(port: int, address: str) -> int:
    head, body = get(port, Asked(address, GZIP))
    return len(head) + len(body) + 4
