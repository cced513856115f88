"""The database that the machine works on, put back to its beginning for each run."""

import shutil
from contextlib import closing
from dataclasses import dataclass, field

import pysqlite3.dbapi2 as sqlite
import sqlalchemy as sa
from flask import Flask

from compliance.cli.demonstration.acts import Hands
from compliance.domain.roles import Actor
from compliance.journeys.page_cache import PageCache
from compliance.settings import Settings
from compliance.store import audit_heads
from compliance.store.base import db
from compliance.store.files import file_store
from tests import postgresql


@dataclass
class Store:
    """The application with a database that can be put back to the beginning."""

    app: Flask
    settings: Settings
    postgresql_server: str = ""
    manners: dict[int, str] = field(default_factory=dict)

    def hands(self, actor: Actor) -> Hands:
        """Of somebody who does all that they are asked to."""
        return Hands(actor, actor, actor, actor, file_store(self.settings), self.settings.public_url)

    @property
    def _database(self) -> str:
        """A name on the server, or the path of a file."""
        return str(sa.make_url(self.settings.database_url).database)

    def keep(self) -> None:
        """What is stored now is the beginning."""
        self._closed()
        if self.postgresql_server:
            name = self._database
            postgresql.tell(self.postgresql_server, f"DROP DATABASE IF EXISTS {name}_kept WITH (FORCE)")
            kept = f"CREATE DATABASE {name}_kept TEMPLATE {name} STRATEGY file_copy"
            postgresql.tell(self.postgresql_server, kept)
        else:
            shutil.copy(self._database, f"{self._database}.kept")

    def put_back(self) -> None:
        """The database and the published heads, as they were at the beginning."""
        self._closed()
        self._forget_pages()
        shutil.rmtree(audit_heads.folder(self.settings), ignore_errors=True)
        if self.postgresql_server:
            name = self._database
            postgresql.tell(self.postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")
            again = f"CREATE DATABASE {name} TEMPLATE {name}_kept STRATEGY file_copy"
            postgresql.tell(self.postgresql_server, again)
        else:
            kept, again = f"{self._database}.kept", self._database
            with closing(sqlite.connect(kept)) as source, closing(sqlite.connect(again)) as target:
                source.backup(target)

    def _forget_pages(self) -> None:
        """A process does not outlive its database."""
        cache: PageCache = self.app.extensions["page_cache"]
        cache.pages.clear()
        cache.fragments.fragments.clear()
        cache.last_read = (0, -1, 0.0)

    def gone(self) -> None:
        """Leaves no database behind."""
        self._closed()
        if self.postgresql_server:
            postgresql.tell(self.postgresql_server, f"DROP DATABASE IF EXISTS {self._database}_kept WITH (FORCE)")

    def _closed(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
