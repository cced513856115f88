"""What happened in a company, in plain sentences: by the tag of the audit trail, and by kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.journeys.change_view import Line, detail_words, service_words
from compliance.journeys.harm_words import way_names, way_told
from compliance.journeys.language import current_language, km_digits
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.role_names import COMPANY_ROLES
from compliance.store.company_trail import ANSWERED, Happening

KINDS: Mapping[str, Any] = {
    "details": _l("Company details"),
    "people": _l("People and invitations"),
    "services": _l("Services"),
    "answers": _l("Answers and evidence"),
    "assessment": _l("Assessment, award and declarations"),
    "signing_in": _l("How colleagues sign in"),
}


@dataclass(frozen=True)
class Sentence:
    """What a tag says: under which kind, in which words, and whether the Ministry acted (who of it is not told)."""

    kind: str
    text: Any
    ministry: bool = False


SENTENCES: dict[str, Sentence] = {
    "officer:company:registered": Sentence("details", _l("Registered the company.")),
    "officer:company:edited": Sentence("details", _l("Changed the company's details.")),
    "officer:company:change_asked": Sentence("details", _l("Asked the Ministry to change what the public reads.")),
    "officer:company:change_withdrawn": Sentence("details", _l("Withdrew the request for a change.")),
    "reviewer:company:change_confirmed": Sentence("details", _l("Confirmed the change that was asked for."), True),
    "reviewer:company:change_declined": Sentence("details", _l("Declined the change that was asked for."), True),
    "officer:company:authority_contact_given": Sentence("details", _l("Gave the sealed contact for the authorities.")),
    "officer:service:listed": Sentence("services", _l("Changed the list of services.")),
    "officer:service:channel_checked": Sentence("services", _l("Said which ways to report of a service work.")),
    "officer:service:channel_set": Sentence("services", _l("Changed where a service takes reports of harm.")),
    "account:invitation:invited": Sentence("people", _l("Invited %(email)s as %(role)s.")),
    "account:invitation:cancelled": Sentence("people", _l("Took back the invitation of %(email)s.")),
    "account:invitation:accepted": Sentence("people", _l("Accepted the invitation as %(role)s.")),
    "account:colleague:role_changed": Sentence("people", _l("Changed the role of %(person)s.")),
    "account:colleague:ownership_handed_over": Sentence("people", _l("Handed the ownership over to %(person)s.")),
    "account:colleague:removed": Sentence("people", _l("Ended the work of %(person)s for the company here.")),
    "account:colleague:left": Sentence("people", _l("Left the company.")),
    "account:colleague:undone": Sentence("people", _l("Undid it: %(person)s has the role of before again.")),
    "account:colleague:made_owner": Sentence("people", _l("Named %(person)s as an owner, on proof."), True),
    "account:calendar:opened": Sentence("people", _l("Opened a calendar address with the company's dates.")),
    "account:calendar:closed": Sentence("people", _l("Closed a calendar address with the company's dates.")),
    ANSWERED: Sentence("answers", _l("Saved answers: %(count)s.")),
    "officer:answers:confirmed": Sentence("answers", _l("Confirmed earlier answers: %(count)s.")),
    "officer:answers:imported": Sentence("answers", _l("Took answers from the Excel form: %(count)s.")),
    "officer:evidence:uploaded": Sentence("answers", _l("Uploaded a file as evidence: %(file)s.")),
    "officer:evidence:linked": Sentence("answers", _l("Linked a file to another answer: %(file)s.")),
    "officer:evidence:page_given": Sentence("answers", _l("Gave a page as evidence: %(file)s.")),
    "officer:evidence:replaced": Sentence("answers", _l("Put newer evidence in the place of the old: %(file)s.")),
    "officer:evidence:dated": Sentence("answers", _l("Wrote the dates of evidence: %(file)s.")),
    "officer:evidence:unlinked": Sentence("answers", _l("Took a file off an answer: %(file)s.")),
    "staff:evidence:quarantined": Sentence("answers", _l("Locked a file away."), True),
    "officer:assessment:opened": Sentence("assessment", _l("Began an assessment.")),
    "officer:assessment:submitted": Sentence("assessment", _l("Attested and submitted the assessment.")),
    "officer:assessment:withdrawn": Sentence("assessment", _l("Withdrew the assessment.")),
    "reviewer:assessment:clarification_asked": Sentence("assessment", _l("Asked questions about answers."), True),
    "officer:assessment:clarification_replied": Sentence("assessment", _l("Signed and sent the reply.")),
    "approver:assessment:approved": Sentence("assessment", _l("Decided: the award is granted."), True),
    "approver:assessment:refused": Sentence("assessment", _l("Decided: no award."), True),
    "officer:appeal:lodged": Sentence("assessment", _l("Lodged an appeal.")),
    "officer:appeal:withdrawn": Sentence("assessment", _l("Withdrew the appeal.")),
    "reviewer:spot_check:told": Sentence("assessment", _l("Told of a spot check and by when to answer."), True),
    "officer:spot_check:replied": Sentence("assessment", _l("Answered a spot check.")),
    "officer:concern:replied": Sentence("assessment", _l("Answered a concern.")),
    "reviewer:spot_check:found": Sentence("assessment", _l("Said what a spot check found."), True),
    "officer:company:change_declared": Sentence("assessment", _l("Declared an incident or a change.")),
    "officer:award:stated": Sentence("assessment", _l("Stated before an act on the award.")),
    "officer:award:checked_in": Sentence("assessment", _l("Sent the check-in.")),
    **dict.fromkeys(
        (
            f"officer:assessment:{act}"
            for act in ("planned", "plan_changed", "plan_done", "plan_reopened", "plan_dropped")
        ),
        Sentence("assessment", _l("Changed a step of the improvement plan.")),
    ),
    "officer:assessment:plan_made": Sentence("assessment", _l("Made the improvement plan.")),
    "account:password:changed": Sentence("signing_in", _l("Changed their password.")),
    "account:password:reset": Sentence("signing_in", _l("Set a new password by email.")),
    "account:second_factor:set": Sentence("signing_in", _l("Set up a second factor or a passkey.")),
    "account:second_factor:removed": Sentence("signing_in", _l("Switched their second factor off.")),
    "account:passkey:removed": Sentence("signing_in", _l("Removed a passkey.")),
    "account:identity:bound": Sentence("signing_in", _l("Signed in through another organisation for the first time.")),
    "account:identity:removed": Sentence("signing_in", _l("Removed the way in through another organisation.")),
    "account:address:changed": Sentence("signing_in", _l("Changed their email address.")),
}
"""Every act that a company's own page tells; what a reviewer does on the way to a decision is none of them."""


