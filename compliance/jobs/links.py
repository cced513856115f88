"""Where a mail leads: the page that its notice is about, always at the configured public address."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import BuildError

from compliance.jobs.letters import Links

PAGES = {
    "access": ("admin.access", "admin.people"),
    "access_command": ("admin.people",),
    "admin_waiting": ("admin.home",),
    "appeal": ("officer.appeal", "officer.home"),
    "appeal_due": ("panel.appeal", "panel.queue"),
    "appeal_ends": ("officer.contest_act", "officer.contest", "officer.home"),
    "appeal_late": ("admin.people",),
    "appeal_reopened": ("reviewer.assessment", "reviewer.queue"),
    "appeal_waiting": ("panel.appeal", "panel.queue"),
    "appeal_withdrawn": ("panel.queue",),
    "assessment": ("officer.assessment", "officer.home"),
    "assessment_submitted": ("officer.receipt", "officer.home"),
    "assessment_refused": ("officer.decision", "officer.home"),
    "award": ("officer.home",),
    "award_hearing": ("officer.hearing", "officer.home"),
    "award_hearing_dropped": ("officer.home",),
    "award_granted": ("officer.decision", "officer.home"),
    "certificate": ("officer.home",),
    "change": ("officer.home",),
    "change_waiting": ("reviewer.changes",),
    "check_in_due": ("officer.check_in", "officer.home"),
    "check_in_late": ("officer.check_in", "officer.home"),
    "clarification": ("officer.clarification", "officer.home"),
    "clarification_received": ("officer.receipt", "officer.home"),
    "clarification_replied": ("reviewer.assessment", "reviewer.queue"),
    "colleague_left": ("account.undo_change", "account.home"),
    "colleague_removed": ("account.undo_change", "account.home"),
    "colleague_handed_over": ("account.undo_change", "account.home"),
    "colleague_restored": ("officer.company", "officer.home"),
    "concern": ("concerns.concern", "concerns.queue"),
    "concern_asked": ("officer.concern", "officer.home"),
    "concern_reply_due": ("officer.concern", "officer.home"),
    "concern_decided": ("officer.concern", "officer.home"),
    "concern_receipt": ("public.followed_concern",),
    "concern_acknowledged": ("public.followed_concern",),
    "concern_closed": ("public.followed_concern",),
    "digest": ("account.signed_in",),
    "declaration_waiting": ("reviewer.change_declarations",),
    "decision": ("approver.assessment", "approver.queue"),
    "edition": ("admin.edition_draft", "admin.editions"),
    "edition_begun": ("officer.assessment", "officer.home"),
    "holidays": ("admin.holidays",),
    "proposal": ("approver.awards",),
    "reminder": ("officer.assessment", "officer.company", "officer.home"),
    "stop": ("account.stop_mails",),
    "moderation": ("second.queue",),
    "scoring": ("reviewer.assessment", "reviewer.queue"),
    "second": ("second.queue",),
    "spot_checks_drawn": ("reviewer.queue",),
    "spot_check_told": ("officer.spot_check", "officer.home"),
    "spot_check_found": ("officer.spot_check", "officer.home"),
    "spot_check_handed_over": ("reviewer.spot_check", "reviewer.queue"),
    "spot_check_late": ("reviewer.spot_check", "reviewer.queue"),
    "spot_check_replied": ("reviewer.spot_check", "reviewer.queue"),
    "proposal_declined": ("approver.awards",),
    "suspension_over": ("approver.awards",),
    "trail_broken": ("admin.verify_audit",),
    "review": ("reviewer.assessment", "reviewer.queue"),
    "ways": ("officer.try_ways", "officer.home"),
}


def links_of(app: Flask, public_url: str) -> Links:
    """Builds addresses from the application's own table of pages."""
    address = urlsplit(public_url)
    urls = app.url_map.bind(address.netloc, url_scheme=address.scheme)

    def link(kind: str, values: Mapping[str, Any], lang: str) -> str:
        for endpoint in PAGES.get(kind) or PAGES.get(kind.partition("_")[0], ()):
            try:
                needed = {
                    "lang": lang,
                    "assessment_id": values.get("assessment"),
                    "company_id": values.get("company_id"),
                    "change_id": values.get("change"),
                    "appeal_id": values.get("appeal"),
                    "check_id": values.get("check"),
                    "award_id": values.get("award"),
                    "concern_id": values.get("concern"),
                    "reference": values.get("status"),
                    "proposal_id": values.get("proposal"),
                    "access_id": values.get("access"),
                    "token": values.get("token"),
                    "draft_id": values.get("draft"),
                }
                return urls.build(endpoint, needed, force_external=True, append_unknown=False)
            except BuildError:
                continue
        return f"{public_url}/{lang}/"

    return link
