"""A certificate as a square picture to share, while its award is in force."""

import logging
from functools import lru_cache
from threading import BoundedSemaphore, Lock

from flask import abort
from flask.wrappers import Response

from certificates import NumberError, parse
from compliance import clock
from compliance.bounded.runner import BusyError, CrashedError, TooHeavyError, ask
from compliance.domain.standing import Standing
from compliance.journeys.api.blueprint import answer, api
from compliance.journeys.api.described import BYTES, described
from compliance.store.awards import Award, Certificate, certificate_by_number
from compliance.store.base import db

log = logging.getLogger(__name__)

SHARED = frozenset({Standing.CURRENT, Standing.EXPIRING})
"""Standings in which what the picture says holds: the day that it names is yet to come."""
KEPT = 256
"""Pictures in memory, of some 80 KB each."""
RETRY_SECONDS = 10
_places = BoundedSemaphore(2)
_one_at_a_time = Lock()


@api.get("/certificates/<number>.png")
@described("A certificate as a square picture to share", {"image/png": BYTES}, takes=None, statuses=(503,))
def certificate_picture(number: str) -> Response:
    """Only while it is true: afterwards, and of a certificate that was replaced, there is none. Copies that are about
    name their last day and where to check."""
    try:
        certificate = certificate_by_number(db.session(), parse(number))
    except NumberError:
        certificate = None
    if certificate is None or not is_shared(certificate):
        abort(404)
    try:
        picture = _drawn_in_turn(certificate.facts)
    except (BusyError, CrashedError, TooHeavyError):
        log.warning("a certificate's picture is not drawn now", exc_info=True)
        return Response(status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    name = f'inline; filename="{certificate.number}.png"'
    return answer(picture, "image/png", Content_Disposition=name, Content_Security_Policy="default-src 'none'; sandbox")


def is_shared(certificate: Certificate) -> bool:
    """Whether there is a picture of it today."""
    made = certificate.pdf_sha256 is not None and certificate.replaced_at is None
    return made and db.session().get_one(Award, certificate.award_id).standing(clock.today()) in SHARED


def _drawn_in_turn(facts: str) -> bytes:
    """Few wait, so that pages have threads left. Raises BusyError, CrashedError, TooHeavyError."""
    if not _places.acquire(blocking=False):
        raise BusyError
    try:
        with _one_at_a_time:
            return _drawn(facts)
    finally:
        _places.release()


@lru_cache(maxsize=KEPT)
def _drawn(facts: str) -> bytes:
    """Drawn once for the same facts, in a process of its own."""
    return ask("compliance.bounded.share_picture", {"facts": facts})[1]
