"""The schema: brought to the newest migration, compared with the models, made new for a test."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection, Engine

from compliance.store import (  # noqa: F401  (each import registers its tables)
    access,
    appeals,
    assessments,
    audit,
    awards,
    calendar_feeds,
    certificate_marks,
    change_declarations,
    changes,
    channel_checks,
    check_ins,
    colleague_acts,
    companies,
    concerns,
    decision_letters,
    deletions,
    dossier_flags,
    draft_marks,
    edition_drafts,
    evidence_files,
    figures,
    hearings,
    holidays,
    hotlines,
    job_runs,
    law_contacts,
    letters,
    outbox,
    people,
    plans,
    published_editions,
    register,
    rehearsals,
    reporting_channels,
    review_notes,
    reviews,
    rule_changes,
    signatories,
    signed_heads,
    spot_checks,
    ties,
    transparency,
    unsent,
    upkeep,
)
from compliance.store.base import Base, engine_options, engine_url, prepare_engine

HERE = Path(__file__).parent / "migrations"
NEWEST = "head"
WORD_INDEX = "register_words"  # with its shadow tables on SQLite: made by a migration, unknown to the models


def migrations(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def open_engine(database_url: str) -> Engine:
    """An engine outside Flask, prepared like the application's own; its statements may take their time."""
    url = engine_url(database_url)
    engine = sa.create_engine(url, **engine_options(url, limited=False))
    prepare_engine(engine)
    return engine


def upgrade(connection: Connection, target: str = NEWEST) -> None:
    """Brings the schema up to `target` inside the connection's transaction."""
    command.upgrade(migrations(connection), target)


def downgrade(connection: Connection, target: str) -> None:
    """Takes the schema down to `target` (`base` is empty)."""
    command.downgrade(migrations(connection), target)


def differences(connection: Connection) -> list[object]:
    """What distinguishes the models from the schema as migrated; empty when they agree."""
    options = {
        "compare_type": True,
        "include_name": lambda name, kind, _parents: (
            kind not in {"table", "index"} or not str(name).startswith(WORD_INDEX)
        ),
    }
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, Base.metadata))
