"""Every migration is tried up, down and with data, on both databases; the models equal the schema."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from compliance.domain.roles import SYSTEM
from compliance.domain.suppression import Part, Parts
from compliance.store import audit, figures, schema, schema_version
from compliance.store.awards import Award, Certificate, holding_certificate
from compliance.store.base import WRITING
from tests.conftest import MOMENT
from tests.helpers import entries_about
from tests.public.world import Made, give_award, make_company
from tests.store.filling import fill


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
        assert [entry.content for entry in entries_about(session, "test", 1)] == ['{"word":"ពាក្យ"}']
        assert list(audit.verify(session)) == []


def test_certificates_keep_their_place_when_they_may_be_issued_anew(connection: Connection) -> None:
    """Credentials given out before name their award's id as their place in the status lists."""
    read = "SELECT {} FROM certificates ORDER BY award_id"
    with sa.orm.Session(bind=connection) as session:
        session.info[WRITING] = True
        before = {award.id: [award.number, award.code] for award in map(partial(_award, session), (1, 2, 3))}
        old = holding_certificate(session, 2)
        old.replaced_at = MOMENT
        session.flush()
        session.add(Certificate(award_id=2, number="N", code="C", facts=old.facts))
        session.get_one(Award, 2).number = before[2][0] = "N"
        session.flush()
        session.expunge_all()
        schema.downgrade(connection, "0007")
        rows = connection.execute(sa.text(read.format("award_id, number"))).all()
        assert [tuple(row) for row in rows] == [(award_id, number) for award_id, (number, _code) in before.items()]
        schema.upgrade(connection)
        rows = connection.execute(sa.text(read.format("id, award_id, number, code"))).all()
        assert [tuple(row) for row in rows] == [(award_id, award_id, *words) for award_id, words in before.items()]
        later = Certificate(award_id=3, number="M", code="D", facts="{}", replaced_at=MOMENT)
        session.add(later)
        session.flush()
        assert later.id == 4


def _award(session: Session, n: int) -> Award:
    made = Made(f"pond-{n}", "ស្រះ", "Pond", "isp", "kep", "gold", date(2026, 3, 1))
    return give_award(session, make_company(session, made), made, n)


def test_evidence_with_answers_survives_what_links_needed(connection: Connection) -> None:
    """Rows of other tables refer to it: on SQLite such a table is not made anew."""
    schema.downgrade(connection, "0029")
    fill(connection)
    read = "SELECT COUNT(*) FROM evidence_links JOIN evidence_files ON evidence_files.id = file_id"
    before = connection.exec_driver_sql(read).scalar()
    schema.upgrade(connection)
    assert connection.exec_driver_sql(read).scalar() == before
    assert before
    assert schema.differences(connection) == []


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(schema.migrations()).get_heads()) == 1
    assert Path(schema.HERE / "env.py").exists()


def test_figures_told_before_are_in_steps_afterwards(connection: Connection) -> None:
    parts: Parts = {number: Part(Decimal(number % 2)) for number in range(12)}
    with sa.orm.Session(bind=connection) as session:
        session.info[WRITING] = True
        for name in ("missed:gov_lead", "total:stat_csam_reports", "points:isp:overall", "province:kep"):
            figures.publish(session, name, MOMENT.date(), {}, parts)
        session.flush()
        session.expunge_all()
        schema.downgrade(connection, "0049")
        told = [figure.told for figure in figures.newest(session).values()]
        assert told == [{"sum": "6", "companies": 12}] * 3, "provinces were not told"
        schema.upgrade(connection)
        assert {name: figure.told for name, figure in figures.newest(session).items()} == {
            "missed:gov_lead": {"first": 5, "last": 9},
            "total:stat_csam_reports": {"sum": "6"},
            "points:isp:overall": {"average": "0.5", "first": 10, "last": 14},
        }
