#!/usr/bin/env python3
"""Checks the transparency log of champion companies, without trusting whoever runs it. Needs Python 3.10, nothing else.

    python3 check-log.py https://HOST/log OLD [NEW]         does the log still continue the checkpoint kept in OLD?
    python3 check-log.py https://HOST/log OLD --about TEXT  what does it say of a certificate number or a company?
    options: --key NAME+NUMBER+KEY   the log's public key as you wrote it down (else the one the log shows today)
             --witness NAME+NUMBER+KEY   a witness that must have signed NEW as well

OLD and NEW are files with a checkpoint; without NEW it is fetched. HOST/log may be a folder with a copy of the log.
Every entry is fetched and hashed anew: when the two roots come out as they were signed, nothing before OLD was
changed, taken out, put in or reordered, and NEW holds the same beginning. The exit code is 0 only then.
"""

import argparse
import base64
import hashlib
import sys
import urllib.request
from pathlib import Path

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P


class WrongError(Exception):
    """Why the log cannot be believed."""


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("log")
    asked.add_argument("old", type=Path)
    asked.add_argument("new", type=Path, nargs="?")
    asked.add_argument("--key", action="append", default=[])
    asked.add_argument("--witness", action="append", default=[])
    asked.add_argument("--about")
    chosen = asked.parse_args()
    try:
        check(chosen)
    except (WrongError, OSError, ValueError, IndexError) as error:
        print(f"NOT TO BE BELIEVED: {error}")
        return 1
    return 0


def check(chosen):
    keys = [read_key(text) for text in chosen.key or fetch(chosen.log, "keys").decode().split()]
    old = read_checkpoint(chosen.old.read_text(encoding="utf-8"), keys)
    new = read_checkpoint((chosen.new.read_bytes() if chosen.new else fetch(chosen.log, "checkpoint")).decode(), keys)
    for text in chosen.witness:
        signed_by(new, [read_key(text)], "a witness")
    if old["origin"] != new["origin"]:
        raise WrongError(f"{old['origin']} and {new['origin']} are two logs")
    first, last = sorted((old, new), key=lambda one: one["size"])
    entries = fetch_entries(chosen.log, last["size"])
    hashes = [hashlib.sha256(b"\0" + entry).digest() for entry in entries]
    for one in (first, last):
        if root(hashes[: one["size"]]) != one["root"]:
            raise WrongError(f"the entries are not those of the checkpoint over {one['size']}")
    for position, entry in enumerate(entries):
        if chosen.about and chosen.about in entry.decode():
            print(f"{position}: {entry.decode()}")
    print(f"True: the log of {last['size']} entries begins with the {first['size']} of the earlier checkpoint.")


def fetch(log, name):
    if "://" not in log:
        return Path(log, name).read_bytes()
    if not log.startswith(("https://", "http://")):
        raise WrongError("the log's address begins with https://")
    with urllib.request.urlopen(f"{log.rstrip('/')}/{name}", timeout=60) as answer:
        return answer.read()


def fetch_entries(log, size):
    """Bundles of 256 entries; the last may be cut at the checkpoint."""
    entries = []
    while len(entries) < size:
        number, width = len(entries) // 256, min(256, size - len(entries))
        parts = [f"{number % 1000:03d}"]
        while number >= 1000:
            number //= 1000
            parts.insert(0, f"x{number % 1000:03d}")
        bundle = fetch(log, "tile/entries/" + "/".join(parts) + (f".p/{width}" if width < 256 else ""))
        found = list(split_bundle(bundle))
        if len(found) != width:
            raise WrongError(f"bundle {number} holds {len(found)} entries instead of {width}")
        entries += found
    return entries


def split_bundle(bundle):
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        if len(bundle) < 2 + length:
            raise WrongError("a bundle of entries is cut short")
        yield bundle[2 : 2 + length]
        bundle = bundle[2 + length :]


def root(hashes):
    """Neighbours are hashed together, level by level; one without a neighbour goes up as it is."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    while len(hashes) > 1:
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(hashes[::2], hashes[1::2], strict=False)]
        hashes = pairs + hashes[2 * len(pairs) :]
    return hashes[0]


def read_key(text):
    name, number, coded = text.strip().split("+", 2)
    data = base64.b64decode(coded, validate=True)
    if len(data) != 33 or hashlib.sha256(name.encode() + b"\n" + data).digest()[:4].hex() != number:
        raise WrongError(f"{text} is no public key")
    return name, data[0], data[1:], bytes.fromhex(number)


def read_checkpoint(text, keys):
    signed, gap, below = text.rpartition("\n\n")
    origin, size, digest = [*signed.split("\n"), "", "", ""][:3]
    if not gap or not size.isdigit():
        raise WrongError("a file holds no checkpoint")
    read = {"origin": origin, "size": int(size), "root": base64.b64decode(digest), "signed": signed + "\n"}
    read["lines"] = [line[2:].split(" ") for line in below.split("\n") if line.startswith("\u2014 ")]
    signed_by(read, [key for key in keys if key[0] == origin], "the log")
    return read


def signed_by(read, keys, who):
    for name, kind, public, number in keys:
        for said_name, coded in read["lines"]:
            data = base64.b64decode(coded)
            signature, text = data[4:], read["signed"]
            if kind == 4:
                text = f"cosignature/v1\ntime {int.from_bytes(signature[:8], 'big')}\n{text}"
                signature = signature[8:]
            if said_name == name and data[:4] == number and holds(public, signature, text.encode()):
                return
    raise WrongError(f"{who} did not sign the checkpoint over {read['size']} entries")


def holds(public, signature, message):
    """Ed25519 (RFC 8032, 5.1.7)."""
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= ORDER:
        return False
    a, r = read_point(public), read_point(signature[:32])
    if a is None or r is None:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = times(s, read_point(BASE_Y.to_bytes(32, "little"))), plus(r, times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def read_point(data):
    """x, y, z and t = xy/z of a point on the curve; None when there is none."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def plus(one, two):
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    total = 0, 1, 1, 0
    while number:
        if number & 1:
            total = plus(total, point)
        point, number = plus(point, point), number >> 1
    return total


if __name__ == "__main__":
    sys.exit(main())
