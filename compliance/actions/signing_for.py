"""Who signs certificates: one administrator proposes, another confirms; what was issued before stays as it is."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy.orm import Session

from certificates import CertificateError, CertificateFacts, Level, Signatory, Words, mint, mint_code
from certificates.facts import LONGEST
from certificates.lunar import lunar_date
from compliance import clock
from compliance.actions import second_administrator
from compliance.actions.second_administrator import tell_others
from compliance.domain.errors import InvalidError
from compliance.domain.roles import Actor, Role
from compliance.settings import Settings
from compliance.store.audit import hold_tail, record
from compliance.store.people import rights_now
from compliance.store.signatories import SignatoryProposal, confirmed_signatory, open_signatory
from questionnaires import current

PRINTED = re.compile(r"[ -~\u00a0-\u024f\u1780-\u17ff\u19e0-\u19ff\u200b-\u200d\u2010-\u201f]*")
"""Letters that the certificate's fonts have: Latin and Khmer, with their marks."""
FIELDS = ("office_km", "office_en", "name_km", "name_en")
SAMPLE_NUMBER = mint(2000, 99_999)
"""Of a year in which nothing was awarded: no certificate has it."""


def signatory_of(row: SignatoryProposal) -> Signatory:
    return Signatory(Words(row.office_km, row.office_en), Words(row.name_km, row.name_en))


def signatory_now(session: Session, settings: Settings) -> Signatory:
    """Who is printed on what is granted now: whom two administrators named, else whom the settings name."""
    found = confirmed_signatory(session)
    return signatory_of(found) if found else settings.signatory


def checked(texts: dict[str, str]) -> Signatory:
    """Raises InvalidError beside the field that cannot be printed."""
    try:
        said = Signatory(Words(texts["office_km"], texts["office_en"]), Words(texts["name_km"], texts["name_en"]))
    except CertificateError as error:
        raise InvalidError("name_km", "There is a character that cannot be printed.") from error
    for field in FIELDS:
        part, lang = field.split("_")
        most = LONGEST[f"signatory.{part}"]
        if not PRINTED.fullmatch(getattr(said, part)[lang]):
            raise InvalidError(field, "There is a character that cannot be printed.")
        if not 0 < len(getattr(said, part)[lang]) <= most:
            raise InvalidError(field, "Write it in this language, at most %(most)s characters.", most=most)
    return said


def propose(session: Session, actor: Actor, texts: dict[str, str]) -> SignatoryProposal:
    """Raises InvalidError for what cannot be printed, and while another proposal waits."""
    rights_now(session, actor).require(Role.ADMINISTRATOR)
    said = checked(texts)
    hold_tail(session)
    if open_signatory(session) is not None:
        raise InvalidError("", "A proposal waits already. It is confirmed or taken back first.")
    words = {"office_km": said.office.km, "office_en": said.office.en, "name_km": said.name.km, "name_en": said.name.en}
    made = SignatoryProposal(proposed_by=actor.user_id, proposed_at=clock.now(), **words)
    session.add(made)
    session.flush()
    record(session, clock.now(), actor, "admin:signatory:proposed", "signatory", made.id, **words)
    tell_others(session, actor, "signatory", made.id)
    return made


def confirm(session: Session, actor: Actor, proposal_id: int) -> None:
    """Another administrator makes it so."""
    if found := second_administrator.confirm(session, actor, SignatoryProposal, proposal_id):
        record(session, clock.now(), actor, "admin:signatory:confirmed", "signatory", found.id, name=found.name_en)


def withdraw(session: Session, actor: Actor, proposal_id: int) -> None:
    """The proposer takes it back, or another one declines it."""
    if found := second_administrator.withdraw(session, actor, SignatoryProposal, proposal_id):
        record(session, clock.now(), actor, "admin:signatory:withdrawn", "signatory", found.id, name=found.name_en)


def sample_facts(signatory: Signatory, public_url: str, today: date, marks: Mapping[str, str]) -> CertificateFacts:
    """A certificate of nobody, marked as a sample whatever the edition is; `marks` are digests by `logo` and `seal`."""
    edition = current()
    level = edition.levels[-1]
    return CertificateFacts(
        number=SAMPLE_NUMBER,
        code=mint_code(),
        company=Words("ក្រុមហ៊ុនគំរូ", "Sample Company"),
        level=Level(
            level.id, Words(level.public_name.km, level.public_name.en), Words(level.meaning.km, level.meaning.en)
        ),
        scope=Words("គំរូសម្រាប់មើលជាមុន", "A sample to look at"),
        edition=edition.id,
        issued=today,
        lunar=lunar_date(today),
        expires=today + timedelta(days=365),
        verify_url=f"{public_url}/verify/{SAMPLE_NUMBER}",
        signatory=signatory,
        sample=True,
        logo=marks.get("logo", ""),
        seal=marks.get("seal", ""),
    )
