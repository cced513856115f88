"""The grounds of acts on awards in words, and what everybody reads of a decision."""

from compliance.domain.grounds import Ground
from compliance.journeys.language import gettext as _
from compliance.store.awards import Award, AwardDecision
from questionnaires import catalogue


def ground_names() -> dict[Ground, str]:
    """Each ground in the reader's language."""
    return {
        Ground.CHILDREN_AT_RISK: _("Children are at immediate risk"),
        Ground.INCIDENT: _("A serious incident was not handled"),
        Ground.FALSE_INFORMATION: _("False or missing information"),
        Ground.CHECK_IN_OVERDUE: _("The check-in is overdue"),
        Ground.FINDING: _("A court or a regulator found a breach"),
        Ground.SPOT_CHECK: _("A spot check found what is not in place"),
        Ground.CONCERN: _("A concern about the company holds"),
        Ground.MISUSE: _("The mark was misused"),
        Ground.COMPANY_ASKS: _("The company asks for it"),
        Ground.UNRESOLVED: _("What led to the suspension was not put right"),
        Ground.OFFENCE: _("The company is guilty of an offence against children"),
        Ground.REMEDIED: _("What led to the suspension is put right"),
        Ground.UNFOUNDED: _("The grounds did not hold"),
    }


def ground_name(ground: str) -> str:
    """One ground in words; nothing for a decision that was made before there were grounds."""
    return ground_names()[Ground(ground)] if ground else ""


def is_public(award: Award, act: AwardDecision) -> bool:
    """Whether everybody reads why; the edition of the award says so."""
    return bool(act.public_km) and catalogue.edition(award.edition).lifecycle.suspension.register_shows_reason


def public_reason(award: Award, act: AwardDecision, lang: str) -> str:
    """Ground and public reason in a sentence each; empty where nobody else reads it."""
    if not is_public(award, act):
        return ""
    said, stop = (act.public_km, "។") if lang == "km" else (act.public_en, ".")
    return f"{ground_name(act.ground)}{stop} {said}" if act.ground else said
