"""The WSGI entry point: what a server imports to serve the portal."""

from compliance.app import create_app
from compliance.settings import Settings

app = create_app(Settings.from_env())
