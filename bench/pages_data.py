"""A register of many companies for measuring, made in a few statements."""

import sys
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from certificates import mint, mint_code
from compliance import clock
from compliance.actions.awarding import facts_of_award
from compliance.app import create_app
from compliance.cli.database import migrate_database
from compliance.domain.lifecycle import State
from compliance.domain.provinces import PROVINCES
from compliance.domain.standing import AwardAct
from compliance.settings import UNNAMED, Mode, Settings
from compliance.store.assessments import Assessment
from compliance.store.awards import Award, Certificate
from compliance.store.base import Base, transaction
from compliance.store.companies import Company
from compliance.store.people import Person
from compliance.store.register import rebuild
from questionnaires import current

KHMER = ("អណ្តើក", "ក្របី", "ដំរី", "តុកកែ", "ឫស្សី", "គោម", "ត្នោត", "ខ្លែង", "អណ្តូង", "ស្រះ", "ទន្សាយ", "ក្រមា")
LATIN = (
    "Turtle",
    "Buffalo",
    "Elephant",
    "Gecko",
    "Bamboo",
    "Lantern",
    "Palm",
    "Kite",
    "Well",
    "Pond",
    "Rabbit",
    "Krama",
)
KHMER_TRADE, LATIN_TRADE = ("ហ្វាយប័រ", "ក្លោដ", "ហ្គេម", "ឆាត", "ណេតវើក"), ("Fibre", "Cloud", "Games", "Chat", "Network")
LEVELS = ("committed", "bronze", "silver", "gold")
WRITTEN = 1_000
"""So many companies are written by the portal itself, 5 ms each; their rows are copied for the rest."""
NUMBERED = {
    "companies": {"id"},
    "assessments": {"id", "company_id"},
    "awards": {"id", "company_id", "assessment_id"},
    "certificates": {"id", "award_id"},
    "register_entries": {"company_id", "award_id"},
}
UNIQUE = {"slug", "registration_number", "number", "code"}


def settings(folder: Path) -> Settings:
    """Settings that keep everything in a folder."""
    return Settings(
        mode=Mode.TEST,
        secret_key="b" * 40,
        data_dir=folder,
        public_url="http://127.0.0.1:8000",
        database_url=f"sqlite:///{folder / 'portal.sqlite'}",
        smtp_url="smtp://127.0.0.1:1",
        mail_from="Portal <no-reply@portal.example>",
        ministry_domains=("demonstration.example",),
    )


def portal(folder: Path) -> Flask:
    """The application on the store in a folder."""
    return create_app(settings(folder))


def make(folder: Path, companies: int) -> str:
    """A store with that many companies (a multiple of `WRITTEN`, or fewer), each with an award; one's number."""
    wanted, companies = companies, min(companies, WRITTEN)
    migrate_database(settings(folder))
    app, today = portal(folder), clock.today()
    with app.app_context(), transaction() as session:
        maker = Person(email="m@bench.example", active=True, fs_uniquifier="m", full_name="M")
        session.add(maker)
        session.flush()
        session.execute(sa.insert(Company), [_company(n, maker.id) for n in range(1, companies + 1)])
        session.execute(sa.insert(Assessment), [_assessment(n) for n in range(1, companies + 1)])
        session.execute(sa.insert(Award), [_award(n, today) for n in range(1, companies + 1)])
        session.execute(sa.insert(Certificate), [_certificate(award) for award in session.scalars(sa.select(Award))])
        rebuild(session)
        for copy in range(1, wanted // companies):
            _copy_rows(session, companies, copy)
    return mint(today.year - 1, companies // 2)


def _copy_rows(session: Session, written: int, copy: int) -> None:
    """The first rows of each table once more, as other companies of the same names."""
    for table, numbers in NUMBERED.items():
        names = [column.name for column in Base.metadata.tables[table].columns]
        key = "award_id" if table == "register_entries" else "id"
        values = [_other(name, copy, copy * written if name in numbers else 0) for name in names]
        filled = ", ".join(f'"{name}"' for name in names)
        select = f"SELECT {', '.join(values)} FROM {table} WHERE {key} <= {written}"
        session.execute(sa.text(f"INSERT INTO {table} ({filled}) {select}"))


def _other(column: str, copy: int, further: int) -> str:
    """The SQL of a copied value: numbers go on, what is unique is marked."""
    if further:
        return f"{column} + {further}"
    return f"{column} || '-{copy}'" if column in UNIQUE else f'"{column}"'


def _company(n: int, maker: int) -> dict[str, object]:
    first, second = n % len(KHMER), (n // len(KHMER)) % len(KHMER_TRADE)
    return {
        "id": n,
        "slug": f"company-{n}",
        "name_km": f"{KHMER[first]} {KHMER_TRADE[second]} {n}",
        "name_latin": f"{LATIN[first]} {LATIN_TRADE[second]} {n}",
        "registration_number": f"R-{n}",
        "licence_number": "",
        "kinds": [current().kinds[n % len(current().kinds)].id],
        "workers": 20,
        "places": 1,
        "province": list(PROVINCES)[n % len(PROVINCES)],
        "website": "",
        "registered_at": clock.now(),
        "registered_by": maker,
        "version": 1,
    }


def _assessment(n: int) -> dict[str, object]:
    return {
        "id": n,
        "company_id": n,
        "edition": current().id,
        "state": State.APPROVED,
        "opened_at": clock.now(),
        "review_facts": {},
        "version": 1,
    }


def _award(n: int, today: date) -> dict[str, object]:
    starts = today - timedelta(days=n % 700)
    return {
        "id": n,
        "company_id": n,
        "assessment_id": n,
        "edition": current().id,
        "level": LEVELS[n % len(LEVELS)],
        "number": mint(today.year - 1, n),
        "code": mint_code(),
        "scope_km": f"សេវាទី {n} ទូទាំងប្រទេស",
        "scope_en": f"Service {n} in all provinces",
        "starts": starts,
        "ends": starts + timedelta(days=729),
        "grace_days": 30,
        "granted_at": clock.now() - timedelta(days=n % 700),
        "acted_at": clock.now(),
        "last_act": AwardAct.GRANTED,
    }


def _certificate(award: Award) -> dict[str, object]:
    said = facts_of_award(award, "http://127.0.0.1:8000", UNNAMED, {}).to_json().decode()
    return {"award_id": award.id, "number": award.number, "code": award.code, "facts": said}


SAVES = """
import sys, time
import pysqlite3.dbapi2 as sqlite
store = sqlite.connect(sys.argv[1], isolation_level=None, timeout=10)
for pragma in ("journal_mode=wal", "synchronous=full"):
    store.execute(f"pragma {pragma}")
begun, saves = time.monotonic(), 0
while True:
    store.execute("BEGIN IMMEDIATE")
    store.execute("UPDATE companies SET version = version + 1 WHERE id = ?", (saves % 100 + 1,))
    store.execute("COMMIT")
    saves += 1
    time.sleep(max(0, begun + saves / float(sys.argv[2]) - time.monotonic()))
"""


def write_saves(folder: Path, a_second: int) -> list[str]:
    """The command of a process that saves into the store that often, durably, until it is ended."""
    return [sys.executable, "-c", SAVES, str(folder / "portal.sqlite"), str(a_second)]
