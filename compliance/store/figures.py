"""National figures as they were published, with the parts they were made of: what comes next must not give one away."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.domain.suppression import Part, Parts
from compliance.store.base import Base, Json

PUBLISHED = "published"
"""The figure of each month's publishing itself; the others that are told in steps are published with it."""


class PublishedFigure(Base):
    """A figure of a day. `told` is what readers see; `parts` is what each company added to it, shown to nobody."""

    __tablename__ = "published_figures"
    __table_args__ = (sa.UniqueConstraint("figure", "published_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    figure: Mapped[str] = mapped_column(String(80))
    published_on: Mapped[date] = mapped_column()
    told: Mapped[dict[str, Any]] = mapped_column(Json)
    parts: Mapped[dict[str, list[Any]]] = mapped_column(Json)


@dataclass(frozen=True)
class Figure:
    """What readers see of a figure, and of which day it is."""

    published_on: date
    told: Mapping[str, Any]


def newest(session: Session, names: Collection[str] | None = None) -> dict[str, Figure]:
    """Each figure as it was published last, or those with these names."""
    columns = (PublishedFigure.figure, PublishedFigure.published_on, PublishedFigure.told)
    query = sa.select(*columns).order_by(PublishedFigure.published_on)
    if names is not None:
        query = query.where(PublishedFigure.figure.in_(names))
    return {row.figure: Figure(row.published_on, row.told) for row in session.execute(query)}


def yearly(session: Session) -> dict[str, list[Figure]]:
    """Each figure as it was published last in each year, the newest last."""
    year = sa.extract("year", PublishedFigure.published_on)
    lasts = sa.select(sa.func.max(PublishedFigure.id)).group_by(PublishedFigure.figure, year)
    query = sa.select(PublishedFigure.figure, PublishedFigure.published_on, PublishedFigure.told)
    found: dict[str, list[Figure]] = defaultdict(list)
    for row in session.execute(query.where(PublishedFigure.id.in_(lasts)).order_by(PublishedFigure.published_on)):
        found[row.figure].append(Figure(row.published_on, row.told))
    return dict(found)


def states(session: Session) -> dict[str, list[Parts]]:
    """The parts of every figure each time it was published, the newest last."""
    found: dict[str, list[Parts]] = defaultdict(list)
    rows = sa.select(PublishedFigure.figure, PublishedFigure.parts).order_by(PublishedFigure.published_on)
    for figure, parts in session.execute(rows):
        found[figure].append({int(company): Part(Decimal(text), known) for company, (text, known) in parts.items()})
    return found


def published_in_month(session: Session, day: date) -> bool:
    """Whether the month's figures were published."""
    query = sa.select(PublishedFigure.id).where(
        PublishedFigure.figure == PUBLISHED, PublishedFigure.published_on >= day.replace(day=1)
    )
    return session.scalar(query.limit(1)) is not None


def publish(session: Session, figure: str, day: date, told: Mapping[str, Any], parts: Parts | None = None) -> None:
    """Adds a figure of a day."""
    kept = {str(company): [str(part.amount), part.known] for company, part in (parts or {}).items()}
    session.add(PublishedFigure(figure=figure, published_on=day, told=dict(told), parts=kept))
