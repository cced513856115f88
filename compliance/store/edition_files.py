"""The files of any published edition, whether it came with the code or was published here."""

import json
from collections.abc import Mapping
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.store.published_editions import PublishedEdition
from questionnaires import catalogue
from questionnaires.folders import texts_in


def edition_files(session: Session, edition_id: str) -> Mapping[str, str]:
    """{place below its folder: text}; empty for an edition that there is none of."""
    if edition_id in catalogue.carried():
        return _of_the_code(edition_id)
    holds = PublishedEdition.name == edition_id, PublishedEdition.called_back_at.is_(None)
    found: dict[str, str] = json.loads(session.scalar(sa.select(PublishedEdition.files).where(*holds)) or "{}")
    return found


@cache
def _of_the_code(edition_id: str) -> Mapping[str, str]:
    return texts_in(catalogue.DIRECTORY / edition_id)
