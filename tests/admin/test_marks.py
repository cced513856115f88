"""The ministry's logo and seal: two administrators, looked into apart; what was issued before keeps its own."""

import hashlib
import io
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from bench.certificates_data import facts
from certificates import CertificateFacts, RenderError, render
from compliance import clock
from compliance.actions import marking
from compliance.domain.errors import InvalidError
from compliance.domain.roles import Role
from compliance.inspection import certificate_mark
from compliance.inspection.refusal import RefusedFileError
from compliance.jobs.issue import issue
from compliance.settings import Settings
from compliance.store.audit import AuditEntry
from compliance.store.awards import Certificate
from compliance.store.base import db, transaction
from compliance.store.certificate_marks import CertificateMark, MarkKind, digests_in_use
from tests.actions.cases import person as a_person
from tests.actions.histories import START, begin_with_owner, on
from tests.actions.test_reissuing import certificates, change
from tests.helpers import person, post, sign_in
from tests.keys import lay_keys

PAGE = "/en/admin/marks"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 60">{}</svg>'
SHAPE = '<circle cx="30" cy="30" r="28" fill="#a00"/><path d="M60 5h35v50z" opacity=".5"/>'


def png(width: int = 600, height: int = 400, colour: tuple[int, ...] = (160, 0, 0, 255)) -> bytes:
    written = io.BytesIO()
    Image.new("RGBA", (width, height), colour).save(written, "PNG")
    return written.getvalue()


def sent(data: bytes, name: str = "seal.png", kind: str = "seal", press: str = "submit") -> dict[str, object]:
    return {"kind": kind, "picture": (io.BytesIO(data), name), press: "1"}


@pytest.fixture
def first(app: Flask, client: FlaskClient, moment: datetime) -> FlaskClient:
    with app.app_context():
        person("first@ministry.example", Role.ADMINISTRATOR)
        person("second@ministry.example", Role.ADMINISTRATOR)
    sign_in(client, "first@ministry.example")
    return client


@pytest.fixture
def second(app: Flask, first: FlaskClient) -> FlaskClient:
    client = app.test_client()
    sign_in(client, "second@ministry.example")
    return client


def in_use(app: Flask) -> dict[str, str]:
    with app.app_context():
        return digests_in_use(db.session())


def test_one_proposes_another_puts_in_use(app: Flask, first: FlaskClient, second: FlaskClient) -> None:
    looked = post(first, PAGE, sent(png(), press="look"))
    assert looked.data.startswith(b"%PDF"), looked.text
    assert post(first, PAGE, sent(DRAWING.format(SHAPE).encode(), "seal.svg")).status_code == 302
    assert in_use(app) == {}
    shown = first.get(PAGE).text
    assert "Another administrator confirms it." in shown
    assert first.get("/en/admin/marks/1.png").data.startswith(b"\x89PNG")
    assert first.get(f"{PAGE}/sample.pdf?of=proposal").data.startswith(b"%PDF")
    assert "A proposal waits already" in post(second, PAGE, sent(png())).text
    assert post(first, f"{PAGE}/1/confirm", form="/en/admin/people").status_code == 403
    assert "A logo or seal waits for a second administrator." in second.get("/en/admin/").text
    for _twice in range(2):
        assert post(second, f"{PAGE}/1/confirm", form="/en/admin/people").status_code == 302
    assert set(in_use(app)) == {"seal"}
    assert post(first, f"{PAGE}/1/withdraw", form="/en/admin/people").status_code == 409
    assert post(second, f"{PAGE}/seal/none", form="/en/admin/people").status_code == 302
    assert post(second, f"{PAGE}/logo/none", form="/en/admin/people").status_code == 302
    assert "That is what certificates show today." in second.get(PAGE).text
    assert post(first, f"{PAGE}/2/confirm", form="/en/admin/people").status_code == 302
    assert in_use(app) == {}
    with app.app_context():
        tags = list(db.session.scalars(sa.select(AuditEntry.tag).where(AuditEntry.subject == "mark")))
        assert tags == [f"admin:mark:{act}" for act in ("proposed", "confirmed") * 2]
        row = {"kind": "seal", "name": "", "sha256": "", "picture": b"", "proposed_by": 1, "proposed_at": clock.now()}
        with pytest.raises(sa.exc.IntegrityError), transaction() as session:
            session.execute(sa.insert(CertificateMark), [row, row])


