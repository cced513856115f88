"""A store of an earlier schema is complete after `./portal migrate`: what the register shows is written anew."""

import sqlalchemy as sa
from flask import Flask

from compliance.cli.database import migrate_all
from compliance.store.base import db, transaction
from compliance.store.register import RegisterEntry
from tests.public.world import make_world


def test_an_earlier_register_gets_what_it_lacks(app: Flask) -> None:
    ready = sa.select(RegisterEntry.award_id, RegisterEntry.json).order_by(RegisterEntry.award_id)
    with app.app_context():
        with transaction() as session:
            make_world(session)
            entries = len(session.execute(ready).all())
            session.execute(sa.update(RegisterEntry).values(json=""))
        migrate_all(app.extensions["portal_settings"])
        db.session.rollback()
        after = db.session.execute(ready).all()
    assert len(after) == entries > 0
    assert all(text for _award, text in after)
