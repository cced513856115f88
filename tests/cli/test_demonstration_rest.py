"""The companies that the first start leaves for later: played little by little, stopped at any act, never twice."""

import socket
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import islice

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.cli.demonstration import rest, seed
from compliance.cli.demonstration.cast import PLAYERS
from compliance.cli.demonstration.half_made import first_start, forget_half_made
from compliance.cli.demonstration.invented import ALL, invented
from compliance.cli.readiness import is_ready
from compliance.cli.running import run
from compliance.domain.provinces import PROVINCES
from compliance.jobs.timetable import timetable
from compliance.settings import Mode, Settings, SettingsError
from compliance.store import figures
from compliance.store.assessments import AnswerRevision, Assessment, How, Submission
from compliance.store.awards import Award
from compliance.store.base import db
from compliance.store.companies import Company
from compliance.store.reviews import Recommendation
from compliance.store.unplayed import begun, unplayed
from questionnaires import current

TWICE = next(
    n for n in range(len(PLAYERS) + 1, ALL) if invented(n).kinds == ("internet_cafe",) and invented(n).days > 700
)
"""A café whose story has several cycles."""


def test_the_whole_cast_is_varied_and_every_name_is_its_own() -> None:
    cast = [*PLAYERS, *map(invented, range(len(PLAYERS) + 1, ALL + 1))]
    assert len({one.name_km for one in cast}) == len({one.name_latin for one in cast}) == len(cast) == ALL
    assert len({seed.slug_of(one) for one in cast}) == ALL
    assert {one.province for one in cast} == set(PROVINCES)
    assert min(Counter(one.kinds[0] for one in cast).values()) >= 10
    assert {one.kinds[0] for one in cast} == {kind.id for kind in current().kinds}
    assert [invented(99), invented(100)] == [invented(99), invented(100)]


def played() -> dict[str, int]:
    """How much is in the store, of what a story makes."""
    tables = (Company, Assessment, Submission, Recommendation, Award, AnswerRevision)
    return {one.__tablename__: db.session.scalar(sa.select(sa.func.count()).select_from(one)) or 0 for one in tables}


@pytest.mark.sqlite_only
def test_a_story_that_is_stopped_again_and_again_goes_on_and_doubles_nothing(
    app: Flask, settings: Settings, moment: datetime
) -> None:
    with app.app_context():
        seed.play(app, settings, PLAYERS[-1:])
        before, acts = played(), 0
        while list(islice(rest.company(TWICE, settings), 3)):
            acts += 1
            db.session.remove()
            assert acts < 200, "it never ends"
        made = {name: number - before[name] for name, number in played().items()}
        assert made["companies"] == 1
        assert made["assessments"] >= 2
        assert made["submissions"] == made["recommendations"] == made["assessments"]
        written = db.session.execute(
            sa.select(AnswerRevision.assessment_id, AnswerRevision.question, sa.func.count())
            .where(AnswerRevision.how.is_distinct_from(How.CARRIED))
            .group_by(AnswerRevision.assessment_id, AnswerRevision.question)
        ).all()
        assert written
        assert {number for *_question, number in written} == {1}, "an answer was given twice"
        assert [*rest.company(TWICE, settings)] == []


def test_a_first_start_that_was_cut_off_is_made_anew(settings: Settings) -> None:
    """And never while another is at work."""
    made = replace(settings, mode=Mode.DEMONSTRATION, data_dir=settings.data_dir / "half")
    made = replace(made, database_url=f"sqlite:///{made.data_dir / 'portal.sqlite'}")
    (made.data_dir / "files").mkdir(parents=True)
    database, kept = made.data_dir / "portal.sqlite", made.data_dir / "secret"
    for path in (database, kept, made.data_dir / "files" / "one"):
        path.write_bytes(b"half")
    forget_half_made(made)
    assert database.exists(), "without the mark nothing is touched"
    with suppress(KeyboardInterrupt), first_start(made):
        with pytest.raises(SettingsError, match="at work"):
            forget_half_made(made)
        raise KeyboardInterrupt
    assert not is_ready(made)
    with pytest.raises(SettingsError, match="Empty its database"):
        forget_half_made(replace(made, database_url="postgresql://127.0.0.1/portal"))
    forget_half_made(made)
    assert sorted(path.name for path in made.data_dir.iterdir()) == ["secret"]
    with first_start(made):
        assert begun(made).exists()
    assert not begun(made).exists()


def test_a_port_that_is_taken_is_told_before_a_demonstration_is_made(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    """The command says which option helps; nothing was made in vain."""
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as freed:
        number, free = taken.getsockname()[1], freed.getsockname()[1]
        freed.close()
        made = replace(settings, mode=Mode.DEMONSTRATION, data_dir=settings.data_dir / "none")
        assert run(made, number) == 1
        assert f"port {number} already. Choose another --port." in capfd.readouterr().err
        assert run(replace(made, smtp_url=f"smtp://127.0.0.1:{number}"), free) == 1
        assert f"port {number} already. Choose another --mail-port." in capfd.readouterr().err
        assert not made.data_dir.exists()


def test_figures_wait_until_all_are_there_and_only_one_plays(app: Flask, settings: Settings, moment: datetime) -> None:
    publish = timetable(app, settings)["publish_figures"][1]
    with app.app_context(), rest.alone(settings) as first:
        assert first
        with rest.alone(settings) as second:
            assert not second
        publish()
        assert not figures.newest(db.session())
        unplayed(settings).unlink()
        publish()
        assert figures.PUBLISHED in figures.newest(db.session())
        for _month in rest.months(moment.date()):
            db.session.remove()
        assert len(figures.yearly(db.session())[figures.PUBLISHED]) == 1, "months before one that is told stay untold"
