"""The facts of one certificate: all that is printed on it, frozen, to and from JSON."""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from certificates.errors import FactsError, NumberError
from certificates.number import parse, parse_code

FORMAT = 1
LEVELS = ("committed", "bronze", "silver", "gold")

# What one page can hold, in characters: forms that take these texts should take no more.
LONGEST = {
    "company": 200,
    "kinds": 260,
    "level.name": 60,
    "level.meaning": 220,
    "scope": 300,
    "not_covered": 300,
    "signatory.office": 80,
    "signatory.name": 80,
    "marker": 200,
    "lunar": 120,
}

MARKS = ("logo", "seal")
"""The ministry's own pictures, by the name of the fact that holds their digest."""

# Invisible marks and direction overrides print nothing, but can hide or reorder what is printed.
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _clean(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise FactsError("text", "holds half of a character")
    return " ".join(_CONTROL.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFC", text))).split())


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Khmer and English, cleaned of what cannot be seen."""

    km: str
    en: str

    def __post_init__(self) -> None:
        for lang in ("km", "en"):
            text = getattr(self, lang)
            if not isinstance(text, str):
                raise FactsError(lang, "must be text")
            object.__setattr__(self, lang, _clean(text))

    def __getitem__(self, lang: str) -> str:
        return {"km": self.km, "en": self.en}[lang]


@dataclass(frozen=True, slots=True)
class Level:
    """The level reached: its id chooses emblem and colours, its words are the edition's."""

    id: str
    name: Words
    meaning: Words

    @property
    def rank(self) -> int:
        return LEVELS.index(self.id) + 1


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs for the ministry."""

    office: Words
    name: Words


NOT_COVERED = Words(km="មិនគ្របដណ្តប់៖", en="Not covered:")
"""What stands before the words on what an award does not cover."""

SAMPLE_MARKER = Words(
    km="គំរូ។ ជាគំរូសម្រាប់បង្ហាញ រហូតដល់ក្រសួងប្រៃសណីយ៍និងទូរគមនាគមន៍អនុម័តអត្ថបទផ្លូវការរបស់ខ្លួន។",
    en="Sample. Illustrative until MPTC adopts its own text.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """Everything one certificate says. The same facts always give the same bytes.

    `verify_url` is what the QR code holds and the printed address leads to. `sample` prints `marker`.
    `lunar` is the Khmer lunar date line above the signature; empty prints none. `issued` is the day it was granted;
    `starts` the first day it is valid, None for the day of issue (a renewal starts when the award before it has ended).
    `counts_until` is the last day of grace after `expires`, when there is one: until then the credential holds.
    `brands` are the names of services that the award covers, `not_covered` is what it does not cover, in words; both
    share the room of the scope.
    `replaces` is the number of the certificate that this one takes the place of, `issued` then the day on which it did.
    `logo` and `seal` are the SHA-256 of the ministry's pictures (PNG) that stand on it; empty prints none.
    """

    number: str
    code: str
    company: Words
    kinds: tuple[Words, ...] = ()
    level: Level
    scope: Words
    edition: str
    issued: dt.date
    expires: dt.date
    verify_url: str
    signatory: Signatory
    sample: bool = True
    marker: Words = field(default=SAMPLE_MARKER)
    lunar: str = ""
    starts: dt.date | None = None
    counts_until: dt.date | None = None
    brands: tuple[str, ...] = ()
    not_covered: Words | None = None
    replaces: str = ""
    logo: str = ""
    seal: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", tuple(self.kinds))
        object.__setattr__(self, "brands", tuple(_clean(brand) for brand in self.brands))
        object.__setattr__(self, "lunar", _clean(self.lunar))
        object.__setattr__(self, "edition", _clean(self.edition))
        if self.starts == self.issued:
            object.__setattr__(self, "starts", None)
        _check_identity(self)
        _check_words(self)
        _check_dates(self)

    @property
    def valid_from(self) -> dt.date:
        """The first day of the award."""
        return self.starts or self.issued

    def to_json(self) -> bytes:
        """Canonical JSON: the same facts give the same bytes."""
        tree = {"format": FORMAT} | asdict(self)
        for name in ("starts", "counts_until", "brands", "not_covered", "replaces", *MARKS):
            if not tree[name]:
                del tree[name]
        return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode()

    @classmethod
    def from_json(cls, data: bytes | str) -> "CertificateFacts":
        """Facts stored earlier. Raises FactsError for anything `to_json` did not write."""
        try:
            tree = json.loads(data)
            if tree.pop("format") != FORMAT:
                raise FactsError("format", f"only format {FORMAT} is known")
            return cls(**_revive(tree))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise FactsError("facts", f"not a certificate's facts ({error})") from error


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place among facts")


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text is not None else None


def _revive(tree: dict[str, Any]) -> dict[str, Any]:
    level, signatory = tree["level"], tree["signatory"]
    return tree | {
        "company": Words(**tree["company"]),
        "kinds": tuple(Words(**kind) for kind in tree["kinds"]),
        "level": Level(level["id"], Words(**level["name"]), Words(**level["meaning"])),
        "scope": Words(**tree["scope"]),
        "brands": tuple(tree.get("brands", ())),
        "not_covered": Words(**tree["not_covered"]) if "not_covered" in tree else None,
        "issued": dt.date.fromisoformat(tree["issued"]),
        "expires": dt.date.fromisoformat(tree["expires"]),
        "starts": _day(tree.get("starts")),
        "counts_until": _day(tree.get("counts_until")),
        "signatory": Signatory(Words(**signatory["office"]), Words(**signatory["name"])),
        "marker": Words(**tree["marker"]),
    }


def _check_identity(facts: CertificateFacts) -> None:
    try:
        if parse(facts.number) != facts.number:
            raise FactsError("number", "is not written as minted")
        if parse_code(facts.code) != facts.code:
            raise FactsError("code", "is not written as minted")
        if facts.replaces and (parse(facts.replaces) != facts.replaces or facts.replaces == facts.number):
            raise FactsError("replaces", "must be the number of another certificate, as minted")
    except NumberError as error:
        raise FactsError("number or code", str(error)) from error
    for name in MARKS:
        if not re.fullmatch(r"([0-9a-f]{64})?", getattr(facts, name)):
            raise FactsError(name, "must be a SHA-256 in small hexadecimal digits, or empty")
    if facts.level.id not in LEVELS:
        raise FactsError("level.id", f"must be one of {', '.join(LEVELS)}")
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]{0,39}", facts.edition, re.ASCII):
        raise FactsError("edition", "must be a plain id of at most 40 letters, digits, dots and dashes")
    address = urlsplit(facts.verify_url)
    plain = facts.verify_url.isascii() and facts.verify_url.isprintable() and " " not in facts.verify_url
    if address.scheme not in ("http", "https") or not address.netloc or not plain or len(facts.verify_url) > 200:
        raise FactsError("verify_url", "must be a web address of at most 200 plain characters")


def _check_words(facts: CertificateFacts) -> None:
    said = {
        "company": [facts.company],
        "kinds": list(facts.kinds),
        "level.name": [facts.level.name],
        "level.meaning": [facts.level.meaning],
        "scope": [facts.scope],
        "not_covered": [facts.not_covered] if facts.not_covered else [],
        "signatory.office": [facts.signatory.office],
        "signatory.name": [facts.signatory.name],
        "marker": [facts.marker],
    }
    for place, texts in said.items():
        for lang in ("km", "en"):
            if not all(words[lang] for words in texts):
                raise FactsError(f"{place}.{lang}", "is empty")
            _check_length(place, lang, sum(len(words[lang]) for words in texts))
    if not all(facts.brands):
        raise FactsError("brands", "is empty")
    for lang in ("km", "en"):
        beside = facts.not_covered[lang] if facts.not_covered else ""
        _check_length("scope", lang, scope_length(facts.scope[lang], facts.brands, beside))
    _check_length("lunar", "km", len(facts.lunar))


def scope_length(scope: str, brands: Iterable[str], not_covered: str = "") -> int:
    """How much of the scope's room a scope, the brands under it and what is not covered take, in characters."""
    beside = len(f" {NOT_COVERED.km} {not_covered}") if not_covered else 0
    return len(scope) + sum(len(brand) + len(" · ") for brand in brands) + beside


def _check_length(place: str, lang: str, length: int) -> None:
    if length > LONGEST[place]:
        raise FactsError(f"{place}.{lang}", f"has {length} characters; at most {LONGEST[place]} can be printed")


def _check_dates(facts: CertificateFacts) -> None:
    if not facts.replaces and not facts.issued <= facts.valid_from:
        raise FactsError("starts", "must not be before the day of issue")
    if not facts.valid_from < facts.expires:
        raise FactsError("expires", "must be after the first day")
    if facts.counts_until is not None and facts.counts_until < facts.expires:
        raise FactsError("counts_until", "must not be before the last day")
