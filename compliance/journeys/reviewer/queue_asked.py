"""What the address of a queue asks for: which lines, in which order; whatever it says that is not known is left out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from compliance.domain.collation import collation_key
from compliance.domain.search import fold
from compliance.journeys.forms import whole_number
from compliance.journeys.reviewer.queue_items import Item
from questionnaires import current

LONGEST = 100
SOON = 5
"""Working days."""
PLACES = ("mine", "free", "waiting", "others")
WHATS = ("assessment", "change", "spot_check")
DUES = ("late", "soon", "later")
MARKS = ("high", "renewal", "first", "reopened")
SORTS = ("", "age", "risk", "points", "name")
LAST = 10**6


@dataclass(frozen=True)
class Asked:
    """Each field is a part of the address; empty is everything."""

    q: str = ""
    show: str = ""
    what: str = ""
    due: str = ""
    level: str = ""
    kind: str = ""
    mark: str = ""
    sort: str = ""
    page: int = 1

    def address(self, **changed: object) -> str:
        """The query of a neighbouring page, without empty parts; its first page unless told."""
        parts = {one.name: getattr(self, one.name) for one in fields(self)} | {"page": 1} | changed
        kept = {name: value for name, value in parts.items() if value not in {"", 1}}
        return "?" + urlencode(kept)

    @cached_property
    def _wanted(self) -> str:
        return fold(self.q)

    @property
    def sifted(self) -> bool:
        """Whether it leaves lines out, tabs aside."""
        return any((self.q, self.what, self.due, self.level, self.kind, self.mark))

    def takes(self, item: Item) -> bool:
        """Whether the line is asked for, whatever its place."""
        wanted = self._wanted
        return (
            (not wanted or wanted in fold(item.name_km) or wanted in fold(item.name_latin))
            and self.what in {"", item.what}
            and (not self.due or _due(item) == self.due)
            and self.level in {"", item.level or "none"}
            and (not self.kind or self.kind in item.kinds)
            and (not self.mark or _marked(item, self.mark))
        )


def read_address(args: MultiDict[str, str]) -> Asked:
    """Nothing in it can be wrong, only unknown."""
    code = current()
    text = "".join(mark for mark in args.get("q", "")[:LONGEST] if mark.isprintable() or mark == "\u200b")
    known: Mapping[str, Iterable[str]] = {
        "show": PLACES,
        "what": WHATS,
        "due": DUES,
        "level": [*(level.id for level in code.levels), "none"],
        "kind": [kind.id for kind in code.kinds],
        "mark": MARKS,
        "sort": SORTS,
    }
    chosen = {name: value for name, values in known.items() if (value := args.get(name, "")) in set(values)}
    return Asked(q=text.strip(), page=min(whole_number(args.get("page")) or 1, LAST), **chosen)


def _due(item: Item) -> str:
    if item.days is None or item.held:
        return "later"
    return "late" if item.days < 0 else "soon" if item.days <= SOON else "later"


def _marked(item: Item, mark: str) -> bool:
    return {
        "high": item.high,
        "renewal": item.renews is True,
        "first": item.renews is False,
        "reopened": item.reopened,
    }[mark]


def in_order(items: Iterable[Item], sort: str, lang: str) -> list[Item]:
    """Sorted as the address says; lines that are equal in it keep the nearest deadline first."""
    by_due = sorted(items, key=_nearest)
    keys: Mapping[str, Callable[[Item], object]] = {
        "age": lambda item: item.came,
        "risk": lambda item: -item.risk,
        "points": lambda item: -(item.points if item.points is not None else -1),
        "name": lambda item: collation_key(item.name_km if lang == "km" else item.name_latin, lang),
    }
    return sorted(by_due, key=keys[sort]) if sort else by_due  # type: ignore[arg-type]


def _nearest(item: Item) -> tuple[bool, int, object, str, int]:
    return item.days is None, item.days or 0, item.came, item.what, item.id
