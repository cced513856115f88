"""What comes next for a company, the most pressing first: in words, with its day and the way to it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from compliance.actions.after_acts import begins_again_on
from compliance.actions.agenda import Kind
from compliance.actions.renewing import renewal_opens
from compliance.domain.lifecycle import State
from compliance.domain.standing import Standing
from compliance.journeys.language import current_language, show_date
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.home_view import Day
from compliance.journeys.officer.known import Known
from compliance.journeys.working_days import days_left
from compliance.store.assessments import Assessment
from compliance.store.awards import Award, counting_award, following
from questionnaires import current

WITH_THE_MINISTRY = frozenset({State.SUBMITTED, State.IN_REVIEW})


@dataclass(frozen=True)
class Way:
    """Where a button leads; `posts` when pressing it begins something."""

    label: str
    href: str
    posts: bool = False


@dataclass(frozen=True)
class Next:
    """One thing to do or to know; the first of its `ways` is the one to take.

    `day` is that by which, shown as a leaf; `left` counts its working days. Of an open assessment the page also says
    where it stands.
    """

    title: str
    said: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    day: date | None = None
    late: bool = False
    left: int | None = None
    assessment: Assessment | None = None


def next_up(known: Known) -> list[Next]:
    """At least one thing: a statement, a reply, a check-in, all before the assessment; the plan last."""
    owed = [*_hearings(known), *_reply(known), *_spot_check(known), *_check_in(known), *_refused(known)]
    return [*owed, *(() if _asked(known) else (_assessment(known),)), *_plan(known)]


def _asked(known: Known) -> Day | None:
    return next((day for day in known.days if day.entry.kind is Kind.REPLY), None)


def _hearings(known: Known) -> Iterator[Next]:
    """What the ministry wants to hear before it acts on an award, or after it acted at once."""
    for one in known.hearings:
        until = one.hearing.until
        said = _("The Ministry hears your company until %(day)s, that day included.", day=show_date(until))
        page = url_for("officer.hearing", proposal_id=one.proposal.id)
        title = _("Say what you think of the act on your award")
        yield Next(title, (said,), (Way(_("Read and state"), page),), until, left=days_left(until))


def _reply(known: Known) -> Iterator[Next]:
    """The reply that is awaited; until the worker lets it lapse it can be given, also after its very last day."""
    asked = _asked(known)
    if asked is None:
        return
    due, last = asked.entry.day, next(day.entry.day for day in known.days if day.entry.kind is Kind.LAPSE)
    if last < known.today:
        said = _(
            "It was due on %(day)s, and %(last)s was the last day for it. The review goes on with your answers as they"
            " are; until it does, you can still reply.",
            day=show_date(due),
            last=show_date(last),
        )
    elif asked.late:
        said = _(
            "It was due on %(day)s. You can still reply until %(last)s; after that the review goes on with your"
            " answers as they are.",
            day=show_date(due),
            last=show_date(last),
        )
    else:
        said = _("Please reply by %(day)s.", day=show_date(due))
    yield Next(asked.words.title, (said,), (Way(_("Reply"), asked.words.href),), due, asked.late, days_left(due))


def _spot_check(known: Known) -> Iterator[Next]:
    """One that waits for an answer, or for something to be mended."""
    for one in known.spot_checks:
        due = one.answer_due_on
        if due is None or (one.replied_at and not one.mend_by):
            continue
        title = _("Mend what the spot check found") if one.mend_by else _("Answer the spot check")
        way = Way(_("Open the spot check"), url_for("officer.spot_check", check_id=one.id))
        said = _("Please do it by %(day)s.", day=show_date(due))
        yield Next(title, (said,), (way,), due, due < known.today, days_left(due))


def _check_in(known: Known) -> Iterator[Next]:
    """The check-in that can be sent today: by when, or from when it counts as late."""
    due = known.check_in
    if due is None or not due.open:
        return
    day, late = show_date(due.due_on), show_date(due.late_from)
    if due.late:
        said = _("It was due on %(day)s and counts as late since %(late)s.", day=day, late=late)
    elif due.passed:
        said = _("It was due on %(day)s. It counts as late from %(late)s.", day=day, late=late)
    else:
        said = _("Please send it by %(day)s.", day=day)
    page = url_for("officer.check_in", company_id=known.company.id)
    ways = (Way(_("Open the check-in"), page),) if known.may_check_in else ()
    yield Next(_("Send the check-in"), (said,), ways, due.due_on, due.late)


def _assessment(known: Known) -> Next:
    """The open assessment; without one the renewal, what the ministry decided, or a first beginning."""
    if known.open:
        return _open(known, known.open)
    if known.held:
        return _held(known, known.held)
    return _none_in_force(known)


def _open(known: Known, found: Assessment) -> Next:
    due = found.review_due_on if found.state in WITH_THE_MINISTRY else None
    late, said = bool(due and due < known.today), tuple[str, ...]()
    if late:
        said = (_("The review should have been done by %(day)s. The Ministry is late with it.", day=show_date(due)),)
    elif due:
        said = (_("The review should be done by %(day)s.", day=show_date(due)),)
    label = _("Continue") if found.state is State.DRAFT else _("Open")
    day = due
    if found.state is State.DRAFT and known.held and known.today >= renewal_opens(known.held):
        ending, day = _ending(known, known.held)
        said = (ending,)
    again = begins_again_on(known.awards, known.today) if found.state is State.DRAFT else None
    if again is not None:
        waits = _(
            "An award was revoked: what you enter is kept, and can be submitted from %(day)s.", day=show_date(again)
        )
        said, day = (waits,), again
    ways = [Way(label, url_for("officer.assessment", assessment_id=found.id))]
    if found.submitted_at:
        ways.append(Way(_("Receipt of the submission"), url_for("officer.receipt", assessment_id=found.id)))
    return Next(_("Your assessment"), said, tuple(ways), day, late, assessment=found)


def _held(known: Known, held: Award) -> Next:
    follows = following(known.awards, held, known.today)
    if follows is not None:
        held_until = _("The award holds until %(day)s.", day=show_date(held.ends))
        next_begins = _("The next one is granted: it begins on %(day)s.", day=show_date(follows.starts))
        return Next(_idle(known), (held_until, next_begins))
    if known.today < renewal_opens(held):
        return _waiting(known, held)
    said, day = _ending(known, held)
    if not known.may_edit:
        return Next(_("Renew the award"), (said, _may_not()), day=day)
    how = _("You can renew it now: your earlier answers are filled in, and you confirm each.")
    return _beginning(known, Next(_("Renew the award"), (said,), day=day), how, _("Begin the renewal"))


def _ending(known: Known, held: Award) -> tuple[str, date]:
    """When the award ends, or its grace, and the day by which something must have followed."""
    ends, grace = held.ends, held.term.grace_ends
    if held.standing(known.today) is not Standing.IN_GRACE:
        return _("The award ends on %(day)s.", day=show_date(ends)), ends
    said = _(
        "The award ended on %(day)s. Its time of grace ends on %(last)s: after that day it has expired.",
        day=show_date(ends),
        last=show_date(grace),
    )
    return said, grace


def _waiting(known: Known, held: Award) -> Next:
    """An award whose renewal is not open yet: a higher level may be tried for sooner."""
    said = [
        _("The award holds until %(day)s.", day=show_date(held.ends)),
        _("Renewal opens on %(day)s.", day=show_date(renewal_opens(held))),
    ]
    title = _idle(known)
    if not known.may_edit or held.level == current().levels[-1].id:
        return Next(title, tuple(said))
    how = _("To reach a higher level sooner, begin a new assessment; your earlier answers are filled in.")
    return _beginning(known, Next(title, tuple(said)), how, _("Begin a new assessment"))


def _idle(known: Known) -> str:
    """What a page says beside an award for which nothing has to be done, whatever else is owed."""
    owes = (known.check_in and known.check_in.open) or any(day.late for day in known.days)
    return _("No renewal is due now") if owes else _("Nothing is due now")


def _none_in_force(known: Known) -> Next:
    """What ended comes first, with the way to the reasons; then how to begin."""
    title, said, ways = _ended(known)
    if not known.may_edit:
        return Next(title or _("Your assessment"), (*said, _may_not()), ways)
    if (day := begins_again_on(known.awards, known.today)) is not None:
        waits = _("Your company can begin a new assessment from %(day)s.", day=show_date(day))
        return Next(title or _("The award was revoked"), (*said, waits), ways, day=day)
    if not known.assessments:
        how = _(
            "Some 40 questions about how your company protects children online. You can stop at any time; every answer"
            " is kept."
        )
        return Next(_("Begin the assessment"), (how,), (_start(known, _("Begin the assessment")),))
    how = _("You can begin a new assessment: your earlier answers are filled in, and you confirm each.")
    about = Next(title or (_("Your appeal runs") if known.appeal else _("Begin the assessment")), said, ways)
    return _beginning(known, about, how, _("Begin the assessment"))


def _beginning(known: Known, about: Next, how: str, label: str) -> Next:
    """With the way to begin an assessment; while an appeal stands in its way, with the way to that instead."""
    if known.appeal is not None:
        waits = _("Until the panel has decided on your appeal, no new assessment can be begun.")
        page = Way(_("Open the appeal"), url_for("officer.appeal", appeal_id=known.appeal.id))
        return replace(about, said=(*about.said, waits), ways=(page, *about.ways))
    said = (*about.said, how)
    if known.appeal_until is not None:
        said += (
            _(
                "Your company can still appeal until %(day)s. Whoever begins a new assessment has to withdraw it before"
                " appealing.",
                day=show_date(known.appeal_until),
            ),
        )
    return replace(about, said=said, ways=(_start(known, label), *about.ways))


def _refused(known: Known) -> Iterator[Next]:
    """A refusal is told until another assessment begins."""
    last = next(iter(known.assessments), None)
    if last is None or last.state is not State.REFUSED:
        return
    said = _("Decided on %(day)s. The decision says why, point by point.", day=show_date(last.decided_at))
    page = url_for("officer.decision", assessment_id=last.id)
    yield Next(_("Your assessment was refused"), (said,), (Way(_("Read the decision"), page),))


def _ended(known: Known) -> tuple[str, tuple[str, ...], tuple[Way, ...]]:
    """Title, sentences and ways of a newest award that does not count today; nothing without one."""
    award = counting_award(known.awards, known.today)
    if award is None:
        return "", (), ()
    standing, acted = award.standing(known.today), show_date(award.acted_at)
    public = (Way(_("Public page"), f"/{current_language()}/register/{known.company.slug}"),)
    if standing is Standing.SUSPENDED:
        said = _("Since %(day)s. The letter of that day and the public page say why.", day=acted)
        return _("The award is suspended"), (said,), public
    if standing is Standing.REVOKED:
        said = _("On %(day)s. The letter of that day and the public page say why.", day=acted)
        return _("The award was revoked"), (said,), public
    if standing is Standing.EXPIRED:
        last = show_date(award.term.grace_ends)
        said = _("It ended on %(day)s, and its time of grace on %(last)s.", day=show_date(award.ends), last=last)
        return _("The award has expired"), (said,), ()
    return "", (), ()


def _may_not() -> str:
    return _("An owner or editor of the company can begin an assessment.")


def _start(known: Known, label: str) -> Way:
    return Way(label, url_for("officer.start", company_id=known.company.id), posts=True)


def _plan(known: Known) -> Iterator[Next]:
    """Steps of the plan whose day has passed, told once: the dates below name each."""
    late = [day for day in known.days if day.entry.kind is Kind.PLAN and day.late]
    if not late:
        return
    said = _("Its day was %(day)s. Mark it as done, or give it a new day.", day=show_date(late[0].entry.day))
    if len(late) > 1:
        said = _("The first since %(day)s. Mark them as done, or give them new days.", day=show_date(late[0].entry.day))
    title = _("A step of your plan is late") if len(late) == 1 else _("Steps of your plan are late")
    yield Next(title, (said,), (Way(_("Open the plan"), late[0].words.href),), late[0].entry.day, late=True)
