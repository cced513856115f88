"""How the portal is: health in one page, keys, backups, and what the clock deletes; each is looked at when asked."""

from typing import Any

from flask import render_template, request

from compliance import clock
from compliance.actions import vital_signs
from compliance.actions.vital_signs import VitalSigns
from compliance.domain.session_limits import COMPANY
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.forms import whole_number
from compliance.journeys.gate import settings
from compliance.journeys.language import gettext as _
from compliance.journeys.language import km_digits, show_datetime, show_number, show_size
from compliance.journeys.language import lazy_gettext as _l
from compliance.store import deletions as log
from compliance.store.base import db
from compliance.store.deletions import RetentionRule
from compliance.store.job_runs import job_runs
from compliance.store.upkeep import UpkeepKind, upkeep_of

PAGE = 50
LISTED = 10
JOB_NAMES = {
    "deliver": _l("Sends emails"),
    "issue": _l("Makes certificates"),
    "print_letters": _l("Makes decision letters"),
    "rehearse": _l("Rehearses drafts"),
    "remind": _l("Puts reminders into the outbox"),
    "chase_replies": _l("Reminds of replies"),
    "chase_concerns": _l("Reminds of concerns"),
    "chase_checks": _l("Reminds of spot checks and suspensions"),
    "chase_scorings": _l("Reminds of second scorings"),
    "tell_of_editions": _l("Tells companies of new editions"),
    "queue_digests": _l("Puts the mail of the day into the outbox"),
    "chase_votes": _l("Reminds panels"),
    "remind_of_appeals": _l("Reminds of appeals"),
    "fill_holidays": _l("Fills in public holidays"),
    "publish_head": _l("Publishes the head of the trail"),
    "publish_signed": _l("Publishes heads after awards change"),
    "publish_figures": _l("Publishes national figures"),
    "seal": _l("Seals the public log"),
    "read_through": _l("Reads the audit trail through"),
    "sweep": _l("Deletes what is over"),
}
UPKEEP = {
    UpkeepKind.BACKUP.value: _l("Backup"),
    UpkeepKind.RESTORE_TEST.value: _l("Restore tried"),
    UpkeepKind.TRAIL.value: _l("Audit trail"),
}
RULES = {
    RetentionRule.SESSIONS: (
        _l("Signed-in browsers"),
        _l("Deleted %(days)s days after signing in, when no cookie can be valid."),
    ),
    RetentionRule.TRIES: (
        _l("Counted tries to sign in"),
        _l("Deleted %(days)s days after the window in which they count."),
    ),
    RetentionRule.UNSENT: (_l("Text kept while somebody signs in again"), _l("Deleted an hour after it was kept.")),
    RetentionRule.ORPHANS: (
        _l("Files that no answer, letter or certificate names"),
        _l("Deleted a day after they came."),
    ),
}


def petals(signs: VitalSigns) -> list[dict[str, Any]]:
    """Name, state and a sentence, in the order of the picture's petals from left to right."""
    return [
        {"name": _("Worker"), "well": signs.worker.well, "text": _worker(signs)},
        {"name": _("Mail"), "well": signs.mail.well, "text": _mail(signs)},
        {"name": _("Database"), "well": signs.database.well, "text": _database(signs)},
        {"name": _("Disk"), "well": signs.disk.well, "text": _disk(signs)},
        {"name": _("Backup"), "well": signs.backup.well, "text": _backup(signs)},
    ]


def _worker(signs: VitalSigns) -> str:
    worker = signs.worker
    if worker.ill:
        return _(
            "Jobs that fail: %(names)s.", names=", ".join(str(JOB_NAMES.get(one.name, one.name)) for one in worker.ill)
        )
    if worker.seen_at is None:
        return _("It has never run here.")
    seen = show_datetime(worker.seen_at)
    return _("At work, last seen %(when)s.", when=seen) if worker.well else _("Silent since %(when)s.", when=seen)


def _mail(signs: VitalSigns) -> str:
    mail = signs.mail
    if not mail.answers:
        return _("The mail server does not answer. Emails that wait: %(count)s.", count=show_number(mail.waiting))
    if mail.oldest is not None and not mail.well:
        since = show_datetime(mail.oldest)
        return _("Emails that wait: %(count)s, the oldest since %(when)s.", count=show_number(mail.waiting), when=since)
    return _("The mail server answers. Emails that wait: %(count)s.", count=show_number(mail.waiting))


def _database(signs: VitalSigns) -> str:
    took = show_number(signs.database.milliseconds, digits=1)
    return _("%(size)s, answers in %(time)s milliseconds.", size=show_size(signs.database.size), time=took)


def _disk(signs: VitalSigns) -> str:
    free, total = (show_number(size / 1_000_000_000, digits=1) for size in (signs.disk.free, signs.disk.total))
    return _("%(free)s of %(total)s GB are free.", free=free, total=total)


def _backup(signs: VitalSigns) -> str:
    backup = signs.backup
    if backup.made is None:
        return _("No backup was ever made.")
    made = _("Made %(when)s.", when=show_datetime(backup.made.at))
    if backup.failed is not None:
        more = _("The last try failed: %(when)s.", when=show_datetime(backup.failed.at))
    elif backup.tried is None:
        more = _("No backup was ever put back as a test.")
    else:
        more = _("Put back as a test %(when)s.", when=show_datetime(backup.tried.at))
    return f"{made} {more}"


@admin.get("/health")
def health() -> str:
    """True at this moment: everything is looked at while the page is made."""
    session = db.session()
    signs = vital_signs.look(session, settings())
    found = petals(signs)
    return render_template(
        "admin/health.html",
        signs=signs,
        petals=found,
        well=sum(one["well"] for one in found),
        jobs=[(JOB_NAMES.get(run.name, run.name), run) for run in job_runs(session)],
        backups=upkeep_of(session, UpkeepKind.BACKUP, LISTED),
        trials=upkeep_of(session, UpkeepKind.RESTORE_TEST, LISTED),
        readings=upkeep_of(session, UpkeepKind.TRAIL, LISTED),
        failures=vital_signs.failures(session),
        names={**JOB_NAMES, **UPKEEP},
    )


@admin.get("/keys")
def keys() -> str:
    """The keys as they lie on the disk; changing them is an act at the command line."""
    found, now = vital_signs.keys(settings()), clock.now()
    return render_template("admin/keys.html", keys=[(one, one.old(now)) for one in found])


@admin.get("/retention")
def retention() -> str:
    """What is deleted by which rule, and the log of it."""
    session, page = db.session(), min(max(whole_number(request.args.get("page")) or 1, 1), 10_000)
    days = km_digits(COMPANY.absolute.days)
    totals = log.deleted_by_rule(session)
    return render_template(
        "admin/retention.html",
        rules=[(name, text % {"days": days}, totals.get(rule)) for rule, (name, text) in RULES.items()],
        names={rule: name for rule, (name, _text) in RULES.items()},
        rows=log.deletions(session, PAGE, (page - 1) * PAGE),
        page=page,
        pages=-(-log.count_deletions(session) // PAGE),
    )
