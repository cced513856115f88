"""Flask blueprints; a folder is a person who uses the portal."""

from compliance.journeys.account.views import account as account_blueprint
from compliance.journeys.public import public

BLUEPRINTS = (public, account_blueprint)
