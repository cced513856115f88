"""What somebody with the database's password, or with the directory of heads in hand, could do to a trail of 12 entries
whose heads were published after the 4th, 8th and 12th. Each comes with words of the finding that must name it."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from certificates.keyring import Keyring
from compliance.store.audit_heads import LATEST, parse, published, signed

SET = "UPDATE audit_entries SET"
AT_4 = "WHERE seq = 4"
MOVED = (
    f"{SET} seq = 99 WHERE seq = 3",
    f"{SET} seq = 3 WHERE seq = 4",
    f"{SET} seq = 4 WHERE seq = 99",
)
TWIN = (
    "INSERT INTO audit_entries SELECT {seq}, at, actor_id, tag, subject, subject_id, content, previous, {hash}"
    " FROM audit_entries WHERE seq = 12"
)
Rows = dict[str, tuple[tuple[str, ...], str]]
ROWS: Rows = {
    "content changed": ((f"""{SET} content = '{{"number":99}}' {AT_4}""",), "4: edited"),
    "content respaced": ((f"""{SET} content = '{{"number": 3}}' {AT_4}""",), "4: edited"),
    "content no JSON": ((f"{SET} content = '{{' {AT_4}",), "4: edited"),
    "content emptied": ((f"{SET} content = '' {AT_4}",), "4: edited"),
    "content very deep": ((f"{SET} content = '{'[' * 9000}' {AT_4}",), "4: edited"),
    "actor added": ((f"{SET} actor_id = 7 {AT_4}",), "4: edited"),
    "tag changed": ((f"{SET} tag = 'system:test:undone' {AT_4}",), "4: edited"),
    "subject changed": ((f"{SET} subject = 'award' {AT_4}",), "4: edited"),
    "subject's number changed": ((f"{SET} subject_id = 77 {AT_4}",), "4: edited"),
    "subject and number run together": ((f"{SET} subject = 'test:0', subject_id = 0 {AT_4}",), "4: edited"),
    "moment changed": ((f"{SET} at = '2020-01-01 00:00:00' {AT_4}",), "4: edited"),
    "moment of the first changed": ((f"{SET} at = '2020-01-01 00:00:00' WHERE seq = 1",), "1: edited"),
    "moment of the last changed": ((f"{SET} at = '2020-01-01 00:00:00' WHERE seq = 12",), "12: edited"),
    "hash changed": ((f"{SET} hash = '{'f' * 64}' {AT_4}",), "4: edited"),
    "hash in capitals": ((f"{SET} hash = upper(hash) {AT_4}",), "4: edited"),
    "hash emptied": ((f"{SET} hash = '' {AT_4}",), "4: edited"),
    "link changed": ((f"{SET} previous = '{'e' * 64}' {AT_4}",), "4: does not follow"),
    "one deleted": (("DELETE FROM audit_entries WHERE seq = 5",), "5: missing"),
    "two deleted": (("DELETE FROM audit_entries WHERE seq IN (5, 6)",), "5: missing"),
    "every second deleted": (("DELETE FROM audit_entries WHERE seq % 2 = 0",), "2: missing"),
    "first deleted": (("DELETE FROM audit_entries WHERE seq = 1",), "1: missing"),
    "first half deleted": (("DELETE FROM audit_entries WHERE seq < 7",), "1: missing"),
    "one deleted, the rest moved up": (
        (
            "DELETE FROM audit_entries WHERE seq = 5",
            f"{SET} seq = seq + 100 WHERE seq > 5",
            f"{SET} seq = seq - 101 WHERE seq > 5",
        ),
        "5: does not follow",
    ),
    "two swapped": (MOVED, "3: does not follow"),
    "last cut": (("DELETE FROM audit_entries WHERE seq = 12",), "12: the entry published"),
    "tail cut": (("DELETE FROM audit_entries WHERE seq > 9",), "12: the entry published"),
    "cut between heads": (("DELETE FROM audit_entries WHERE seq > 4",), "8: the entry published"),
    "all gone": (("DELETE FROM audit_entries",), "12: the entry published"),
    "table gone": (("DROP TABLE audit_entries",), "cannot be read"),
    "column gone": (("ALTER TABLE audit_entries RENAME COLUMN content TO other",), "cannot be read"),
    "one put before the first": ((TWIN.format(seq=0, hash="'a'"),), "does not follow"),
    "one put far behind": ((TWIN.format(seq=99, hash="'a'"),), "13: missing"),
    "the largest number": ((TWIN.format(seq=2**31 - 1, hash="'a'"),), "13: missing"),
    "a twin at the end": ((TWIN.format(seq=13, hash="'a'"),), "13: does not follow"),
    "line ends changed": ((f"{SET} content = content || chr(10) {AT_4}",), "4: edited"),
    "an invisible letter": ((f"{SET} tag = tag || chr(8203) {AT_4}",), "4: edited"),
}
SQLITE: Rows = {
    name: ((f"{SET} {column} = {value} {AT_4}",), "4: ")
    for name, column, value in (
        ("moment no date", "at", "'not a value'"),
        ("moment a number", "at", "-1"),
        ("moment bytes", "at", "x'ff00'"),
        ("moment of no calendar", "at", "'2020-13-45 00:00:00'"),
        ("moment undecodable", "at", "CAST(x'ff' AS text)"),
        ("actor a word", "actor_id", "'somebody'"),
        ("content bytes", "content", "x'ff00'"),
        ("content undecodable", "content", "CAST(x'ff' AS text)"),
        ("tag a number", "tag", "1e300"),
        ("hash bytes", "hash", "x'00'"),
        ("hash undecodable", "hash", "CAST(x'ff' AS text)"),
        ("link a number", "previous", "7"),
    )
}
ALTER = "ALTER TABLE audit_entries"
POSTGRESQL: Rows = {
    "moment without end": ((f"{SET} at = 'infinity' {AT_4}",), "4: "),
    "moment before the common era": ((f"{SET} at = '0044-03-15 00:00:00 BC' {AT_4}",), "4: "),
    "moments are words": ((f"{ALTER} ALTER at TYPE text USING 'once'",), "1: "),
    "hashes are bytes": (
        (f"{ALTER} DROP CONSTRAINT uq_audit_entries_hash, ALTER hash TYPE bytea USING hash::bytea",),
        "1: ",
    ),
    "subjects are words": ((f"{ALTER} ALTER subject_id TYPE text USING 'x' || subject_id",), "1: edited"),
    "two of one number": (
        (f"{ALTER} DROP CONSTRAINT pk_audit_entries", TWIN.format(seq=4, hash="'a'")),
        "4: does not follow",
    ),
    "a number taken away": (
        (f"{ALTER} DROP CONSTRAINT pk_audit_entries", f"{ALTER} ALTER seq DROP NOT NULL", f"{SET} seq = NULL {AT_4}"),
        "4: missing",
    ),
    "one without a number": (
        (
            f"{ALTER} DROP CONSTRAINT pk_audit_entries",
            f"{ALTER} ALTER seq DROP NOT NULL",
            TWIN.format(seq="NULL", hash="'a'"),
        ),
        "without a number",
    ),
}


def _first(folder: Path) -> Path:
    return published(folder)[0]


def _middle(folder: Path) -> Path:
    return published(folder)[1]


def _last(folder: Path) -> Path:
    return published(folder)[-1]


def _rewrite(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text()))


def _swap(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def _resign(path: Path, keyring: Keyring, **changes: object) -> None:
    """What a machine with other keys would publish."""
    head = replace(parse(path.name, path.read_bytes(), None), **changes)  # type: ignore[arg-type]
    path.write_text(signed(head, keyring))


def _say(path: Path, field: str, value: object) -> None:
    tree = json.loads(path.read_text())
    tree["head"][field] = value
    path.write_text(json.dumps(tree))


Files = dict[str, tuple[Callable[[Path, Keyring], object], str]]
FILES: Files = {
    "a head's number lowered": (lambda d, _: _say(_middle(d), "seq", 7), "was changed"),
    "a head's number raised": (lambda d, _: _say(_last(d), "seq", 2**70), "was changed"),
    "a head's number a word": (lambda d, _: _say(_middle(d), "seq", "8"), "no published head"),
    "a head's number without end": (lambda d, _: _say(_middle(d), "seq", float("inf")), "no published head"),
    "a head's hash changed": (lambda d, _: _say(_middle(d), "hash", "f" * 64), "was changed"),
    "a head's hash half a letter": (lambda d, _: _say(_middle(d), "hash", "\ud800"), "no published head"),
    "a head's moment changed": (lambda d, _: _say(_middle(d), "at", "2020-01-01T00:00:00+00:00"), "was changed"),
    "a head's revocations taken out": (lambda d, _: _say(_middle(d), "revoked", ["COP-KH"]), "was changed"),
    "a head's revocations a number": (lambda d, _: _say(_middle(d), "revoked", 5), "no published head"),
    "a head's link taken out": (lambda d, _: _say(_middle(d), "previous", ""), "was changed"),
    "a head cut short": (lambda d, _: _rewrite(_middle(d), lambda text: text[:40]), "no published head"),
    "a head emptied": (lambda d, _: _middle(d).write_bytes(b""), "no published head"),
    "a head of noise": (lambda d, _: _middle(d).write_bytes(bytes(range(256))), "no published head"),
    "a head very deep": (lambda d, _: _middle(d).write_text("[" * 99999), "no published head"),
    "a head's file a directory": (
        lambda d, _: (_middle(d).unlink(), (d / "0000000008-x.json").mkdir()),
        "no published",
    ),
    "a signature cut": (
        lambda d, _: _rewrite(_middle(d), lambda t: t.replace('"signature":"', '"signature":"A')),
        "BROKEN",
    ),
    "a signature of nobody": (
        lambda d, _: _rewrite(_middle(d), lambda t: t.replace('"key":"', '"key":"x')),
        "was changed",
    ),
    "signed by another key": (lambda d, other: _resign(_middle(d), other), "was changed"),
    "another hash signed by another key": (lambda d, other: _resign(_last(d), other, hash="f" * 64), "was changed"),
    "two heads swapped": (lambda d, _: _swap(_first(d), _middle(d)), "holds the head of"),
    "a head under another's name": (lambda d, _: _middle(d).rename(d / "0000000009-x.json"), "holds the head of"),
    "the first head removed": (lambda d, _: _first(d).unlink(), "is missing"),
    "a middle head removed": (lambda d, _: _middle(d).unlink(), "is missing"),
    "the last head removed": (lambda d, _: _last(d).unlink(), "is missing among the published"),
    "all but the newest removed": (lambda d, _: [path.unlink() for path in published(d)[:-1]], "is missing"),
    "all heads removed": (lambda d, _: [path.unlink() for path in d.glob("*.json")], "no published head was found"),
    "the directory removed": (lambda d, _: [path.unlink() for path in d.iterdir()] and d.rmdir(), "no published head"),
    "the newest damaged": (lambda d, _: (d / LATEST).write_text("{"), "latest.json is no published head"),
    "the newest removed": (lambda d, _: (d / LATEST).unlink(), "latest.json is missing"),
    "the newest an earlier one": (lambda d, _: (d / LATEST).write_bytes(_first(d).read_bytes()), "not the newest"),
    "the newest signed by another key": (lambda d, other: _resign(d / LATEST, other), "latest.json was not signed"),
}
BUNDLED: Files = {
    "a line taken out": (lambda d, _: _lines(d, lambda lines: lines[:1] + lines[2:]), "is missing"),
    "a line changed": (lambda d, _: _lines(d, lambda lines: [lines[0][:-9], *lines[1:]]), "no published head"),
    "the bundle removed": (lambda d, _: [path.unlink() for path in d.glob("*.jsonl")], "is missing"),
}


def _lines(folder: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    with suppress(StopIteration):
        path = next(folder.glob("*.jsonl"))
        path.write_bytes(b"\n".join(change(path.read_bytes().splitlines())))
