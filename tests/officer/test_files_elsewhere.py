"""Evidence with files in a bucket, and past a virus scanner that listens on a real socket."""

import io
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from compliance.actions.uploading import quarantine
from compliance.actions.virus_scan import ScannerAwayError, scan
from compliance.cli.backups import back_up
from compliance.domain.errors import InvalidError
from compliance.domain.roles import Actor, Role
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.evidence_files import EvidenceFile, evidence_for
from compliance.store.files import file_store
from tests.actions import samples
from tests.buckets import new_bucket
from tests.officer.conftest import Bench, send

POLICY = "/question/gov_policy"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def configured(bench: Bench, **settings: object) -> Settings:
    """The portal of the bench with other settings."""
    made: Settings = replace(bench.app.extensions["portal_settings"], **settings)
    bench.app.extensions["portal_settings"] = made
    return made


def give(bench: Bench, data: bytes = b"", lang: str = "en") -> TestResponse:
    sent = {"gov_policy": "yes", "act": "stay", "file": (io.BytesIO(data or samples.pdf()), "policy.pdf")}
    return send(bench.client, bench.path(POLICY, lang), **sent)


def given(bench: Bench) -> list[EvidenceFile]:
    with bench.app.app_context():
        return evidence_for(db.session(), bench.assessment).get("gov_policy", [])


@pytest.mark.sqlite_only
def test_a_file_in_a_bucket_is_given_read_drawn_backed_up_and_locked_away(bench: Bench, tmp_path: Path) -> None:
    settings, data = configured(bench, bucket=new_bucket()), samples.pdf()
    assert give(bench, data).status_code == 302
    (file,) = given(bench)
    assert not list(settings.files_dir.glob("??/??/*")), "nothing of it lies on this machine"
    assert bench.client.get(f"/en/company/file/{file.id}", buffered=True).data == data
    assert bench.client.get(f"/en/company/file/{file.id}/page/1.webp").mimetype == "image/webp"
    assert bench.client.get("/readyz").status_code == 200
    copied = [path.name for path in (back_up(settings, tmp_path / "backups") / "files").rglob("*") if path.is_file()]
    assert copied == [file.sha256]
    with bench.app.app_context(), transaction() as session:
        staff = Actor(1, "reviewer", frozenset({Role.REVIEWER}))
        quarantine(session, staff, file_store(settings), file.sha256, "")
    assert bench.client.get(f"/en/company/file/{file.id}").status_code == 404
    assert "This file cannot be accepted" in give(bench, data).text
    configured(bench, bucket=replace(settings.bucket, endpoint="http://127.0.0.1:9"))
    away = give(bench, samples.pdf(Lang="km"))
    assert away.status_code == 503
    assert away.headers["Retry-After"]
    assert bench.client.get("/readyz").status_code == 503
    assert bench.client.get(bench.path(POLICY)).status_code == 200, "pages go on without storage"


@dataclass
class Scanner:
    """A server that speaks clamd's INSTREAM; `answer` is said instead of a verdict when it is set."""

    address: str
    answer: bytes | None = None

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                line, _peer = listening.accept()
            except OSError:
                return
            with closing(line), line.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack(">I", stream.read(4))[0]:
                    data += stream.read(size)
                verdict = b"stream: Eicar-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
                line.sendall(verdict if self.answer is None else self.answer)


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Scanner(f"127.0.0.1:{listening.getsockname()[1]}")
        thread = threading.Thread(target=made.serve, args=[listening])
        thread.start()
        yield made
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_files_are_scanned_before_they_are_kept(bench: Bench, scanner: Scanner) -> None:
    settings = configured(bench, scanner=scanner.address)
    assert give(bench).status_code == 302
    harmful = give(bench, samples.pdf() + b"\n%" + EICAR + b"\n%%EOF")
    assert harmful.status_code == 422
    assert "found something harmful" in harmful.text
    assert len(given(bench)) == len(list(settings.files_dir.glob("??/??/*"))) == 1, "nothing harmful was kept"


@pytest.mark.parametrize(("lang", "words"), [("en", "no file is taken without it"), ("km", "កម្មវិធីស្កេនមេរោគ")])
def test_without_the_scanners_verdict_nothing_is_taken(bench: Bench, scanner: Scanner, lang: str, words: str) -> None:
    configured(bench, scanner="127.0.0.1:9")
    away = give(bench, lang=lang)
    assert away.status_code == 503
    assert words in away.text
    configured(bench, scanner=scanner.address)
    for answer in (b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK but not quite\0"):
        scanner.answer = answer
        assert give(bench).status_code == 503
    assert given(bench) == []
    scanner.answer = None
    assert give(bench).status_code == 302


def test_a_scanner_may_listen_in_the_file_system(tmp_path: Path) -> None:
    address = tmp_path / "clamd"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(address))
        listening.listen()
        made = Scanner(str(address))
        thread = threading.Thread(target=made.serve, args=[listening])
        thread.start()
        scan(f"unix:{address}", b"clean" * 100_000)
        with pytest.raises(InvalidError):
            scan(f"unix:{address}", b"x" * 70_000 + EICAR)
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    with pytest.raises(ScannerAwayError):
        scan(f"unix:{tmp_path / 'nobody'}", b"clean")
