"""Companies and awards made straight in the store: every level and every standing, on 23 November 2026."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates import CertificateFacts, Level, Signatory, Words, mint, mint_code
from compliance.domain.lifecycle import State
from compliance.domain.renewal import last_day
from compliance.domain.standing import AwardAct
from compliance.store.assessments import Assessment
from compliance.store.awards import Award, AwardDecision, Certificate, Numbering
from compliance.store.companies import Company
from compliance.store.people import Person
from compliance.store.register import refresh_entry
from questionnaires import current

GRANTED, SUSPENDED, REINSTATED, REVOKED = (
    AwardAct.GRANTED,
    AwardAct.SUSPENDED,
    AwardAct.REINSTATED,
    AwardAct.REVOKED,
)


@dataclass(frozen=True)
class Made:
    """One company to make: its award starts on `starts`; `acts` follow the grant."""

    slug: str
    km: str
    latin: str
    kind: str
    province: str
    level: str
    starts: date
    acts: tuple[tuple[AwardAct, date], ...] = ()


WORLD = (
    Made("fast-turtle-fibre", "អណ្តើកលឿន ហ្វាយប័រ", "Fast Turtle Fibre", "isp", "phnom-penh", "gold", date(2026, 3, 15)),
    Made(
        "blue-krama-mobile",
        "ក្រមាខៀវ ម៉ូបាល",
        "Blue Krama Mobile",
        "mobile_operator",
        "phnom-penh",
        "gold",
        date(2026, 6, 3),
    ),
    Made(
        "happy-elephant-games",
        "ដំរីសប្បាយ ហ្គេម",
        "Happy Elephant Games",
        "content_producer",
        "battambang",
        "gold",
        date(2025, 12, 1),
    ),
    Made(
        "moonlit-pond-video",
        "ស្រះព្រះចន្ទ វីដេអូ",
        "Moonlit Pond Video",
        "platform",
        "phnom-penh",
        "silver",
        date(2025, 8, 18),
    ),
    Made("green-gecko-chat", "តុកកែបៃតង ឆាត", "Green Gecko Chat", "platform", "siem-reap", "bronze", date(2024, 12, 29)),
    Made("two-bamboos-network", "ឫស្សីពីរ ណេតវើក", "Two Bamboos Network", "isp", "kampot", "committed", date(2026, 4, 12)),
    Made(
        "sleepy-buffalo-cloud",
        "ក្របីងងុយ ក្លោដ",
        "Sleepy Buffalo Cloud",
        "hosting",
        "phnom-penh",
        "silver",
        date(2026, 1, 10),
        ((SUSPENDED, date(2026, 11, 2)),),
    ),
    Made(
        "red-lantern-apps",
        "គោមក្រហម អេប",
        "Red Lantern Apps",
        "app_developer",
        "kandal",
        "bronze",
        date(2026, 2, 1),
        ((SUSPENDED, date(2026, 5, 1)), (REVOKED, date(2026, 6, 1))),
    ),
    Made(
        "sweet-palm-cafe",
        "ហាងអ៊ីនធឺណិតត្នោតផ្អែម",
        "Sweet Palm Internet Café",
        "internet_cafe",
        "kampong-cham",
        "bronze",
        date(2026, 1, 5),
        ((SUSPENDED, date(2026, 3, 1)), (REINSTATED, date(2026, 3, 20))),
    ),
    Made(
        "paper-kite-apps",
        "ខ្លែងក្រដាស អេប",
        "Paper Kite Apps",
        "app_developer",
        "siem-reap",
        "bronze",
        date(2024, 11, 10),
    ),
    Made("old-well-hosting", "អណ្តូងចាស់ ហូស្ទីង", "Old Well Hosting", "hosting", "kandal", "silver", date(2024, 3, 1)),
)


def at(day: date, hour: int = 3) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def person(session: Session, email: str) -> Person:
    found = session.scalar(sa.select(Person).where(Person.email == email))
    if found is None:
        found = Person(email=email, active=True, fs_uniquifier=email, full_name=email.split("@", maxsplit=1)[0])
        session.add(found)
        session.flush()
    return found


def make_company(session: Session, made: Made) -> Company:
    officer = person(session, "officer@company.example")
    company = Company(
        slug=made.slug,
        name_km=made.km,
        name_latin=made.latin,
        registration_number=f"R-{made.slug}",
        kinds=[made.kind],
        workers=40,
        province=made.province,
        website=f"https://{made.slug}.example/",
        registered_at=at(made.starts),
        registered_by=officer.id,
    )
    session.add(company)
    session.flush()
    return company


def give_award(session: Session, company: Company, made: Made, sequence: int) -> Award:
    reviewer, approver = person(session, "reviewer@ministry.example"), person(session, "approver@ministry.example")
    level = current().level(made.level)
    assessment = Assessment(
        company_id=company.id, edition=current().id, state=State.APPROVED, opened_at=at(made.starts), review_facts={}
    )
    session.add(assessment)
    session.flush()
    award = Award(
        company_id=company.id,
        assessment_id=assessment.id,
        edition=current().id,
        level=made.level,
        number=mint(made.starts.year, sequence),
        code=mint_code(),
        scope_km=f"សេវាទាំងអស់របស់ {made.km}",
        scope_en=f"All services of {made.latin}",
        starts=made.starts,
        ends=last_day(made.starts, level.validity_months),
        grace_days=30,
        granted_at=at(made.starts),
        last_act=made.acts[-1][0] if made.acts else GRANTED,
        acted_at=at(made.acts[-1][1] if made.acts else made.starts),
    )
    session.add(award)
    taken = session.merge(Numbering(year=made.starts.year))
    taken.last = max(taken.last or 0, sequence)
    session.flush()
    for act, day in ((GRANTED, made.starts), *made.acts):
        decide(session, award, act, day, reviewer.id, approver.id)
    said = facts(award, company).to_json().decode()
    session.add(Certificate(award_id=award.id, number=award.number, code=award.code, facts=said))
    session.flush()
    return award


def decide(session: Session, award: Award, act: AwardAct, day: date, proposed_by: int, decided_by: int) -> None:
    session.add(
        AwardDecision(
            award_id=award.id, act=act, reason="r", proposed_by=proposed_by, decided_by=decided_by, decided_at=at(day)
        )
    )


def facts(award: Award, company: Company) -> CertificateFacts:
    level = current().level(award.level)
    return CertificateFacts(
        number=award.number,
        code=award.code,
        company=Words(company.name_km, company.name_latin),
        level=Level(
            level.id, Words(level.public_name.km, level.public_name.en), Words(level.meaning.km, level.meaning.en)
        ),
        scope=Words(award.scope_km, award.scope_en),
        edition=award.edition,
        issued=award.starts,
        expires=award.ends,
        verify_url=f"http://localhost/verify/{award.number}",
        signatory=Signatory(Words("រដ្ឋមន្ត្រី", "Minister"), Words("ឈ្មោះ", "Name")),
    )


def make_one(session: Session, made: Made, sequence: int) -> Award:
    """A company with its award and its line in the register."""
    company = make_company(session, made)
    award = give_award(session, company, made, sequence)
    session.refresh(award, ["acts"])
    refresh_entry(session, company.id)
    return award


def make_world(session: Session) -> dict[str, Award]:
    """The whole of WORLD; awards by slug."""
    return {made.slug: make_one(session, made, n + 1) for n, made in enumerate(WORLD)}


def act_on(session: Session, award: Award, act: AwardAct, day: date) -> None:
    """A later decision, as the use case writes it."""
    decide(
        session,
        award,
        act,
        day,
        person(session, "reviewer@ministry.example").id,
        person(session, "approver@ministry.example").id,
    )
    award.last_act, award.acted_at = act, at(day)
    session.flush()
    session.expire(award, ["acts"])
    refresh_entry(session, award.company_id)
