"""Every act of the audit trail in a sentence, and the kinds by which they are searched."""

import re
from collections.abc import Mapping
from typing import Any

from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.trail_words import KINDS as COMPANY_KINDS
from compliance.journeys.officer.trail_words import SENTENCES as COMPANY_SENTENCES

PLACE = re.compile(r"%\((\w+)\)s")

KINDS: Mapping[str, Any] = {
    **COMPANY_KINDS,
    "review": _l("Review"),
    "award": _l("Awards and certificates"),
    "appeal": _l("Appeals"),
    "spot": _l("Spot checks"),
    "concern": _l("Concerns"),
    "access": _l("People of the Ministry"),
    "portal": _l("The portal itself"),
}
OWN: Mapping[str, tuple[str, Any]] = {
    "account:address:asked": ("signing_in", _l("Asked to change their email address.")),
    "account:person:edited": ("signing_in", _l("Changed their name, their language or how mails come.")),
    "account:mail:stopped": ("signing_in", _l("Stopped the mails that can wait, by the link in one of them.")),
    "account:person:registered": ("signing_in", _l("Made an account.")),
    "account:person:confirmed": ("signing_in", _l("Confirmed their email address.")),
    "account:person:registered_again": ("signing_in", _l("Tried to make an account that exists.")),
    "account:session:started": ("signing_in", _l("Signed in.")),
    "account:session:ended": ("signing_in", _l("Signed out.")),
    "account:sessions:ended": ("signing_in", _l("Signed somebody out of their browsers.")),
    "officer:assessment:plan_carried": ("assessment", _l("Carried the improvement plan over.")),
    "reviewer:assessment:claimed": ("review", _l("Took the assessment from the queue.")),
    "reviewer:assessment:released": ("review", _l("Handed the assessment back.")),
    "staff:assessment:handed_over": ("review", _l("Handed the assessment over to a colleague.")),
    "reviewer:assessment:ruled": ("review", _l("Ruled on an answer.")),
    "reviewer:assessment:essential_decided": (
        "review",
        _l("Decided on an essential point left to discretion."),
    ),
    "reviewer:assessment:facts_noted": ("review", _l("Noted how things were verified.")),
    "reviewer:assessment:noted": ("review", _l("Wrote a note for colleagues.")),
    "reviewer:assessment:recommended": ("review", _l("Recommended a decision.")),
    "reviewer:assessment:taken_after_appeal": ("review", _l("Took the assessment after an appeal.")),
    "reviewer:company:declaration_seen": ("review", _l("Noted a declaration of the company.")),
    "approver:assessment:returned": ("review", _l("Returned the assessment to the reviewer.")),
    "staff:assessment:tie_declared": ("review", _l("Declared whether a tie to the company exists.")),
    "system:assessment:clarification_lapsed": ("review", _l("No reply came in time; the review goes on.")),
    "approver:award:granted": ("award", _l("Granted the award.")),
    "approver:award:suspended": ("award", _l("Suspended the award.")),
    "approver:award:reinstated": ("award", _l("Reinstated the award.")),
    "approver:award:revoked": ("award", _l("Revoked the award.")),
    "staff:award:proposed": ("award", _l("Proposed an act on the award.")),
    "staff:award:proposal_withdrawn": ("award", _l("Took the proposal about the award back.")),
    "approver:award:proposal_declined": ("award", _l("Declined to confirm the proposal about the award.")),
    "staff:award:proposal_overtaken": ("award", _l("The proposal about the award was overtaken.")),
    "system:award:kept_suspended": ("award", _l("Kept the award suspended after a restore.")),
    "system:award:kept_revoked": ("award", _l("Kept the award revoked after a restore.")),
    "system:award:kept_reinstated": ("award", _l("Kept the award in force after a restore.")),
    "system:certificate:issued": ("award", _l("The certificate was made and sealed.")),
    "reviewer:certificate:issued_anew": ("award", _l("Had the certificate issued anew.")),
    "panel:award:reinstated": ("award", _l("Gave the award back after an appeal.")),
    "panel:appeal:seated": ("appeal", _l("Took a seat on the panel.")),
    "panel:appeal:left": ("appeal", _l("Left the panel.")),
    "panel:appeal:noted": ("appeal", _l("Wrote a note for the panel.")),
    "panel:appeal:voted": ("appeal", _l("Gave a vote on the appeal.")),
    "panel:appeal:upheld": ("appeal", _l("The appeal was upheld.")),
    "panel:appeal:dismissed": ("appeal", _l("The appeal was dismissed.")),
    "panel:assessment:reopened": ("appeal", _l("Opened the assessment again after an appeal.")),
    "system:second_scoring:drawn": ("review", _l("Drew whether the assessment is scored twice.")),
    "system:second_scoring:freed": ("review", _l("Set a second scoring free: its scorer has no right to it any more.")),
    "reviewer:second_scoring:taken": ("review", _l("Took a second scoring.")),
    "reviewer:second_scoring:released": ("review", _l("Handed a second scoring back.")),
    "reviewer:second_scoring:ruled": ("review", _l("Ruled on an answer as second scorer.")),
    "reviewer:second_scoring:essential_decided": (
        "second",
        _l("Decided, as second scorer, on an essential point left to discretion."),
    ),
    "reviewer:second_scoring:finished": ("review", _l("Finished a second scoring.")),
    "reviewer:assessment:scored": ("review", _l("Finished the first scoring of an assessment that is scored twice.")),
    "staff:second_scoring:set_free": ("review", _l("Set a second scoring free.")),
    "staff:second_scoring:moderated": ("review", _l("Settled where two scorings differed.")),
    "staff:second_scoring:sent_back": ("review", _l("Sent two scorings back.")),
    "administrator:spot_checks:drawn": ("spot", _l("Drew companies for spot checks.")),
    "staff:spot_check:opened": ("spot", _l("Opened a spot check.")),
    "reviewer:spot_check:taken": ("spot", _l("Took a spot check.")),
    "staff:spot_check:handed_over": ("spot", _l("Handed a spot check over.")),
    "reviewer:spot_check:released": ("spot", _l("Handed a spot check back.")),
    "public:concern:raised": ("concern", _l("Raised a concern.")),
    "officer:concern:replied": ("concern", _l("Answered a concern.")),
    "staff:dossier:opened": ("review", _l("Opened a dossier to an observer.")),
    "staff:dossier:closed": ("review", _l("Closed a dossier to an observer.")),
    "staff:law_contact:read": ("review", _l("Read the sealed contact of a company.")),
    "staff:concern:acknowledged": ("concern", _l("Acknowledged a concern.")),
    "staff:concern:asked": ("concern", _l("Asked the company about a concern.")),
    "staff:concern:closed": ("concern", _l("Closed a concern.")),
    "staff:concern:quarantined": ("concern", _l("Locked the words of a concern away.")),
    "admin:access:overtaken": ("access", _l("A proposal about a role was overtaken.")),
    "admin:access:withdrawn": ("access", _l("Took a proposal about a role back.")),
    "admin:person:disabled": ("access", _l("Switched an account off.")),
    "admin:person:enabled": ("access", _l("Switched an account on.")),
    "admin:edition_draft:uploaded": ("portal", _l("Uploaded a draft edition.")),
    "admin:edition_draft:changed": ("portal", _l("Changed a draft edition.")),
    "admin:edition_draft:marked": ("portal", _l("Marked texts of a draft edition to be checked, or as checked.")),
    "admin:edition_draft:publish_proposed": ("portal", _l("Proposed to publish a draft edition.")),
    "admin:edition_draft:call_back_proposed": ("portal", _l("Proposed to call an edition back.")),
    "admin:edition_draft:proposal_withdrawn": ("portal", _l("Took a proposal about an edition back.")),
    "admin:edition:published": ("portal", _l("Published an edition.")),
    "admin:edition:called_back": ("portal", _l("Called an edition back before its day.")),
    "admin:edition_draft:let_go": ("portal", _l("Let a draft edition go.")),
    "admin:rehearsal:requested": ("portal", _l("Asked for a rehearsal of a draft.")),
    "admin:rehearsal:removed": ("portal", _l("Removed a rehearsal.")),
    "admin:notice:tried_again": ("portal", _l("Sent a failed email once more.")),
    "admin:notice:cancelled": ("portal", _l("Cancelled an email.")),
    "admin:trail:exported": ("portal", _l("Took a copy of entries of the audit trail.")),
    "administrator:holiday:declared": ("portal", _l("Declared a public holiday.")),
    "administrator:holiday:removed": ("portal", _l("Removed a public holiday.")),
    "system:holidays:filled": ("portal", _l("The public holidays of a year were filled in.")),
    "admin:hotlines:saved": ("portal", _l("Changed the hotlines.")),
    "admin:signatory:proposed": ("portal", _l("Proposed another signatory.")),
    "admin:signatory:confirmed": ("portal", _l("Confirmed the signatory.")),
    "admin:signatory:withdrawn": ("portal", _l("Withdrew the proposal of a signatory.")),
    "admin:mark:proposed": ("portal", _l("Proposed a logo or seal for certificates.")),
    "admin:mark:confirmed": ("portal", _l("Confirmed the logo or seal of certificates.")),
    "admin:mark:withdrawn": ("portal", _l("Withdrew the proposal of a logo or seal.")),
    "admin:rule:proposed": ("portal", _l("Proposed another deadline, reminder or grace.")),
    "admin:rule:confirmed": ("portal", _l("Confirmed another deadline, reminder or grace.")),
    "admin:rule:withdrawn": ("portal", _l("Withdrew the proposal of another deadline, reminder or grace.")),
    "system:key:added": ("portal", _l("A key was added at the command line.")),
    "system:reminders:queued": ("portal", _l("Reminders were put into the outbox.")),
    "system:store:loss_learned": ("portal", _l("Learned what a restore had lost.")),
    "system:store:restored": ("portal", _l("The store was put back from a backup.")),
}
BEGINNINGS: Mapping[str, tuple[str, Any]] = {
    "admin:access:": ("access", _l("Proposed or confirmed who may do what on the Ministry's side.")),
    "admin:company:owner_": ("access", _l("Proposed or confirmed an owner of a company.")),
}
BREAKS: Mapping[str, Any] = {
    "missing": _l("It is missing."),
    "edited": _l("It was changed after it was written."),
    "damaged: it cannot be read": _l("It is damaged and cannot be read."),
    "does not follow the entry before it": _l("It does not follow the entry before it."),
    "the end of the trail was cut": _l("The end of the trail was cut."),
    "no published head was found: nothing shows that the end was not cut": _l(
        "No published head was found: nothing shows that the end was not cut. The worker publishes one within a minute."
    ),
}
"""What is wrong with an entry, where a reader need not be an engineer to understand it."""
OTHER = ("portal", _l("Another act."))
SUBJECTS: Mapping[str, Any] = {
    "access": _l("Proposal about access"),
    "appeal": _l("Appeal"),
    "assessment": _l("Assessment"),
    "award": _l("Award"),
    "company": _l("Company"),
    "concern": _l("Concern"),
    "edition": _l("Edition"),
    "edition_draft": _l("Draft edition"),
    "evidence": _l("Evidence"),
    "holidays": _l("Public holidays"),
    "hotlines": _l("Hotlines"),
    "invitation": _l("Invitation"),
    "key": _l("Key"),
    "mark": _l("Logo or seal"),
    "notice": _l("Email"),
    "person": _l("Person"),
    "rehearsal": _l("Rehearsal"),
    "rule": _l("Deadline, reminder or grace"),
    "signatory": _l("Signatory"),
    "second_scoring": _l("Second scoring"),
    "spot_check": _l("Spot check"),
}


def told(tag: str) -> tuple[str, str]:
    """The kind of an act, and its sentence in the reader's language; what only the entry knows is an ellipsis."""
    if tag in COMPANY_SENTENCES:
        said = COMPANY_SENTENCES[tag]
        return said.kind, PLACE.sub("…", str(said.text))
    kind, text = OWN.get(tag) or next((said for start, said in BEGINNINGS.items() if tag.startswith(start)), OTHER)
    return kind, str(text)


def tags_of(kind: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The acts of a kind, and the beginnings of more of them."""
    company = {tag for tag, said in COMPANY_SENTENCES.items() if said.kind == kind}
    own = {tag for tag, (of, _text) in OWN.items() if of == kind}
    return frozenset(company | own), tuple(start for start, (of, _text) in BEGINNINGS.items() if of == kind)


def actor_kind(tag: str) -> str:
    """Who acted, by the mark that the page draws: "ministry", "company" or "portal"."""
    source = tag.partition(":")[0]
    return {"officer": "company", "account": "company", "system": "portal"}.get(source, "ministry")
