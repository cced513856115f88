"""Every migration is tried up, down and with data, on both databases; the models equal the schema."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from compliance.domain.roles import SYSTEM
from compliance.store import audit, schema, schema_version
from compliance.store.base import WRITING
from tests.conftest import MOMENT


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = schema.open_engine(database_url)
    with engine.connect().execution_options(**{WRITING: True}) as opened:
        yield opened
    engine.dispose()


def test_models_equal_the_schema(connection: Connection) -> None:
    assert schema.differences(connection) == []


def test_every_migration_goes_down_and_up_again(connection: Connection) -> None:
    script = ScriptDirectory.from_config(schema.migrations())
    revisions = [revision.revision for revision in script.walk_revisions()]
    for revision in revisions:
        assert schema_version.current(connection) == revision
        schema.downgrade(connection, "-1")
    assert schema_version.current(connection) is None
    left = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    assert not left, f"a downgrade forgot {left}"
    schema.upgrade(connection)
    assert schema.differences(connection) == []


def test_data_survives_the_last_migration_down_and_up(connection: Connection) -> None:
    with sa.orm.Session(bind=connection) as session:
        session.info[WRITING] = True
        audit.record(session, MOMENT, SYSTEM, "system:test:kept", "test", 1, word="ពាក្យ")
        session.flush()
        schema.downgrade(connection, "-1")
        schema.upgrade(connection)
        assert [entry.content for entry in audit.entries_about(session, "test", 1)] == ['{"word":"ពាក្យ"}']
        assert list(audit.verify(session)) == []


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(schema.migrations()).get_heads()) == 1
    assert Path(schema.HERE / "env.py").exists()
