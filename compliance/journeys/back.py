"""Back links lead where one came from: a link of ours may say in its query (`from`) on which page it stood."""

from urllib.parse import quote, urlsplit

from flask import Flask, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

FROM = "from"
LONGEST = 300
"""Characters of an address of ours that is carried along."""


def came_from() -> str:
    """The page of ours that `from` names; empty for everything else that a request may carry."""
    wanted = request.args.get(FROM, "")
    return wanted if len(wanted) <= LONGEST and is_own_page(wanted) else ""


def is_own_page(address: str) -> bool:
    """A path on this portal that is read with GET; nothing that a browser might take for another place."""
    if not address.startswith("/") or address.startswith("//") or not address.isascii() or not address.isprintable():
        return False
    if "\\" in address or "%" in urlsplit(address).path:
        return False
    try:
        current_app.url_map.bind("").match(urlsplit(address).path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True


def onward(address: str) -> str:
    """A further page that comes back here, and from here to where one came from."""
    return _with(address, came_from())


def from_here(address: str) -> str:
    """A page whose back link leads to this one."""
    return _with(address, request.path)


def _with(address: str, page: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{FROM}={quote(page, safe='/')}" if page else address


def init(app: Flask) -> None:
    """Gives templates the three."""
    app.jinja_env.globals.update(came_from=came_from, onward=onward, from_here=from_here)
