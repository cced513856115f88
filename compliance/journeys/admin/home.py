"""The administrator's first page: what needs a person now, how the portal is, and the rooms there are."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, url_for
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import vital_signs
from compliance.actions.vital_signs import VitalSigns
from compliance.journeys.admin.access import waiting
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.admin.health import JOB_NAMES, UPKEEP, petals
from compliance.journeys.admin.room_states import room_states
from compliance.journeys.gate import settings
from compliance.journeys.language import gettext as _
from compliance.journeys.language import km_digits, show_number
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.role_names import STAFF_ROLES as ROLE_NAMES
from compliance.store.base import db
from compliance.store.certificate_marks import open_marks
from compliance.store.edition_shelf import entries, tampered
from compliance.store.holidays import filled_years
from compliance.store.published_editions import unclosed_proposals
from compliance.store.rehearsals import unfinished
from compliance.store.rule_changes import open_rule_changes
from compliance.store.signatories import open_signatory

NEXT_YEAR_FROM_MONTH = 10
ROOMS = (
    ("admin.people", _l("People on the Ministry's side"), _l("Invite, give roles, switch off, reset a second factor.")),
    ("admin.sessions", _l("Who is signed in"),
     _l("See the browsers of the Ministry's side or of anybody, and sign them out.")),
    ("admin.companies", _l("Owners of companies"), _l("Give a company that lost its owner another one, with proof.")),
    ("admin.holidays", _l("Public holidays"),
     _l("The days of each year that working days pass over; add what the government declares.")),
    ("admin.rules", _l("Deadlines, reminders and grace"), _l("What the edition says, and what two of you may move.")),
    ("admin.hotlines", _l("Hotlines"), _l("Where to report harm: the lines at the foot of every page.")),
    ("admin.signatory", _l("Signatory"), _l("Who signs certificates, with a preview.")),
    ("admin.certificate_marks", _l("Logo and seal"), _l("What certificates show of the Ministry, with a preview.")),
    ("admin.editions", _l("Editions of the Code"),
     _l("Drafts, the edition in force and those to come: upload, check, preview, compare, publish by two.")),
    ("admin.rehearsals", _l("Rehearse a draft"),
     _l("What a draft edition would change for the awards held today, before it is published.")),
    ("admin.outbox", _l("Outbox"), _l("What was sent, what waits, what failed.")),
    ("admin.audit", _l("Audit trail"), _l("Who did what, when; proof that nothing was altered.")),
    ("admin.health", _l("Health"), _l("Worker, mail, database, disk and backups at this moment.")),
    ("admin.keys", _l("Keys"), _l("The seal and the signing keys: which signs, since when.")),
    ("admin.retention", _l("Retention"), _l("What is deleted when its time is over, and the log of it.")),
    ("admin.spot_checks", _l("Spot checks by lot"),
     _l("Draw awards that reviewers look at again; anybody can repeat the draw.")),
    ("admin.second_scorings", _l("Second scorings"), _l("How often two reviewers of the same assessment agree.")),
    ("quarantine.lock_away", _l("Lock a file away"),
     _l("For everybody on the Ministry's side: by its fingerprint, unopened, at once.")),
)  # fmt: skip


@dataclass(frozen=True)
class Need:
    """Something that needs a person: what, where it is done, and the chip that its room carries."""

    text: str
    endpoint: str
    chip: str

    @property
    def href(self) -> str:
        return url_for(self.endpoint)


def needs(session: Session, signs: VitalSigns) -> list[Need]:
    """What needs a person now, the most urgent first."""
    return [*_health_needs(signs), *_key_needs(), *_people_needs(session)]


def _health_needs(signs: VitalSigns) -> list[Need]:
    found = [
        (not signs.worker.well, "admin.health", _("The worker stands still or a job fails."), _("Look")),
        (not signs.mail.well, "admin.health", _("Emails do not go out."), _("Stuck")),
        (not signs.disk.well, "admin.health", _("The disk is nearly full."), _("Full")),
        (not signs.database.well, "admin.health", _("The database answers slowly."), _("Slow")),
        (not signs.backup.made_lately, "admin.health", _("There is no fresh backup."), _("Backup")),
        (not signs.backup.tried_lately, "admin.health", _("No backup was put back as a test lately."), _("Test")),
        (signs.trail.broken, "admin.audit", _("The audit trail does not hold."), _("Broken")),
        (signs.trail.late, "admin.audit", _("The audit trail was not read through lately."), _("Look")),
        (signs.certificates_stuck > 0, "admin.health", _("Certificates cannot be made."), _("Stuck")),
    ]
    failed = show_number(signs.mail.failed)
    mails = [
        Need(_("Emails that failed: %(count)s.", count=failed), "admin.outbox", _("%(count)s failed", count=failed))
    ]
    ill = [Need(text, endpoint, chip) for needed, endpoint, text, chip in found if needed]
    return ill + (mails if signs.mail.failed else [])


def _key_needs() -> list[Need]:
    keys, now = vital_signs.keys(settings()), clock.now()
    if not any(one.kind == "key" and one.signs for one in keys):
        return [Need(_("There is no key that signs."), "admin.keys", _("Missing"))]
    return [Need(_("A key or the seal is to be replaced soon."), "admin.keys", _("Old"))] * any(
        one.old(now) for one in keys
    )


def _people_needs(session: Session) -> list[Need]:
    today, found = clock.today(), []
    proposals = waiting(session)
    for endpoint, count in (
        ("admin.people", sum(1 for one in proposals if not one.company)),
        ("admin.companies", sum(1 for one in proposals if one.company)),
    ):
        if count:
            number = show_number(count)
            found.append(
                Need(_("Proposals that wait for a second administrator: %(count)s.", count=number), endpoint,
                     _("%(count)s to confirm", count=number))
            )  # fmt: skip
    if open_signatory(session) is not None:
        text = _("A signatory waits for a second administrator.")
        found.append(Need(text, "admin.signatory", _("%(count)s to confirm", count=show_number(1))))
    if marks := len(open_marks(session)):
        text = _("A logo or seal waits for a second administrator.")
        found.append(Need(text, "admin.certificate_marks", _("%(count)s to confirm", count=show_number(marks))))
    if moves := len(open_rule_changes(session)):
        text = _("A change of a deadline waits for a second administrator.")
        found.append(Need(text, "admin.rules", _("%(count)s to confirm", count=show_number(moves))))
    if wishes := sum(one.open for one in unclosed_proposals(session)):
        number = show_number(wishes)
        found.append(
            Need(_("Editions that wait for a second administrator: %(count)s.", count=number), "admin.editions",
                 _("%(count)s to confirm", count=number))
        )  # fmt: skip
    if any(tampered(session, one) for one in entries(session)):
        text = _("An edition is not as it was published. It is not used.")
        found.append(Need(text, "admin.editions", _("Look")))
    years = [today.year, *([today.year + 1] if today.month >= NEXT_YEAR_FROM_MONTH else [])]
    missing = sorted(set(years) - filled_years(session, years))
    if missing:
        year = km_digits(missing[0])
        found.append(Need(_("The public holidays of %(year)s are missing.", year=year), "admin.holidays",
                          _("%(year)s missing", year=year)))  # fmt: skip
    if running := unfinished(session):
        number = show_number(running)
        found.append(
            Need(_("Rehearsals that are worked through: %(count)s.", count=number), "admin.rehearsals", number)
        )
    return found


@admin.get("/")
def home() -> str:
    session = db.session()
    signs = vital_signs.look(session, settings())
    found, signs_shown, states = needs(session, signs), petals(signs), room_states(session, signs)
    chips: dict[str, Any] = {}
    for one in found:
        chips.setdefault(one.endpoint, one.chip)
    return render_template(
        "admin/home.html",
        needs=found,
        petals=signs_shown,
        well=sum(one["well"] for one in signs_shown),
        now=signs.now,
        rooms=[
            (room, name, states.get(room) or what, chips.get(room, ""))
            for room, name, what in ROOMS
            if room in current_app.view_functions
        ],
        signs=signs,
        failures=vital_signs.failures(session),
        names={**JOB_NAMES, **UPKEEP},
        role_names=ROLE_NAMES,
        proposals=waiting(session),
    )
