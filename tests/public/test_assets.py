"""Built assets: packed for whoever takes it, cached for ever under the address that names their content only."""

import gzip
import re

import pytest
from flask.testing import FlaskClient

from compliance.journeys.assets import FOR_EVER, asset, assets


@pytest.mark.parametrize("name", ["app.css", "app.js", "pictures/mark.svg", "fonts/moul-khmer-400-normal.woff2"])
def test_an_asset_is_its_file(client: FlaskClient, name: str) -> None:
    plain = client.get(asset(name))
    packed = client.get(asset(name), headers={"Accept-Encoding": "gzip"})
    assert plain.data == assets()[name].plain
    assert plain.headers["Cache-Control"] == packed.headers["Cache-Control"] == FOR_EVER
    assert plain.headers["Vary"] == "Accept-Encoding"
    if packed.headers.get("Content-Encoding") == "gzip":
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["ETag"] != plain.headers["ETag"]
    else:
        assert name.endswith(".woff2"), "what gzip makes smaller is packed"
        assert packed.data == plain.data
    again = client.get(asset(name), headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.head(asset(name)).data == b""
    assert plain.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ["/static/app.css", "/static/app.css?v=0123456789ab", "/static/app.css?v="])
def test_an_address_that_names_no_content_is_asked_again(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Cache-Control"] == "public, no-cache"


def test_fonts_and_pictures_of_the_style_sheet_are_cached_for_ever(client: FlaskClient) -> None:
    named = re.findall(r'url\("?([^")]+)"?\)', client.get(asset("app.css")).text)
    assert named
    for address in named:
        assert client.get(f"/static/{address}").headers["Cache-Control"] == FOR_EVER, address


@pytest.mark.parametrize("name", ["nothing.css", "../wsgi.py", "fonts", "%2e%2e/wsgi.py", "fonts/"])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404
