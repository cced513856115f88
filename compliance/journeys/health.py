"""Whether the portal lives, whether it can serve, and its figures for the machine it runs on."""

from ipaddress import ip_address

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, request
from flask.wrappers import Response
from sqlalchemy.orm import Session

from compliance.clock import now, today
from compliance.journeys.gate import settings
from compliance.store import schema_version
from compliance.store.assessments import Assessment
from compliance.store.base import abandon, begin_writing, db
from compliance.store.errors import StorageAwayError
from compliance.store.files import file_store
from compliance.store.issuing import stuck
from compliance.store.outbox import Notice
from compliance.store.register import change_number
from compliance.store.register_search import Search, count_by_level
from compliance.store.wait_budget import limited_waiting

health = Blueprint("health", __name__)

READY_SECONDS = 1.5
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


def _plain(text: str, status: int = 200) -> Response:
    return Response(text, status, mimetype="text/plain", headers={"Cache-Control": "no-store"})


@health.get("/healthz")
def alive() -> Response:
    """This process answers."""
    return _plain("ok\n")


@health.get("/readyz")
def ready() -> Response:
    """The database answers and lets somebody write, its schema is the newest, and files can be stored."""
    with limited_waiting(READY_SECONDS):
        problems = [problem for check in (_schema_problem, _storage_problem) if (problem := check())]
    response = _plain("".join(f"{problem}\n" for problem in problems) or "ok\n", 503 if problems else 200)
    if problems:
        response.headers["Retry-After"] = "5"
    return response


def _schema_problem() -> str:
    try:
        found = schema_version.current(begin_writing().connection())
    except sa.exc.SQLAlchemyError:
        return "database: does not answer, or nothing can be written"
    finally:
        abandon_lost()
    return "" if found == schema_version.newest() else "database: the schema is not the newest; run ./portal migrate"


def abandon_lost() -> None:
    """Gives the broken connection back."""
    try:
        abandon()
    except sa.exc.SQLAlchemyError:
        db.session.remove()


def _storage_problem() -> str:
    try:
        file_store(settings()).probe()
    except (OSError, StorageAwayError):
        return "storage: cannot be written"
    return ""


@health.get("/metrics")
def metrics() -> Response:
    """Prometheus text, for this machine alone: whoever came through a proxy is not here."""
    if any(name in request.headers for name in FORWARDED) or not _is_local(request.remote_addr):
        abort(404)
    return _plain("".join(_line(*figure) for figure in figures(db.session())))


def _is_local(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def figures(session: Session) -> list[tuple[str, dict[str, str], float]]:
    """Name, labels, value."""
    cache = current_app.extensions["page_cache"]
    found: list[tuple[str, dict[str, str], float]] = [
        ("portal_page_cache_hits_total", {}, cache.hits),
        ("portal_page_cache_misses_total", {}, cache.misses),
        ("portal_page_cache_bytes", {}, cache.bytes),
        ("portal_register_changes_total", {}, change_number(session)),
        ("portal_certificates_stuck", {}, len(stuck(session))),
    ]
    by_level = count_by_level(session, Search(standing="good"), today())
    found += [("portal_awards_in_force", {"level": level}, number) for level, number in sorted(by_level.items())]
    states = sa.select(Assessment.state, sa.func.count()).group_by(Assessment.state).order_by(Assessment.state)
    found += [("portal_assessments", {"state": str(state)}, number) for state, number in session.execute(states).all()]
    owed = sa.select(sa.func.count(), sa.func.min(Notice.due_at)).where(
        Notice.sent_at.is_(None), Notice.overtaken_at.is_(None), Notice.due_at <= now()
    )
    waiting, oldest = session.execute(owed).one()
    found.append(("portal_notices_waiting", {}, waiting))
    found.append(("portal_notices_oldest_seconds", {}, (now() - oldest).total_seconds() if oldest else 0))
    return found


def _line(name: str, labels: dict[str, str], value: float) -> str:
    inside = ",".join(f'{key}="{text}"' for key, text in labels.items())
    return f"{name}{'{' + inside + '}' if inside else ''} {value:g}\n"