def test_what_cannot_be_taken_is_said_beside_the_field(first: FlaskClient) -> None:
    for data, told in (
        (b"", "Choose a file with a picture"),
        (b"GIF89a", "no PNG picture"),
        (png(90, 90), "at least 300"),
    ):
        answer = post(first, PAGE, sent(data))
        assert answer.status_code == 422
        assert told in answer.text
        assert 'id="picture-error"' in answer.text
    assert post(first, PAGE, {"kind": "seal", "submit": "1"}).status_code == 422
    assert "Choose what the picture is." in post(first, PAGE, {**sent(png()), "kind": ""}).text


REFUSED = {
    "mark_reaches": (
        "<script/>", '<image href="http://a/b.png"/>', '<rect onload="x"/>', "<foreignObject/>", "<animate/>",
        "<style>rect{fill:url(http://a)}</style>", '<style>@IMPORT "a"</style>', '<use href="file:///etc/passwd#a"/>',
        '<rect style="fill:u\\72l(//a)"/>', '<rect fill="url( \'http://a\')"/>', '<a href="#b"/>',
    ),
    "mark_letters": ("<text>A</text>", "<g><tspan/></g>"),
    "mark_empty": ("", '<rect width="9" height="9" opacity="0"/>'),
    "mark_shape": ('<rect width="100" height="2"/>',),
    "mark_type": ("<g>", "&nbsp;"),
}  # fmt: skip


def refusal(data: bytes) -> str:
    with pytest.raises(RefusedFileError) as refused:
        certificate_mark.check(data)
    return refused.value.code


def test_a_drawing_is_shapes_alone() -> None:
    for code, inner in REFUSED.items():
        for one in inner:
            assert refusal(DRAWING.format(one).encode()) == code, one
    assert refusal(b'<!DOCTYPE svg [<!ENTITY a "b">]>' + DRAWING.format("").encode()) == "mark_doctype"
    assert refusal(b'<?xml-stylesheet href="//a"?>' + DRAWING.format("").encode()) == "mark_reaches"
    assert refusal(DRAWING.format("<g>" * 80 + "</g>" * 80).encode()) == "file_bomb"
    assert refusal(b"<html/>") == "mark_type"


def test_a_picture_is_drawn_anew_within_bounds() -> None:
    assert refusal(png(colour=(0, 0, 0, 0))) == "mark_empty"
    assert refusal(png(2_000, 100)) == "mark_shape"
    assert refusal(png(800, 800)[:90]) == "file_damaged"
    for data in (png(3_000, 2_000), DRAWING.format(SHAPE).encode()):
        kind, drawn = certificate_mark.check(data)
        with Image.open(io.BytesIO(drawn)) as picture:
            assert (kind, picture.mode, max(picture.size) <= 1_200) == ("image/png", "RGBA", True)
        assert certificate_mark.check(data)[1] == drawn


def test_the_certificate_prints_the_picture_that_its_facts_name() -> None:
    seal = png()
    tree = facts(1).to_json().decode().rstrip("}") + f',"seal":"{hashlib.sha256(seal).hexdigest()}"}}'
    named = CertificateFacts.from_json(tree)
    assert CertificateFacts.from_json(named.to_json()) == named
    made = render.pdf(named, None, {"seal": seal})
    assert made == render.pdf(named, None, {"seal": seal})
    assert b"/Interpolate true" not in made
    for other in ({}, {"seal": png(601)}):
        with pytest.raises(RenderError):
            render.pdf(named, None, other)


@pytest.mark.both_databases
def test_what_was_issued_before_keeps_its_own(in_app: Flask, settings: Settings) -> None:
    with clock.held(on(START)):
        lay_keys(settings.keys_dir)
        history = begin_with_owner()
        history.grant()
        before = certificates(history)[0].id
        one, two = (a_person(f"a{n}@ministry.example", Role.ADMINISTRATOR) for n in (1, 2))
        with transaction() as session:
            made = marking.propose(session, one, MarkKind.LOGO, "logo.png", png())
            with pytest.raises(InvalidError):
                marking.propose(session, two, MarkKind.LOGO, "other.png", png(601))
            marking.confirm(session, two, made.id)
        change(history, name_latin="Another Name")
        while issue(settings):
            pass
        old, new = (db.session.get_one(Certificate, n) for n in (before, before + 1))
        assert CertificateFacts.from_json(old.facts).logo == ""
        assert CertificateFacts.from_json(new.facts).logo == hashlib.sha256(png()).hexdigest()
        assert new.pdf_sha256
