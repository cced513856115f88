"""Appeals in the reader's words: what is contested, what became of it, how far it has come."""

from dataclasses import dataclass
from datetime import date

from compliance import clock
from compliance.domain.appeals import AppealKind, AppealOutcome
from compliance.journeys.language import gettext as _
from compliance.store.appeal_parts import Part
from compliance.store.appeals import Appeal


@dataclass(frozen=True)
class Stage:
    """A day in the course of an appeal; `kind` is now, warn (late), past or ahead."""

    on: date
    title: str
    kind: str = ""


def kind_name(kind: AppealKind) -> str:
    """What is contested."""
    return {
        AppealKind.REFUSAL: _("Appeal against a refusal"),
        AppealKind.LEVEL: _("Appeal against the level of an award"),
        AppealKind.SUSPENSION: _("Appeal against a suspension"),
        AppealKind.REVOCATION: _("Appeal against a revocation"),
    }[kind]


def would_mean(kind: AppealKind) -> dict[str, str]:
    """What either decision leads to, by vote."""
    upheld = {
        AppealKind.REFUSAL: _("The assessment goes back into review, to other people than before."),
        AppealKind.LEVEL: _("The award holds as it is; a new assessment is reviewed and decided on by other people."),
        AppealKind.SUSPENSION: _("The suspension is lifted today, and the register says so."),
        AppealKind.REVOCATION: _("The award holds again from today, and the register says so."),
    }[kind]
    return {"uphold": upheld, "dismiss": _("What was decided stays as it is.")}


def outcome_name(appeal: Appeal) -> str:
    """Where it is."""
    if appeal.outcome is None:
        return _("The panel has taken it up") if appeal.taken_up_at else _("Waits for a panel")
    return {
        AppealOutcome.UPHELD: _("Upheld"),
        AppealOutcome.DISMISSED: _("Dismissed"),
        AppealOutcome.WITHDRAWN: _("Withdrawn"),
    }[appeal.outcome]


def course(appeal: Appeal, decided_on: date) -> list[Stage]:
    """From the decision that is contested to the one on the appeal; what is late says so."""
    today, lodged = clock.today(), clock.day_of(appeal.lodged_at or appeal.drafted_at)
    stages = [Stage(decided_on, _("The decision")), Stage(lodged, _("Appeal lodged"))]
    if appeal.taken_up_at is not None:
        stages.append(Stage(clock.day_of(appeal.taken_up_at), _("The panel has taken it up")))
    elif appeal.open and appeal.take_up_by is not None:
        stages.append(_ahead(appeal.take_up_by, _("The panel takes it up by"), today))
    if appeal.closed_at is not None:
        stages.append(Stage(clock.day_of(appeal.closed_at), outcome_name(appeal), "now"))
    elif appeal.decide_by is not None:
        stages.append(_ahead(appeal.decide_by, _("The panel decides by"), today))
    return stages


def _ahead(day: date, title: str, today: date) -> Stage:
    return Stage(day, _("%(what)s (late)", what=title), "warn") if day < today else Stage(day, title, "ahead")


def part_name(part: Part) -> str:
    """Why somebody cannot sit on a panel."""
    return {
        Part.CLAIMED: _("had the assessment in hand"),
        Part.RULED: _("ruled on it"),
        Part.RECOMMENDED: _("recommended it"),
        Part.DECIDED: _("decided it"),
        Part.JUDGED: _("judged an earlier appeal"),
        Part.PROPOSED: _("proposed it"),
        Part.DECLINED: _("declined to confirm it"),
        Part.CONFIRMED: _("confirmed it"),
    }[part]
