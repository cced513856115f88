"""A restore is an act: the trail says what it lost and still holds, nothing that was ended comes back unasked, and
whoever cuts the trail cannot dress the cut as a restore."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from certificates.demonstration import make_keyring
from certificates.keyring import add_key, load_keyring, to_public
from certificates.number import mint
from compliance import clock
from compliance.actions.reissuing import issue_anew
from compliance.cli import interrupted, restoring
from compliance.cli.__main__ import main
from compliance.cli.backups import back_up
from compliance.cli.manifest import Manifest, listed, read, write
from compliance.domain.roles import SYSTEM
from compliance.domain.standing import AwardAct
from compliance.jobs.heads import publish_head
from compliance.settings import UNNAMED, Settings
from compliance.store import audit_heads, audit_restores, copying
from compliance.store.audit import AuditEntry, append, head, record
from compliance.store.awards import Award, AwardDecision, Certificate, award_by_number, next_number
from compliance.store.base import WRITING, db, transaction
from compliance.store.evidence_files import EvidenceFile
from compliance.store.files import file_store
from compliance.store.keys import keyring
from tests.jobs.world import award_ending
from tests.keys import lay_keys
from tests.public.world import act_on

Said = Callable[..., tuple[int, str]]


@dataclass(frozen=True)
class Ground:
    """A portal with two awards and its backup; afterwards the first award was revoked, the second suspended."""

    settings: Settings
    backup: Path
    numbers: tuple[str, str]


@pytest.fixture
def ground(in_app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    monkeypatch.setattr(Settings, "from_env", lambda: settings)
    lay_keys(settings.keys_dir)
    ids = [award_ending(clock.today() + timedelta(days=200 + n), n) for n in (1, 2)]
    note("before")
    publish_head(settings)
    backup = back_up(settings, tmp_path / "backups")
    with transaction() as session:
        for award_id, act in zip(ids, (AwardAct.REVOKED, AwardAct.SUSPENDED), strict=True):
            award = session.get_one(Award, award_id)
            act_on(session, award, act, clock.today())
            record(session, clock.now(), SYSTEM, f"approver:award:{act}", "award", award_id)
        numbers = tuple(award.number for award in session.scalars(sa.select(Award).order_by(Award.id)))
    publish_head(settings)
    close()
    yield Ground(settings, backup, (numbers[0], numbers[1]))
    close()
    assert in_app


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command; its exit code and all that it printed."""

    def run(*words: str) -> tuple[int, str]:
        close()
        capsys.readouterr()
        code = main(list(words))
        output = capsys.readouterr()
        return code, output.out + output.err

    return run


def close() -> None:
    db.session.remove()
    db.engine.dispose()


def note(word: str) -> None:
    with transaction() as session:
        record(session, clock.now(), SYSTEM, "system:test:noted", "test", 1, word=word)


def acts() -> dict[str, AwardAct]:
    db.session.rollback()
    return {award.number: award.last_act for award in db.session.scalars(sa.select(Award))}


def lose_machine(settings: Settings, elsewhere: Path | None = None) -> None:
    """Database and data directory are gone; the published heads may have been copied elsewhere."""
    close()
    if elsewhere:
        shutil.copytree(audit_heads.folder(settings), elsewhere)
    path = copying.sqlite_path(settings.database_url)
    if path is None:
        with db.engine.connect() as connection, connection.begin():
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
    else:
        for lost in path.parent.glob(f"{path.name}*"):
            lost.unlink()
    for name in ("keys", "audit-heads", "files"):
        shutil.rmtree(settings.data_dir / name, ignore_errors=True)
    close()


