"""Heads of past months in one file a month, a line each: none is thinned away, and a year is a dozen files.

A head has about 400 bytes and 25 more for each award that was revoked; there is at most one a minute in which
something was recorded. A busy year of 100 a day is 15 MB.
"""

import os
import re
from collections import defaultdict
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from compliance.store.audit_heads import HeadError, parse, published

_MONTH = re.compile(r"\d{4}-\d{2}")


def bundle(directory: Path, now: datetime) -> int:
    """Moves heads of the months before this one into their bundles; returns how many.

    What cannot be read or has another name than it should stays where it is, for whoever verifies. A stop in between
    leaves heads in both places, which is harmless.
    """
    months: dict[str, list[tuple[Path, bytes]]] = defaultdict(list)
    for path in published(directory):
        text = path.read_bytes()
        with suppress(HeadError):
            head = parse(path.name, text, None)
            month = head.at[:7]
            if head.name == path.name and text.find(b"\n") == len(text) - 1 and _MONTH.fullmatch(month):
                months[month].append((path, text))
    past = {month: heads for month, heads in months.items() if month < f"{now:%Y-%m}"}
    for month, heads in past.items():
        _append(directory / f"{month}.jsonl", [text for _path, text in heads])
        for path, _text in heads:
            path.unlink()
    return sum(map(len, past.values()))


def bundled(directory: Path) -> list[tuple[str, bytes]]:
    """Every line of every bundle with where it stands, the oldest first."""
    return [
        (f"{path.name} line {number}", line)
        for path in sorted(directory.glob("*.jsonl"))
        for number, line in enumerate(path.read_bytes().splitlines(), 1)
    ]


def _append(path: Path, lines: list[bytes]) -> None:
    there = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as stream:
        stream.writelines(dict.fromkeys([*there, *lines]))
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