@dataclass(frozen=True)
class Names:
    """How people, files and invited addresses are called."""

    people: Mapping[int, str]
    files: Mapping[int, str]
    emails: Mapping[int, str]


def sentence(one: Happening, names: Names) -> str:
    """What happened, in the reader's language."""
    said = one.content
    values: dict[str, Callable[[], str]] = {
        "person": lambda: names.people.get(said["person"], ""),
        "role": lambda: str(COMPANY_ROLES[said["role"]]),
        "email": lambda: names.emails.get(one.subject_id, ""),
        "file": lambda: names.files.get(one.subject_id, ""),
        "count": lambda: km_digits(_count(said)),
    }
    text = str(SENTENCES[one.tag].text)
    return text % {name: value() for name, value in values.items() if f"%({name})s" in text}


def _count(said: Mapping[str, Any]) -> int:
    if "count" in said:
        return int(said["count"])
    told = said.get("questions", said.get("answers", ()))
    return told if isinstance(told, int) else len(told)


def changed_lines(one: Happening, before: Mapping[str, Any]) -> list[Line]:
    """What was and what is, where an act changed values; `before` are the company's details before it."""
    said = one.content
    if one.tag == "account:colleague:role_changed":
        return [Line(_("Role"), str(COMPANY_ROLES[said["before"]]), str(COMPANY_ROLES[said["after"]]))]
    if one.tag == "officer:service:channel_set":
        told = (
            (label, way_told(said["before"], way), way_told(said["after"], way)) for way, label in way_names().items()
        )
        return [Line(label, before or "–", after or "–") for label, before, after in told if before != after]
    if one.tag == "officer:service:listed":
        return [Line(_("Services"), _services(said["before"]), _services(said["services"]))]
    if one.tag in DETAILS and one.tag != "officer:company:registered":
        names = [name for name in said if name in before and said[name] != before[name]]
        return [line for name in names if (line := detail_words(name, before[name], said[name])) is not None]
    return []


DETAILS = frozenset(
    {
        "officer:company:registered",
        "officer:company:edited",
        "officer:company:change_asked",
        "reviewer:company:change_confirmed",
    }
)
"""Acts whose entry names details of the company, by column."""


def _services(services: list[dict[str, Any]]) -> str:
    return " · ".join(service_words(one, current_language()) for one in services) or "–"
