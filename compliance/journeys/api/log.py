"""The transparency log as data: checkpoints, tiles, entries and proofs (C2SP tlog-tiles), and the program to check."""

import base64
from pathlib import Path

from flask import abort, url_for
from flask.wrappers import Response

from certificates.note import verifier_of
from compliance.domain.merkle import WIDTH, consistency, inclusion, read_tile_path
from compliance.domain.merkle import tile as hashes_of
from compliance.journeys.api.blueprint import answer, api, as_json
from compliance.journeys.api.described import BYTES, described, json_of
from compliance.journeys.api.fields import TEXT
from compliance.journeys.gate import settings
from compliance.store.base import db
from compliance.store.keys import keyring
from compliance.store.transparency import (
    LogCheckpoint,
    LogEntry,
    checkpoint_text,
    checkpoints_after,
    contents_of,
    leaves_of,
    newest_checkpoint,
)

PLAIN_TEXT = "text/plain; charset=utf-8"
PLAIN, OCTETS, ANYTHING = {"text/plain": TEXT}, {"application/octet-stream": BYTES}, json_of("Anything")
FOR_EVER = "public, max-age=31536000, immutable"
PROGRAM = Path(__file__).parents[3] / "static" / "check-log.py"
CHECKPOINTS_A_PAGE = 500
MOST_LEVELS = 6


def sealed() -> LogCheckpoint:
    """The newest checkpoint; 404 while there is none."""
    return newest_checkpoint(db.session()) or abort(404)


def coded(hashes: list[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in hashes]


@api.get("/log/checkpoint")
@described("The newest signed checkpoint of the transparency log", PLAIN, takes=None, statuses=(404,))
def log_checkpoint() -> Response:
    return answer(checkpoint_text(db.session(), sealed()), PLAIN_TEXT)


@api.get("/log/checkpoints/<int:size>")
@described("A checkpoint as it was signed", PLAIN, takes=None)
def log_checkpoint_of(size: int) -> Response:
    """Every one that was ever signed, as it was signed."""
    found = db.session.get(LogCheckpoint, size) if size <= sealed().size else None
    return answer(checkpoint_text(db.session(), found), PLAIN_TEXT) if found else abort(404)


@api.get("/log/checkpoints/after/<int:size>.json")
@described("Checkpoints over more entries than a size", ANYTHING, takes=None)
def log_checkpoints(size: int) -> Response:
    """The checkpoints of sizes above one, the smallest first; 0 begins."""
    sealed()
    found = checkpoints_after(db.session(), min(size, 2**31 - 1), CHECKPOINTS_A_PAGE)
    told = [
        {
            "size": one.size,
            "root": base64.b64encode(one.root).decode(),
            "sealed_at": one.sealed_at.isoformat(timespec="seconds"),
            "checkpoint": f"{settings().public_url}{url_for('api.log_checkpoint_of', size=one.size)}",
        }
        for one in found
    ]
    more = url_for("api.log_checkpoints", size=found[-1].size) if len(found) == CHECKPOINTS_A_PAGE else None
    return as_json({"checkpoints": told, "next": more and f"{settings().public_url}{more}"})


@api.get("/log/tile/<int:level>/<path:tile>")
@described("Hashes of a level of the tree", OCTETS, takes=None)
def log_tile(level: int, tile: str) -> Response:
    """Hashes of a level; what is full or cut at a width never changes, so caches may keep it."""
    at, width = _tile(tile)
    span = WIDTH**level if level < MOST_LEVELS else abort(404)
    first = at * WIDTH * span
    last = first + width * span
    if last > sealed().size:
        abort(404)
    return _bytes(hashes_of(leaves_of(db.session(), last, first), level, 0, width))


@api.get("/log/tile/entries/<path:tile>")
@described("Entries of the log", OCTETS, takes=None)
def log_entries(tile: str) -> Response:
    """The entries below a tile of the lowest level, each after its length in two bytes."""
    at, width = _tile(tile)
    first = at * WIDTH
    if first + width > sealed().size:
        abort(404)
    found = (content.encode() for content in contents_of(db.session(), first, first + width))
    return _bytes(b"".join(len(one).to_bytes(2, "big") + one for one in found))


def _tile(path: str) -> tuple[int, int]:
    try:
        return read_tile_path(path)
    except ValueError:
        abort(404)


def _bytes(data: bytes) -> Response:
    return answer(data, "application/octet-stream", Cache_Control=FOR_EVER)


@api.get("/log/entries/<int:position>.json")
@described("An entry with the proof that ties it to the newest checkpoint", ANYTHING, takes=None)
def log_entry(position: int) -> Response:
    """One entry with the neighbours that tie it to the newest checkpoint. Its hash is of the text in `entry`."""
    newest = sealed()
    if position >= newest.size:
        abort(404)
    leaves = leaves_of(db.session(), newest.size)
    told = {
        "position": position,
        "entry": db.session.get_one(LogEntry, position).content,
        "leaf": base64.b64encode(leaves[position]).decode(),
        "inclusion": coded(inclusion(leaves, position)),
        "size": newest.size,
        "root": base64.b64encode(newest.root).decode(),
        "checkpoint": checkpoint_text(db.session(), newest),
    }
    return as_json(told)


@api.get("/log/consistency/<int:earlier>/<int:later>.json")
@described("What shows that one log continues another", ANYTHING, takes=None)
def log_consistency(earlier: int, later: int) -> Response:
    """What shows that the log of one size continues the log of another."""
    if not 0 < earlier <= later <= sealed().size:
        abort(404)
    proof = consistency(leaves_of(db.session(), later), earlier)
    response = as_json({"earlier": earlier, "later": later, "consistency": coded(proof)})
    response.headers["Cache-Control"] = FOR_EVER
    return response


@api.get("/log/keys")
@described("The keys that check checkpoints", PLAIN, takes=None, statuses=(404,))
def log_keys() -> Response:
    """Every key that may have signed a checkpoint, the oldest first, as software for such logs reads it."""
    origin = sealed().origin
    lines = (verifier_of(origin, key).text for key in keyring(settings()).keys)
    return answer("".join(f"{line}\n" for line in lines), PLAIN_TEXT)


@api.get("/log/check-log.py")
@described("The program that checks the log without the portal", {"text/x-python": TEXT}, takes=None)
def log_program() -> Response:
    """The program that checks the log without us."""
    return answer(PROGRAM.read_bytes(), "text/x-python; charset=utf-8")
