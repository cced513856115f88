"""Flask blueprints; a folder is a person who uses the portal."""

from compliance.journeys.public import public

BLUEPRINTS = (public,)
