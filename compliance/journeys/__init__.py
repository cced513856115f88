"""Flask blueprints; a folder is a person who uses the portal."""

from compliance.journeys.account.blueprint import account as account_blueprint
from compliance.journeys.admin import admin
from compliance.journeys.api import api
from compliance.journeys.approver import approver
from compliance.journeys.authorities import authorities
from compliance.journeys.concerns import concerns
from compliance.journeys.dossiers import dossiers
from compliance.journeys.evidence import evidence as evidence_blueprint
from compliance.journeys.health import health
from compliance.journeys.observer import observer
from compliance.journeys.officer import officer
from compliance.journeys.panel import panel
from compliance.journeys.public import public
from compliance.journeys.quarantine import quarantine as quarantine_blueprint
from compliance.journeys.reviewer import reviewer
from compliance.journeys.second import second

BLUEPRINTS = (
    public,
    api,
    health,
    account_blueprint,
    admin,
    reviewer,
    second,
    approver,
    panel,
    concerns,
    authorities,
    dossiers,
    observer,
    evidence_blueprint,
    quarantine_blueprint,
    officer,
)
