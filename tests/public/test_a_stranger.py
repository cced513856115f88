"""A stranger with a framed certificate and a telephone: scans, reads, follows the log's proof, raises a concern."""

import base64
import io
import re
from urllib.parse import urlsplit

import pypdfium2
import pytest
import sqlalchemy as sa
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient

from certificates.note import read_checkpoint
from compliance.actions.concerns import acknowledge
from compliance.domain.merkle import climb, leaf_hash
from compliance.domain.roles import Role
from compliance.jobs.issue import issue
from compliance.jobs.seal import seal
from compliance.settings import Settings
from compliance.store.awards import Award, Certificate
from compliance.store.base import db, transaction
from compliance.store.concerns import Concern
from compliance.store.files import file_store
from tests.helpers import person, token
from tests.keys import lay_keys
from tests.public.world import WORLD, make_one

TEXT = "ទំព័ររាយការណ៍បើកបានតែជាភាសាអង់គ្លេស។"


def scanned(pdf: bytes) -> str:
    """What a telephone's camera reads on the printed page."""
    page = pypdfium2.PdfDocument(io.BytesIO(pdf))[0].render(scale=3).to_pil()
    [found] = zxingcpp.read_barcodes(page)
    return str(found.text)


def hung_up(app: Flask, settings: Settings) -> tuple[str, bytes]:
    """The certificate of an award in good standing, made and sealed by the worker: its company and its file."""
    with app.app_context():
        with transaction() as session:
            make_one(session, WORLD[8], 1)
        lay_keys(settings.keys_dir)
        assert issue(settings) == 1
        seal(settings)
        made = db.session.scalars(sa.select(Certificate).where(Certificate.pdf_sha256.is_not(None))).one()
        slug = db.session.get_one(Award, made.award_id).company.slug
        return slug, file_store(settings).get(str(made.pdf_sha256))


def leads(page: str, pattern: str) -> str:
    """The first address on a page that fits; a reader can press it."""
    found = re.search(rf'href="({pattern})"', page)
    assert found, f"no link fits {pattern}"
    return found.group(1)


@pytest.mark.usefixtures("moment")
def test_from_the_frame_on_the_wall_to_an_answer(app: Flask, client: FlaskClient, settings: Settings) -> None:
    slug, pdf = hung_up(app, settings)
    address = urlsplit(scanned(pdf))
    assert f"{address.scheme}://{address.netloc}" == settings.public_url
    checked = client.get(address.path, query_string=address.query, follow_redirects=True)
    assert checked.status_code == 200
    assert leads(checked.text, rf"/(?:km|en)/register/{slug}")
    company = client.get(f"/km/register/{slug}").text
    follow_the_proof(client, leads(company, r"/km/log/\d+"))
    where = raise_a_concern(client, leads(company, rf"/km/register/{slug}/concern"))
    assert "បានទទួល" in client.get(where).text
    before = client.get(where).text
    with app.app_context():
        reviewer = person("another@ministry.example", Role.REVIEWER).actor()
        with transaction() as session:
            acknowledge(session, reviewer, session.scalars(sa.select(Concern.id)).one())
    after = app.test_client().get(where).text
    assert after != before, "whoever raised it sees that somebody read it"
    assert TEXT not in after


def follow_the_proof(client: FlaskClient, entry: str) -> None:
    """The page draws the way up to the seal; as data it leads to the root that the checkpoint signs."""
    page = client.get(entry)
    assert page.status_code == 200
    told = client.get(f"/log/entries/{entry.rpartition('/')[2]}.json").get_json()
    leaf, proof = leaf_hash(told["entry"].encode()), [base64.b64decode(one) for one in told["inclusion"]]
    top = climb(leaf, int(entry.rpartition("/")[2]), told["size"], proof)[-1].made
    assert top == read_checkpoint(client.get("/log/checkpoint").get_data(as_text=True)).root
    assert leaf.hex() in page.text.replace("<wbr>", "")
    assert top.hex() in page.text.replace("<wbr>", "")


def raise_a_concern(client: FlaskClient, form: str) -> str:
    page = client.get(form)
    key = page.text.partition('name="key"')[2].partition('value="')[2].partition('"')[0]
    sent = client.post(form, data={"csrf_token": token(page), "key": key, "about": "channel", "text": TEXT})
    assert sent.status_code == 302
    return sent.headers["Location"]
