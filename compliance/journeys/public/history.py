"""The history on a company's page: every decision and change, and what came by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from compliance.clock import PHNOM_PENH, day_of
from compliance.domain.appeals import AppealOutcome
from compliance.domain.standing import AwardAct, Standing
from compliance.journeys.ground_words import public_reason
from compliance.journeys.language import current_language, show_date
from compliance.journeys.language import gettext as _
from compliance.store.appeals import Appeal
from compliance.store.awards import Award, AwardDecision, Certificate, counting_award
from compliance.store.changes import ChangeRequest, names_before
from compliance.store.check_ins import CheckIn
from questionnaires import catalogue

AT_MOST = timedelta(seconds=5)
"""How far the log's moment of a change may lie from that of its confirmation: both are of one transaction."""


@dataclass(frozen=True)
class Event:
    """One dated line of a company's history."""

    on: date
    title: str
    text: str = ""
    kind: str = ""
    position: int | None = None
    """Its entry in the transparency log."""
    why: str = ""


@dataclass(frozen=True)
class Past:
    """What a company's history is told from."""

    awards: Sequence[Award]
    certificates: Sequence[Certificate]
    changes: Sequence[ChangeRequest]
    appeals: Sequence[Appeal] = ()
    """Those against suspensions and revocations that were decided."""
    check_ins: Sequence[CheckIn] = ()
    """Those that were sent."""
    log: Mapping[str, int] = field(default_factory=dict)
    """The entry of the transparency log that tells of a row, by its name there."""
    told: Sequence[tuple[datetime, int]] = ()
    """When the log told of changes of what the public reads, and where; the earliest first."""

    def change_told(self, moment: datetime) -> int | None:
        """The entry that told of a change that was confirmed at a moment: the next one within its transaction."""
        until = moment + AT_MOST
        return next((place for at, place in self.told if moment - AT_MOST <= at <= until), None)

    def number(self, award: Award, moment: datetime) -> str:
        """The number that an award's certificate had at a moment."""
        own = [one for one in self.certificates if one.award_id == award.id]
        return next((one.number for one in own if one.replaced_at is None or one.replaced_at > moment), award.number)


def history(past: Past, day: date, lang: str) -> list[Event]:
    """All until `day`, the newest first; also what came by itself: a renewal's first day, an end."""
    dated = [*_decided(past, lang), *_given_way(past, day), *_appealed(past), *_renamed(past), *_issued_anew(past)]
    dated += _checked_in(past)
    lines = [event for _at, _id, event in sorted(dated, key=lambda item: item[:2], reverse=True)]
    newest = counting_award(past.awards, day)
    if newest and newest.standing(day) is Standing.EXPIRED:
        lines.insert(0, Event(newest.term.grace_ends + timedelta(days=1), _("Ended without renewal"), kind="warn"))
    elif lines:
        first = lines[0]
        lines[0] = replace(first, kind=first.kind or "now")
    return lines


Dated = tuple[datetime, int, Event]
"""An event with its moment and its place among those of the same moment."""


def _decided(past: Past, lang: str) -> Iterator[Dated]:
    for award in past.awards:
        for before, act in zip([None, *award.acts], award.acts, strict=False):
            event = _decision(award, before, act, past.number(award, act.decided_at), lang)
            yield act.decided_at, act.id, replace(event, position=past.log.get(f"decision:{act.id}"))


def _decision(award: Award, before: AwardDecision | None, act: AwardDecision, number: str, lang: str) -> Event:
    name, on = catalogue.edition(award.edition).level(award.level).public_name[lang], day_of(act.decided_at)
    titles = {
        AwardAct.GRANTED: _("Granted: %(award)s", award=name),
        AwardAct.SUSPENDED: _("Suspended"),
        AwardAct.REINSTATED: _("Revocation lifted") if _was_revoked(before) else _("Suspension lifted"),
        AwardAct.REVOKED: _("Revoked"),
        AwardAct.SUPERSEDED: _("Replaced by a newer award"),
    }
    text = _("Certificate %(number)s", number=number)
    if act.act is AwardAct.GRANTED and award.starts > on:
        text += " · " + _("begins on %(day)s", day=show_date(award.starts, lang))
    kind = "warn" if act.act in {AwardAct.SUSPENDED, AwardAct.REVOKED} else ""
    return Event(on, titles[act.act], text, kind, why=public_reason(award, act, lang))


def _was_revoked(before: AwardDecision | None) -> bool:
    return before is not None and before.act is AwardAct.REVOKED


def _appealed(past: Past) -> Iterator[Dated]:
    """What a panel decided, with its reason for everybody."""
    for one in past.appeals:
        if one.closed_at is not None:
            upheld = one.outcome is AppealOutcome.UPHELD
            title = _("Appeal upheld") if upheld else _("Appeal dismissed")
            yield one.closed_at, 0, Event(day_of(one.closed_at), title, one.told(current_language()))


def _checked_in(past: Past) -> Iterator[Dated]:
    for one in past.check_ins:
        if one.sent_at is not None:
            text = _("The day it was due: %(day)s", day=show_date(one.due_on, current_language()))
            position = past.log.get(f"check_in:{one.id}")
            yield one.sent_at, 0, Event(day_of(one.sent_at), _("Check-in sent"), text, position=position)


def _given_way(past: Past, day: date) -> Iterator[Dated]:
    """A renewal's first day; an award that was ended by a decision has its line already."""
    for award in past.awards:
        if award.last_act is AwardAct.SUPERSEDED or award.standing(day) is not Standing.SUPERSEDED:
            continue
        if award.replaced_from and award.replaced_from <= day:
            moment = datetime.combine(award.replaced_from, time(), PHNOM_PENH)
            text = _("Certificate %(number)s", number=past.number(award, moment))
            yield moment, 0, Event(award.replaced_from, _("Replaced by a newer award"), text)


def _renamed(past: Past) -> Iterator[Dated]:
    """Confirmed changes of names, brands and services: what the company was called until then."""
    for one in past.changes:
        names = names_before(one)
        if names and one.answered_at is not None:
            text = _("Before: %(name)s", name=" · ".join(names))
            other = _("Brands changed") if "brands" in one.before else _("Services changed")
            title = _("Name changed") if {"name_km", "name_latin"} & one.before.keys() else other
            position = past.change_told(one.answered_at)
            yield one.answered_at, 0, Event(day_of(one.answered_at), title, text, position=position)


def _issued_anew(past: Past) -> Iterator[Dated]:
    for old in past.certificates:
        if old.replaced_at is not None:
            later = [one for one in past.certificates if one.award_id == old.award_id and one.id > old.id]
            text = _("%(number)s, in place of %(old)s", number=later[0].number, old=old.number)
            position = past.log.get(f"certificate:{later[0].id}")
            event = Event(day_of(old.replaced_at), _("Certificate issued anew"), text, position=position)
            yield old.replaced_at, 1, event
