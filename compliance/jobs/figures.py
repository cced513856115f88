"""Publishes the national figures, in the first hour of a month in which the worker runs."""

import logging

from compliance import clock
from compliance.actions.figures import figures_of_month, publish
from compliance.store import figures
from compliance.store.base import db, transaction

log = logging.getLogger(__name__)


def publish_figures() -> int:
    """Returns how many figures were told anew; a month that was published costs one look."""
    today = clock.today()
    if figures.published_in_month(db.session(), today):
        return 0
    found = figures_of_month(db.session())
    with transaction() as session:
        told = publish(session, today, found)
    log.info("%d national figures published", told)
    return told
