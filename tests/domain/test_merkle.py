"""Trees over a list: roots as RFC 6962 gives them, proofs that hold for what is there and for nothing else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.merkle import (
    EMPTY,
    WIDTH,
    climb,
    consistency,
    inclusion,
    leaf_hash,
    node_hash,
    read_tile_path,
    root,
    tile,
    tile_path,
)

# The leaves and roots that implementations of RFC 6962 are tried with.
ENTRIES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(str(n).encode()) for n in range(size)]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_that_everybody_computes(size: int) -> None:
    assert root([leaf_hash(entry) for entry in ENTRIES[:size]]).hex() == ROOTS[size - 1]
    assert hashlib.sha256(b"").digest() == EMPTY == root([])


def reached(leaf: bytes, position: int, size: int, proof: list[bytes]) -> bytes:
    """The root that a proof of inclusion leads to."""
    steps = climb(leaf, position, size, proof)
    return steps[-1].made if steps else leaf


def both_roots(earlier: int, size: int, old: bytes, proof: list[bytes]) -> tuple[bytes, bytes] | None:
    """The two roots that a proof of consistency leads to, by the iterative way of RFC 9162."""
    path = [old, *proof] if earlier & (earlier - 1) == 0 else list(proof)
    at, last = earlier - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    one = two = path[0]
    for step in path[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            one, two = node_hash(step, one), node_hash(step, two)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            two = node_hash(two, step)
        at, last = at >> 1, last >> 1
    return (one, two) if last == 0 else None


@given(st.integers(1, 400), st.data())
def test_an_entry_is_tied_to_the_root_and_to_no_other_place(size: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, size - 1))
    all_of_it = leaves(size)
    proof = inclusion(all_of_it, position)
    assert reached(all_of_it[position], position, size, proof) == root(all_of_it)
    elsewhere = data.draw(st.integers(0, size - 1))
    if elsewhere != position:
        assert reached(all_of_it[elsewhere], position, size, proof) != root(all_of_it)
    assert reached(leaf_hash(b"another"), position, size, proof) != root(all_of_it)
    with pytest.raises(IndexError):
        climb(all_of_it[position], position, size, [*proof, EMPTY])
    if proof:
        with pytest.raises(IndexError):
            climb(all_of_it[position], position, size, proof[:-1])


@given(st.integers(2, 400), st.data())
def test_a_longer_log_continues_a_shorter_one_and_no_rewritten_one(size: int, data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, size - 1))
    now, before = leaves(size), leaves(earlier)
    assert both_roots(earlier, size, root(before), consistency(now, earlier)) == (root(before), root(now))
    forged = list(now)
    forged[data.draw(st.integers(0, earlier - 1))] = leaf_hash(b"rewritten")
    found = both_roots(earlier, size, root(before), consistency(forged, earlier))
    assert found is None or found != (root(before), root(forged))


@given(st.integers(1, 1400))
def test_tiles_alone_give_every_root(size: int) -> None:
    now = leaves(size)
    full, rest = divmod(size, WIDTH)
    below = b"".join(tile(now, 0, n) for n in range(full)) + (tile(now, 0, full, rest) if rest else b"")
    assert [below[at : at + 32] for at in range(0, len(below), 32)] == now
    if full:
        above = tile(now, 1, 0, full)
        assert [above[at : at + 32] for at in range(0, len(above), 32)] == [
            root(now[n * WIDTH : (n + 1) * WIDTH]) for n in range(full)
        ]
    with pytest.raises(IndexError):
        tile(now, 0, full, rest + 1)


@given(st.integers(0, 10**10), st.integers(1, 256))
def test_addresses_of_tiles_are_read_as_they_are_written(number: int, width: int) -> None:
    assert read_tile_path(tile_path(number, width)) == (number, width)


def test_an_address_is_written_in_threes() -> None:
    assert (tile_path(1234067), tile_path(5, 12), tile_path(999)) == ("x001/x234/067", "005.p/12", "999")


@pytest.mark.parametrize(
    "path", ["", "5", "0005", "x001", "001/067", "x001/67", "005.p/0", "005.p/256", "005.p/", "-01", "0٠5", "005.p/1/2"]
)
def test_other_addresses_are_no_tiles(path: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (int() and the check of the whole both raise it)
        read_tile_path(path)
