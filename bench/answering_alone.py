"""The portal without its group commit: each save begins, commits and waits for the disk alone."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from compliance.journeys.officer import question
from compliance.store.base import transaction
from wsgi import app

Result = TypeVar("Result")


def alone(work: Callable[[Session], Result]) -> Result:
    with transaction() as session:
        return work(session)


question.in_shared_transaction = alone
__all__ = ["app"]
