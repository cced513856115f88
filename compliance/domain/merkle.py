"""Merkle trees over a growing list, as RFC 6962 and C2SP tlog-tiles hash them: roots, proofs, tiles."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 256
"""Hashes of a full tile."""
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Of one entry; entries and nodes begin differently, so that neither can pass for the other."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Of all leaf hashes in their order."""
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        paired = [node_hash(*level[at : at + 2]) for at in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def inclusion(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The neighbours that tie one leaf to the root, the nearest first. Raises IndexError beyond the list."""
    if not 0 <= position < len(leaves):
        raise IndexError(position)
    if len(leaves) == 1:
        return []
    half = _split(len(leaves))
    if position < half:
        return [*inclusion(leaves[:half], position), root(leaves[half:])]
    return [*inclusion(leaves[half:], position - half), root(leaves[:half])]


@dataclass(frozen=True)
class Step:
    """One step from a leaf towards the root: the neighbour, on which side it stands, what both make together."""

    neighbour: bytes
    left: bool
    made: bytes


def climb(leaf: bytes, position: int, size: int, proof: Sequence[bytes]) -> list[Step]:
    """The way that a proof of inclusion goes; it ends at the root. Raises IndexError for a proof of another length."""
    at, last, made, steps = position, size - 1, leaf, []
    for neighbour in proof:
        if not last:
            raise IndexError(position)
        left = bool(at & 1) or at == last
        made = node_hash(neighbour, made) if left else node_hash(made, neighbour)
        steps.append(Step(neighbour, left, made))
        while left and not at & 1 and at:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    if last:
        raise IndexError(position)
    return steps


def consistency(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """What shows that the first `earlier` leaves are the beginning of all. Raises IndexError when there are fewer."""
    if not 0 <= earlier <= len(leaves):
        raise IndexError(earlier)
    return [] if earlier in {0, len(leaves)} else _continued(leaves, earlier, whole=True)


def _continued(leaves: Sequence[bytes], earlier: int, *, whole: bool) -> list[bytes]:
    if earlier == len(leaves):
        return [] if whole else [root(leaves)]
    half = _split(len(leaves))
    if earlier <= half:
        return [*_continued(leaves[:half], earlier, whole=whole), root(leaves[half:])]
    return [*_continued(leaves[half:], earlier - half, whole=False), root(leaves[:half])]


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


def tile(leaves: Sequence[bytes], level: int, number: int, width: int = WIDTH) -> bytes:
    """`width` hashes of a level, each the root of 256 of the level below. Raises IndexError beyond the tree."""
    span = WIDTH**level
    first, last = number * WIDTH * span, (number * WIDTH + width) * span
    if not 0 < width <= WIDTH or last > len(leaves):
        raise IndexError(number)
    return b"".join(root(leaves[at : at + span]) for at in range(first, last, span))


def tile_path(number: int, width: int = WIDTH) -> str:
    """The address of a tile within its level: three digits a part, all parts but the last marked."""
    parts = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        parts.insert(0, f"x{number % 1000:03d}")
    return "/".join(parts) + (f".p/{width}" if width < WIDTH else "")


def read_tile_path(path: str) -> tuple[int, int]:
    """The number and width of a tile. Raises ValueError for what `tile_path` does not write."""
    named, _mark, partial = path.partition(".p/")
    number = int("".join(part.removeprefix("x") for part in named.split("/")))
    width = int(partial) if partial else WIDTH
    if tile_path(number, width) != path or width < 1:
        raise ValueError(path)
    return number, width
