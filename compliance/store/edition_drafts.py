"""Draft editions: the files of each as they were uploaded and edited, and what is wrong with them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, Json, UtcDateTime


class EditionDraft(Base):
    """One draft. `files` is a JSON object {place below the edition's folder: text}, such as "sections/governance.yaml";
    texts are kept letter by letter, line ends and all. `sha256` is `questionnaires.loader.digest` of them.

    `name` is the id that its edition.yaml gives it, `title` {"km", "en"}; both empty while that cannot be read.
    `mistakes` is a JSON list of what `python -m questionnaires check` says of these files, each {"severity": "error" or
    "warning", "file", "line", "column", "key", "km", "en"}; `wrong` counts the errors, `doubtful` the warnings.
    A draft with errors may be kept and edited, never proposed. `version` rises with every change.
    """

    __tablename__ = "edition_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    title: Mapped[dict[str, str]] = mapped_column(Json)
    files: Mapped[str] = mapped_column(Text, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    mistakes: Mapped[str] = mapped_column(Text, deferred=True)
    wrong: Mapped[int] = mapped_column()
    doubtful: Mapped[int] = mapped_column()
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    let_go_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    let_go_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (read by SQLAlchemy)

    def texts(self) -> dict[str, str]:
        """Every file's text by its place, in the order of the places."""
        found: dict[str, str] = json.loads(self.files)
        return found

    def told(self) -> list[dict[str, Any]]:
        """What is wrong, in reading order."""
        found: list[dict[str, Any]] = json.loads(self.mistakes)
        return found


def packed(texts: Mapping[str, str]) -> str:
    """As `EditionDraft.files` holds them."""
    return json.dumps(dict(sorted(texts.items())))


def drafts(session: Session) -> list[EditionDraft]:
    """Those that nobody let go, the one changed last first."""
    query = sa.select(EditionDraft).where(EditionDraft.let_go_at.is_(None))
    return list(session.scalars(query.order_by(EditionDraft.changed_at.desc(), EditionDraft.id.desc())))
