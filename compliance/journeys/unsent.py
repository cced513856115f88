"""A form that came too late: the session has ended, or its token is of an earlier one. What was typed is not lost.

Who wrote it is read from the form's own token, which we signed and which names the person (account/sessions.py). It is
kept, and offered again, for that person alone; whoever cannot be recognised gets the words back in the answer itself.
"""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from compliance import clock
from compliance.journeys.gate import COMPANY, STAFF, settings
from compliance.journeys.language import gettext as _
from compliance.store import unsent
from compliance.store.base import transaction

TOKEN_FIELD = "csrf_token"  # noqa: S105 (a field's name)
TOKEN_DAYS = 8
KEPT, DUE = "unsent", "unsent_due"
"""In the cookie: the token of what is kept; whether it waits to be shown after signing in."""
MOST_BYTES = 200_000
MOST_PATH = 500
WORDS = 3
PROGRAMS = frozenset({"officer.autosave"})
SEALED = frozenset({"officer.authority_contact"})
"""What is sealed or not kept at all."""
POLICE = "lea_"
"""How the questions about contacts for the police begin: their answers are stored as answers or not at all."""


@dataclass(frozen=True)
class Unsent:
    """A form as it was posted. `author` is the id of who opened it; None when its token does not say."""

    endpoint: str
    path: str
    fields: list[tuple[str, str]]
    author: int | None
    files: bool = False

    @property
    def texts(self) -> list[str]:
        return free_texts(self.fields)

    @property
    def storable(self) -> bool:
        """Only what an account's own form was sent with costs us room."""
        question = (request.view_args or {}).get("question_id", "")
        asked = (question, *(name for name, _value in self.fields))
        return self.author is not None and len(self.path) <= MOST_PATH and not any(map(_of_the_police, asked))


def free_texts(fields: list[tuple[str, str]]) -> list[str]:
    """What people wrote in their own words; values that are chosen, hidden or pressed say nothing to them."""
    return [value.strip() for _name, value in fields if len(value.split()) >= WORDS or not value.isascii()]


def _of_the_police(question_id: str) -> bool:
    return question_id.startswith(POLICE)


def author_of(token: str | None) -> int | None:
    """The person whom a form's token names; None when it names nobody, or we did not sign it."""
    serializer = URLSafeTimedSerializer(current_app.config["WTF_CSRF_SECRET_KEY"], salt="wtf-csrf-token")
    try:
        value = str(serializer.loads(token or "", max_age=TOKEN_DAYS * 86_400))
    except BadData:
        return None
    author = value.rpartition(".")[2]
    return int(author) if author.isdecimal() and "." in value else None


def unsent_post() -> Unsent | None:
    """What this request wanted to send, when that is worth offering again: text of ours, from a page of ours."""
    if request.method != "POST" or not _keepable() or not _from_our_page():
        return None
    try:
        fields = [(name, value) for name, values in request.form.lists() for value in values if name != TOKEN_FIELD]
        files = any(file.filename for file in request.files.values())
    except HTTPException:
        return None
    size = sum(len(name.encode()) + len(value.encode()) for name, value in fields)
    if not fields or size > MOST_BYTES or any("password" in name for name, _value in fields):
        return None
    return Unsent(str(request.endpoint), request.path, fields, author_of(request.form.get(TOKEN_FIELD)), files)


def _keepable() -> bool:
    blueprint = request.blueprint or ""
    return request.endpoint not in PROGRAMS | SEALED and blueprint in COMPANY | STAFF.keys() | {"account", "public"}


def _from_our_page() -> bool:
    """Browsers say where a form was; what does not say so is none of ours."""
    said = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(said).netloc in {urlsplit(settings().public_url).netloc, request.host}


def rescue() -> Response | None:
    """Carries on with what was typed; None when there is nothing to carry on with."""
    post = unsent_post()
    if post is None:
        return None
    if current_user.is_authenticated or request.blueprint == "public":
        mine = post.author is None or request.blueprint == "public" or post.author == current_user.id
        return make_response(page(post.path, post.fields, files=post.files, mine=mine), HTTPStatus.BAD_REQUEST)
    if not post.storable or post.author is None:
        return None
    with transaction() as write:
        session[KEPT] = unsent.keep(write, post.author, post.path, post.fields, clock.now())
    session[DUE] = True
    flash(_("Your time here had run out. What you wrote is kept: sign in, and you can send it."), "warning")
    return redirect(url_for("security.login", next=url_for("account.unsent")), HTTPStatus.SEE_OTHER)


def page(path: str, fields: list[tuple[str, str]], *, files: bool, mine: bool) -> str:
    """The words, and a button that sends them again with a token of now; without the button for somebody else."""
    return render_template(
        "account/unsent.html", path=path, fields=fields, texts=free_texts(fields), files=files, mine=mine
    )
