"""What the server imports in each of its processes."""

from compliance.app import create_app
from compliance.journeys import assets
from compliance.journeys.incoming import most_bytes
from compliance.serving.server import Server
from compliance.settings import Settings

app = create_app(Settings.from_env())
portal = Server(
    app.wsgi_app,
    from_memory=(assets.from_memory, app.extensions["limits"].before(app.extensions["page_cache"].from_memory)),
    most_bytes=most_bytes(app),
    cookie=app.config["SESSION_COOKIE_NAME"],
)
