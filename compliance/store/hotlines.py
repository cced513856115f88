"""Where to report harm and get help, as the Ministry wrote it; without rows the portal's own list holds."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime

LONGEST_NAME, LONGEST_TEXT, LONGEST_TEL, LONGEST_URL = 80, 80, 20, 300


class HotlineRow(Base):
    """One line of the help strip: a telephone number or an address, in both languages."""

    __tablename__ = "hotlines"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)
    name_km: Mapped[str] = mapped_column(String(LONGEST_NAME))
    name_en: Mapped[str] = mapped_column(String(LONGEST_NAME))
    text_km: Mapped[str] = mapped_column(String(LONGEST_TEXT))
    text_en: Mapped[str] = mapped_column(String(LONGEST_TEXT))
    tel: Mapped[str] = mapped_column(String(LONGEST_TEL))
    url: Mapped[str] = mapped_column(String(LONGEST_URL))
    saved_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


def hotline_rows(session: Session) -> list[HotlineRow]:
    """In the order in which they are shown."""
    return list(session.scalars(sa.select(HotlineRow).order_by(HotlineRow.position)))
