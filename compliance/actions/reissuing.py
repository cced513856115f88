"""Certificates issued anew when what they print of the company changed: a new number, to which the old one leads."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from certificates import CertificateFacts, number
from certificates.facts import Signatory, Words
from certificates.lunar import lunar_date
from compliance import clock
from compliance.actions.covering import Covering
from compliance.domain.roles import Actor
from compliance.domain.standing import LIVE
from compliance.store.awards import Award, Certificate, awards_of, holding_certificate, next_number
from compliance.store.certificate_marks import digests_in_use
from compliance.store.companies import Company
from compliance.store.signed_heads import record_signed
from questionnaires import catalogue


def kinds_printed(edition: str, kinds: list[str]) -> tuple[Words, ...]:
    """What a company does, in the words of an edition; kinds that it does not know are not printed."""
    labels = {kind.id: kind.label for kind in catalogue.edition(edition).kinds}
    return tuple(Words(labels[kind].km, labels[kind].en) for kind in kinds if kind in labels)


def cover(session: Session, company: Company, brands: Sequence[str]) -> None:
    """The brands and services that each award of the company that is not over covers from now on."""
    for award in _not_over(session, company):
        words = Covering(award.scope_km, award.scope_en, award.not_covered_km, award.not_covered_en)
        award.brands = words.names(company, brands)
    session.flush()


def _not_over(session: Session, company: Company) -> list[Award]:
    today = clock.today()
    return [award for award in awards_of(session, company.id) if award.standing(today) in LIVE]


def issue_anew(
    session: Session, actor: Actor, company: Company, public_url: str, signatory: Signatory
) -> list[Certificate]:
    """A new certificate for each award that is not over and whose certificate says something else of its company.

    The company's awards are held by whoever calls. The worker makes the PDFs from the facts.
    """
    live = _not_over(session, company)
    made = [_anew(session, actor, award, company, public_url, signatory) for award in live]
    return [certificate for certificate in made if certificate is not None]


def _anew(
    session: Session, actor: Actor, award: Award, company: Company, public_url: str, signatory: Signatory
) -> Certificate | None:
    """None when the certificate says what is true already."""
    old = holding_certificate(session, award.id)
    printed = CertificateFacts.from_json(old.facts)
    names, kinds = Words(company.name_km, company.name_latin), kinds_printed(award.edition, company.kinds)
    if (printed.company, printed.kinds, printed.brands) == (names, kinds, tuple(award.brands)):
        return None
    today = clock.today()
    marks = digests_in_use(session)
    minted = number.mint(today.year, next_number(session, today.year))
    facts = replace(
        printed,
        number=minted,
        code=number.mint_code(),
        company=names,
        kinds=kinds,
        brands=tuple(award.brands),
        issued=today,
        lunar=lunar_date(today),
        starts=printed.valid_from,
        verify_url=f"{public_url}/verify/{minted}",
        signatory=signatory,
        replaces=old.number,
        logo=marks.get("logo", ""),
        seal=marks.get("seal", ""),
    )
    return _take_place(session, actor, award, old, facts)


def _take_place(session: Session, actor: Actor, award: Award, old: Certificate, facts: CertificateFacts) -> Certificate:
    old.replaced_at = clock.now()
    session.flush()
    award.number = facts.number
    new = Certificate(award_id=award.id, number=facts.number, code=facts.code, facts=facts.to_json().decode())
    session.add(new)
    session.flush()
    tag = "reviewer:certificate:issued_anew"
    record_signed(session, actor, tag, award.id, number=new.number, replaces=old.number)
    return new
