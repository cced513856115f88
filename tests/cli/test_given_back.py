"""What a restore takes from published heads about awards that an appeal gave back."""

from compliance.cli.aftermath import gather
from compliance.domain.standing import AwardAct
from compliance.store.audit_heads import Head

MADE = "2026-11-20T00:00:00+00:00"


class Published:
    """A head as it was found somewhere."""

    def __init__(self, seq: int, *revoked: str) -> None:
        self.head = Head(seq=seq, hash="0" * 64, at=f"2026-11-2{seq}T00:00:00+00:00", revoked=revoked, suspended=())


def test_a_revocation_holds_until_a_newer_head_names_it_no_more() -> None:
    heads = [Published(1, "A", "B"), Published(2, "A", "B"), Published(3, "B")]
    ended = gather(None, heads, after=0, made_at=MADE).ended  # type: ignore[arg-type]
    assert {number: act for number, (act, _at) in ended.items()} == {"B": AwardAct.REVOKED}
    ended = gather(None, heads[:2], after=0, made_at=MADE).ended  # type: ignore[arg-type]
    assert ended.keys() == {"A", "B"}
