"""Tells companies with a draft of an earlier edition that another one is in force."""

from compliance.actions.edition_grace import tell_of_new_edition
from compliance.store.base import transaction


def tell_of_editions() -> None:
    """Once a draft and edition, whenever it runs."""
    with transaction() as session:
        tell_of_new_edition(session)
