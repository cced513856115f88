"""Tells companies with a draft of an earlier edition that another one is in force."""

from compliance.actions.edition_grace import tell_of_new_edition, to_tell
from compliance.store.base import abandon, db, transaction


def tell_of_editions() -> None:
    """Once a draft and edition, whenever it runs; nothing is locked while nobody is to be told."""
    waiting = bool(to_tell(db.session()))
    abandon()
    if not waiting:
        return
    with transaction() as session:
        tell_of_new_edition(session)