def test_the_trail_holds_and_says_what_was_lost(ground: Ground, said: Said) -> None:
    code, report = said("restore", str(ground.backup), "--force")
    assert code == 0
    entries = (
        r"Restored on \d{4}-\d\d-\d\d \d\d:\d\d from the backup of .*: 2 entries \(2 to 3\) between .* were lost\."
    )
    assert re.search(entries, report)
    code, checked = said("audit", "verify")
    assert code == 0, checked
    assert re.search(entries, checked)
    numbers = list(db.session.scalars(sa.select(AuditEntry.seq).order_by(AuditEntry.seq)))
    assert numbers[:2] == [1, 4], "numbers that were lost are never given again"
    note("after")
    publish_head(ground.settings)
    assert said("audit", "verify")[0] == 0


def test_what_was_ended_under_a_number_issued_anew_stays_ended(ground: Ground, said: Said) -> None:
    old = ground.numbers[1]
    with transaction() as session:
        award = session.scalars(sa.select(Award).where(Award.number == old)).one()
        award.company.name_latin = "Another name"
        [anew] = issue_anew(session, SYSTEM, award.company, "http://localhost", UNNAMED)
        act_on(session, award, AwardAct.REVOKED, clock.today())
        record(session, clock.now(), SYSTEM, "approver:award:revoked", "award", award.id)
        number = anew.number
    assert said("restore", str(ground.backup), "--force")[0] == 0
    assert acts()[old] is AwardAct.REVOKED
    assert award_by_number(db.session(), number) is None
    with transaction() as session:
        assert mint(clock.today().year, next_number(session, clock.today().year)) > number, "it is not given again"
    assert said("audit", "verify")[0] == 0


def test_what_was_ended_stays_ended_with_its_reason(ground: Ground, said: Said) -> None:
    assert said("restore", str(ground.backup), "--force")[0] == 0
    assert acts() == dict(zip(ground.numbers, (AwardAct.REVOKED, AwardAct.SUSPENDED), strict=True))
    last = [award.acts[-1] for award in db.session.scalars(sa.select(Award).order_by(Award.id))]
    assert [(act.act, act.reason) for act in last] == [(AwardAct.REVOKED, "r"), (AwardAct.SUSPENDED, "r")]
    kept = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.tag.like("system:award:kept%")).order_by(AuditEntry.seq)
    ).all()
    assert [json.loads(entry.content)["reason"] for entry in kept] == ["r", "r"]


@pytest.mark.night
def test_an_award_whose_certificate_was_issued_anew_is_known_by_its_old_number(ground: Ground, said: Said) -> None:
    with transaction() as session:
        award = session.scalars(sa.select(Award).order_by(Award.id)).first()
        assert award
        old = session.scalars(sa.select(Certificate).where(Certificate.award_id == award.id)).one()
        old.replaced_at = clock.now()
        session.flush()
        award.number, award.code = "COP-KH-2026-09999-00", "A" * 26
        session.add(Certificate(award_id=award.id, number=award.number, code=award.code, facts=old.facts))
    assert said("restore", str(ground.backup), "--force")[0] == 0
    award = db.session.scalars(sa.select(Award).order_by(Award.id)).first()
    assert award
    assert (award.number, award.last_act, award.acts[-1].reason) == (ground.numbers[0], AwardAct.REVOKED, "r")


@pytest.mark.night
def test_a_decision_of_somebody_the_backup_does_not_know_is_told_in_the_trail(ground: Ground, said: Said) -> None:
    with transaction() as session:
        session.execute(sa.text("UPDATE people SET email = 'new' || email"))
    assert said("restore", str(ground.backup), "--force")[0] == 0
    assert acts()[ground.numbers[0]] is AwardAct.REVOKED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AwardDecision)) == 2
    kept = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.tag == "system:award:kept_revoked")).one()
    assert json.loads(kept.content)["by"] == ["newreviewer@ministry.example", "newapprover@ministry.example"]


def test_an_empty_machine_names_the_awards_and_asks(ground: Ground, said: Said) -> None:
    lose_machine(ground.settings)
    code, asked = said("restore", str(ground.backup))
    assert code == 1
    assert all(number in asked for number in ground.numbers)
    assert "Company 1" in asked
    assert not sa.inspect(db.engine).has_table("awards"), "nothing was restored"
    assert said("restore", str(ground.backup), "--awards", "000000000000")[0] == 1
    digest = re.findall(r"--awards ([0-9a-f]{12})", asked)[0]
    code, report = said("restore", str(ground.backup), "--awards", digest)
    assert code == 0, report
    assert "how far the trail had come was not known" in report
    assert set(acts().values()) == {AwardAct.GRANTED}
    assert (
        json.loads(db.session.scalars(sa.select(AuditEntry.content).where(AuditEntry.seq == 2)).one())["brought_back"]
        == digest
    )


@pytest.mark.night
def test_awards_that_people_know_to_have_ended_stay_so(ground: Ground, said: Said, tmp_path: Path) -> None:
    lose_machine(ground.settings)
    ended = tmp_path / "ended.txt"
    ended.write_text(f"{ground.numbers[0]} revoked\n\n")
    code, asked = said("restore", str(ground.backup), "--ended", str(ended))
    assert code == 1
    assert ground.numbers[0] not in asked
    assert ground.numbers[1] in asked
    ended.write_text(f"{ground.numbers[0]} revoked\n{ground.numbers[1].lower().replace('-', ' ')} suspended\n")
    assert "line 2 of" in said("restore", str(ground.backup), "--ended", str(ended))[1]
    ended.write_text(f"{ground.numbers[0]} revoked\n{ground.numbers[1].lower()} SUSPENDED\n")
    assert said("restore", str(ground.backup), "--ended", str(ended))[0] == 0
    assert acts() == dict(zip(ground.numbers, (AwardAct.REVOKED, AwardAct.SUSPENDED), strict=True))


@pytest.mark.night
@pytest.mark.parametrize("given", ["directory", "one file"])
def test_newest_heads_say_what_is_missing(ground: Ground, said: Said, tmp_path: Path, given: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    lose_machine(ground.settings, elsewhere)
    heads = elsewhere if given == "directory" else elsewhere / "latest.json"
    code, report = said("restore", str(ground.backup), "--heads", str(heads))
    assert code == 0, report
    assert "2 entries (2 to 3)" in report
    assert acts() == dict(zip(ground.numbers, (AwardAct.REVOKED, AwardAct.SUSPENDED), strict=True))
    code, checked = said("audit", "verify", "--heads", str(heads))
    assert code == 0, checked


@pytest.mark.night
def test_heads_older_than_the_backup_answer_nothing(ground: Ground, said: Said, tmp_path: Path) -> None:
    lose_machine(ground.settings, tmp_path / "elsewhere")
    first = audit_heads.published(tmp_path / "elsewhere")[0]
    code, asked = said("restore", str(ground.backup), "--heads", str(first))
    assert code == 1
    assert ground.numbers[0] in asked


@pytest.mark.night
@pytest.mark.parametrize("damage", ["{", "forged", "nothing"])
def test_heads_that_cannot_be_believed_are_refused(ground: Ground, said: Said, tmp_path: Path, damage: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    lose_machine(ground.settings, elsewhere)
    newest = audit_heads.published(elsewhere)[-1]
    if damage == "nothing":
        shutil.rmtree(elsewhere)
    else:
        newest.write_text("{" if damage == "{" else newest.read_text().replace(ground.numbers[0], "COP-KH-2020"))
    code, refused = said("restore", str(ground.backup), "--heads", str(elsewhere))
    assert code == 1
    assert "Nothing was restored" in refused


@pytest.mark.night
def test_heads_found_later_are_a_finding_until_they_are_accounted_for(
    ground: Ground, said: Said, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    lose_machine(ground.settings, elsewhere)
    digest = re.findall(r"--awards (\w+)", said("restore", str(ground.backup))[1])[0]
    assert said("restore", str(ground.backup), "--awards", digest)[0] == 0
    note("after")
    publish_head(ground.settings)
    code, checked = said("audit", "verify", "--heads", str(elsewhere))
    assert code == 1
    assert "did not know of it: ./portal restored" in checked
    code, report = said("restored", "--heads", str(elsewhere))
    assert code == 0, report
    assert acts() == dict(zip(ground.numbers, (AwardAct.REVOKED, AwardAct.SUSPENDED), strict=True))
    code, checked = said("audit", "verify", "--heads", str(elsewhere))
    assert code == 0, checked
    assert "2 entries (2 to 3)" in checked
    assert said("restored", "--heads", str(elsewhere))[0] == 1, "nothing more is to be learned"


@pytest.mark.night
def test_two_restores_one_behind_the_other(ground: Ground, said: Said, tmp_path: Path) -> None:
    """Back to the first backup, on, back to a second backup, and back to the first again."""
    assert said("restore", str(ground.backup), "--force")[0] == 0
    note("between")
    with clock.held(clock.now() + timedelta(seconds=2)):
        second = back_up(ground.settings, tmp_path / "second")
    for folder in (second, ground.backup, second):
        note("to be lost")
        publish_head(ground.settings)
        code, report = said("restore", str(folder), "--force")
        assert code == 0, report
        code, checked = said("audit", "verify")
        assert code == 0, checked
    assert acts()[ground.numbers[0]] is AwardAct.REVOKED


def unguarded(*statements: str) -> None:
    """What somebody with the database's password can do."""
    names = {"sqlite": ("update", "delete"), "postgresql": ()}[db.engine.dialect.name]
    with db.engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        for name in names:
            connection.exec_driver_sql(f"DROP TRIGGER audit_entries_no_{name}")
        if not names:
            connection.exec_driver_sql("ALTER TABLE audit_entries DISABLE TRIGGER USER")
        for statement in statements:
            connection.exec_driver_sql(statement)


def forged(settings: Settings, **changes: object) -> audit_restores.Restored:
    """A restore that never was: it says that all after the first entry was lost."""
    with db.session() as session:
        digest = session.scalars(sa.select(AuditEntry.hash).where(AuditEntry.seq == 1)).one()
    moment = clock.now().isoformat()
    told = audit_restores.Restored(moment, moment, 1, digest, moment, 3, "", moment, 2, True, 4)
    assert settings.keys_dir.exists()
    return replace(told, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("signer", ["nobody", "another portal"])
def test_a_cut_is_not_dressed_as_a_restore(ground: Ground, said: Said, tmp_path: Path, signer: str) -> None:
    unguarded("DELETE FROM audit_entries WHERE seq > 1")
    make_keyring(tmp_path / "other", today=clock.today())
    keys = load_keyring(tmp_path / "other") if signer == "another portal" else None
    with transaction() as session:
        audit_restores.record_restore(session, forged(ground.settings), keys, audit_restores.RESTORED, {})
    code, checked = said("audit", "verify")
    assert code == 1
    assert "4: tells of a restore that no key of this portal attests" in checked
    assert "3: the entry published in" in checked, "the head that proves the cut stands against it"


@pytest.mark.night
def test_a_true_restore_does_not_cover_a_later_cut(ground: Ground, said: Said) -> None:
    """The attestation holds for its own place alone: moved, copied or with another gap it covers nothing."""
    assert said("restore", str(ground.backup), "--force")[0] == 0
    for word in ("one", "two", "three"):
        note(word)
        publish_head(ground.settings)
    told = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.tag == audit_restores.RESTORED)).one()
    content, last = json.loads(told.content), head(db.session())[0]
    unguarded(f"DELETE FROM audit_entries WHERE seq > {last - 2}")
    with transaction() as session:
        append(session, clock.now(), SYSTEM, audit_restores.RESTORED, ("store", 0), content, number=last + 1)
    code, checked = said("audit", "verify")
    assert code == 1
    assert f"{last + 1}: tells of a restore" in checked
    assert f"{last - 1}: missing" in checked


@pytest.mark.night
def test_heads_that_contradict_an_attested_restore_are_found(ground: Ground, said: Said) -> None:
    """Even who holds the keys cannot claim another last entry than the one that was published."""
    unguarded("DELETE FROM audit_entries WHERE seq > 1")
    keys = keyring(ground.settings)
    with transaction() as session:
        told = forged(ground.settings, lost_hash="f" * 64)
        audit_restores.record_restore(session, told, keys, audit_restores.RESTORED, {})
    assert "3: the entry published in" in said("audit", "verify")[1]


@pytest.mark.night
def test_a_changed_backup_is_refused_by_what_was_published(ground: Ground, said: Said) -> None:
    """Somebody rewrote the trail inside the backup and made the list of digests fit."""
    manifest = read(ground.backup)
    trail = ground.backup / copying.TABLES / "audit_entries.copy"
    if trail.exists():
        text = trail.read_text()
        trail.write_text(text.replace(manifest.audit_hash, "f" * 64))
    else:
        engine = sa.create_engine(f"sqlite:///{ground.backup / copying.SQLITE}")
        with engine.begin() as connection:
            connection.execute(sa.text("DROP TRIGGER audit_entries_no_update"))
            connection.execute(sa.text(f"UPDATE audit_entries SET hash = '{'f' * 64}'"))
        engine.dispose()
    write(ground.backup, replace(manifest, files=listed(ground.backup), audit_hash="f" * 64))
    code, refused = said("restore", str(ground.backup), "--force")
    assert code == 1
    assert "the backup does not hold entry 1 as" in refused
    assert acts()[ground.numbers[0]] is AwardAct.REVOKED


def test_a_restore_stopped_half_way_is_run_again(ground: Ground, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def pulled(*_words: object) -> None:
        raise OSError("the plug was pulled")

    with monkeypatch.context() as broken:
        broken.setattr(restoring, "migrate_database", pulled)
        code, stopped = said("restore", str(ground.backup), "--force")
    assert code == 1
    assert "stopped half-way" in stopped
    assert set(acts().values()) == {AwardAct.GRANTED}, "the rows are the backup's already"
    with pytest.raises(SystemExit, match="Run it again"):
        interrupted.refuse_to_serve(ground.settings.data_dir)
    with pytest.raises(SystemExit, match="Run it again"):
        main(["worker"])
    code, report = said("restore", str(ground.backup))
    assert code == 0, report
    assert "2 entries (2 to 3)" in report
    assert acts() == dict(zip(ground.numbers, (AwardAct.REVOKED, AwardAct.SUSPENDED), strict=True))
    interrupted.refuse_to_serve(ground.settings.data_dir)


@pytest.mark.night
def test_a_newer_key_stays_and_a_retired_one_does_not_come_back(ground: Ground, said: Said) -> None:
    keys = ground.settings.keys_dir
    first = keyring(ground.settings).key.id
    add_key(keys, "newer-key")
    (keys / f"{first}.pub.pem").write_text(to_public(load_keyring(keys))["keys"][first])
    (keys / f"{first}.pem").unlink()
    note("signed by the newer key")
    publish_head(ground.settings)
    assert said("restore", str(ground.backup), "--force")[0] == 0
    assert not (keys / f"{first}.pem").exists()
    assert load_keyring(keys).key.id == "newer-key"
    assert said("audit", "verify")[0] == 0


@pytest.mark.night
def test_another_portal_is_not_believed(ground: Ground, said: Said) -> None:
    """A machine where a demonstration stood: its certificate numbers are equal, its awards and keys are others."""
    lose_machine(ground.settings)
    make_keyring(ground.settings.keys_dir, today=clock.today())
    assert said("migrate")[0] == 0
    other = award_ending(clock.today() + timedelta(days=100), 1)
    with transaction() as session:
        act_on(session, session.get_one(Award, other), AwardAct.REVOKED, clock.today())
        for _ in range(9):
            record(session, clock.now(), SYSTEM, "system:test:noted", "test", 1)
    publish_head(ground.settings)
    code, asked = said("restore", str(ground.backup))
    assert code == 1
    digest = re.findall(r"--awards (\w+)", asked)[0]
    code, report = said("restore", str(ground.backup), "--awards", digest)
    assert code == 0, report
    assert acts()[ground.numbers[0]] is AwardAct.GRANTED
    code, checked = said("audit", "verify")
    assert code == 0, checked


def test_a_certificate_number_is_never_given_again(ground: Ground, said: Said, tmp_path: Path) -> None:
    with transaction() as session:
        given = [next_number(session, clock.today().year) for _ in range(3)][-1]
    assert said("restore", str(ground.backup), "--force")[0] == 0
    with transaction() as session:
        assert next_number(session, clock.today().year) > given
    lose_machine(ground.settings, tmp_path / "elsewhere")
    assert said("restore", str(ground.backup), "--heads", str(tmp_path / "elsewhere"))[0] == 0
    with transaction() as session:
        assert next_number(session, clock.today().year) > given


def test_what_was_locked_away_since_stays_locked(in_app: Flask, ground: Ground, said: Said, tmp_path: Path) -> None:
    store = file_store(ground.settings)
    sha256 = store.put(b"something")
    with transaction() as session:
        owner = session.scalars(sa.select(Award.company_id)).first()
        session.add(
            EvidenceFile(
                company_id=owner,
                sha256=sha256,
                name="a",
                media_type="text/plain",
                size=9,
                uploaded_by=1,
                uploaded_at=clock.now(),
            )
        )
    with clock.held(clock.now() + timedelta(seconds=2)):
        backup = back_up(ground.settings, tmp_path / "with file")
    store.quarantine(sha256)
    assert said("restore", str(backup), "--force")[0] == 0
    assert not store.has(sha256)
    assert not list(ground.settings.files_dir.glob(f"??/??/{sha256}"))
    assert db.session.scalars(sa.select(EvidenceFile)).one().quarantined_at
    assert in_app


@pytest.mark.night
def test_a_newer_version_or_a_strange_file_is_refused(ground: Ground, said: Said) -> None:
    (ground.backup / "files").mkdir(exist_ok=True)
    (ground.backup / "files" / "stranger").write_text("x")
    assert "nobody put files/stranger there" in said("restore", str(ground.backup), "--force")[1]
    (ground.backup / "files" / "stranger").unlink()
    trail = ground.backup / copying.TABLES / f"{copying.VERSION}.copy"
    if trail.exists():
        trail.write_text("version_num\n9999\n")
    else:
        engine = sa.create_engine(f"sqlite:///{ground.backup / copying.SQLITE}")
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        engine.dispose()
    write(ground.backup, replace(read_unchecked(ground.backup), files=listed(ground.backup)))
    code, refused = said("restore", str(ground.backup), "--force")
    assert code == 1
    assert "newer version" in refused
    assert acts()[ground.numbers[0]] is AwardAct.REVOKED


def read_unchecked(folder: Path) -> Manifest:
    tree = json.loads((folder / "manifest.json").read_text())
    del tree["format"]
    return Manifest(**tree)


def test_a_wrong_passphrase_is_said_before_anything_is_lost(ground: Ground, said: Said) -> None:
    shutil.rmtree(ground.backup / "keys")
    make_keyring(ground.backup / "keys", b"another passphrase", today=clock.today())
    shutil.rmtree(ground.settings.keys_dir)
    write(ground.backup, replace(read_unchecked(ground.backup), files=listed(ground.backup)))
    code, refused = said("restore", str(ground.backup), "--force")
    assert code == 1
    assert "KEYS_PASSPHRASE" in refused
    assert acts()[ground.numbers[0]] is AwardAct.REVOKED
