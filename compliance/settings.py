"""Settings: frozen, read from the environment once, refused at start when unsafe."""

import importlib.util
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from certificates import Signatory, Words
from certificates.facts import LONGEST
from compliance.kept_secret import kept_secret


class Mode(StrEnum):
    """Production is the default: a portal that was told nothing must be the careful one."""

    PRODUCTION = "production"
    DEMONSTRATION = "demonstration"
    TEST = "test"


class SettingsError(Exception):
    """The environment does not describe a portal that may start; the text names the variable and the mend."""


@dataclass(frozen=True)
class Hotline:
    """Where to report harm and get help; shown on every page (the portal itself takes no reports)."""

    name_km: str
    name_en: str
    text_km: str
    text_en: str
    tel: str = ""
    url: str = ""


# To be confirmed by the ministry before launch: docs/khmer-review.md lists the names, docs/running.md the settings.
HOTLINES = (
    Hotline("ខ្សែទូរសព្ទជំនួយកុមារកម្ពុជា", "Child Helpline Cambodia", "ឥតគិតថ្លៃ ២៤ ម៉ោង", "Free, day and night", tel="1280"),
    Hotline(
        "បណ្តាញទាន់ហេតុការណ៍អ៊ីនធឺណិត",
        "Internet hotline",
        "រាយការណ៍រូបភាព ឬតំណភ្ជាប់",
        "Report a picture or a link",
        url="https://internethotlinecambodia.org/",
    ),
    Hotline("នគរបាល", "Police", "ករណីបន្ទាន់", "In an emergency", tel="117"),
)


@dataclass(frozen=True)
class IdentityProvider:
    """Where people may sign in besides: an OpenID Connect provider, and as whom the portal is known there.

    `second_factors` are claims, as `amr=mfa` or `acr=…`, of a sign-in there that passed two factors.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name_km: str
    name_en: str
    second_factors: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Bucket:
    """Where files lie when they are not on this machine: `s3://bucket/prefix` at an S3-compatible endpoint."""

    url: str
    endpoint: str = ""
    region: str = ""
    key: str = ""
    secret: str = field(default="", repr=False)

    @property
    def path(self) -> str:
        """Bucket and prefix."""
        return self.url.removeprefix("s3://").strip("/")


LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SCANNER = re.compile(r"unix:/.+|[^\s:]+:[0-9]{1,5}")
NAMED_OFFICER = "named-officer@demonstration.example"
MINISTRY_DOMAINS = ("mptc.gov.kh",)
INVENTED_DOMAINS = ("demonstration.example",)
UNNAMED = Signatory(Words("រដ្ឋមន្ត្រី", "Minister"), Words("ឈ្មោះអ្នកចុះហត្ថលេខា", "Name of signatory"))


@dataclass(frozen=True)
class Settings:
    """Everything the application is told from outside. `data_dir` holds the embedded store, files and keys."""

    mode: Mode
    secret_key: str
    data_dir: Path
    public_url: str
    database_url: str
    smtp_url: str
    mail_from: str
    law_enforcement_alert: str = ""
    keys_passphrase: str = ""
    old_secret_keys: tuple[str, ...] = ()
    trusted_proxies: int = 0
    show_mailbox: bool = False
    signatory: Signatory = UNNAMED
    ministry_domains: tuple[str, ...] = MINISTRY_DOMAINS
    sister_domains: tuple[tuple[str, ...], ...] = ()
    identity_provider: IdentityProvider | None = None
    bucket: Bucket | None = None
    scanner: str = ""
    contact_key_file: Path | None = None
    former_addresses: tuple[str, ...] = ()
    security_contact: str = ""
    """Where faults of the portal itself are reported: `mailto:` or `https:`."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the portal is, then where it was: what it issued there is still its own."""
        return (self.public_url, *self.former_addresses)

    @property
    def contact_keys(self) -> Path:
        """What opens the sealed contacts of companies; never in the database, nor in a backup of it."""
        return self.contact_key_file or self.data_dir / "contact-keys"

    @property
    def demonstration(self) -> bool:
        return self.mode is Mode.DEMONSTRATION

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def keys_dir(self) -> Path:
        return self.data_dir / "keys"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Raises SettingsError naming every variable that is missing or unsafe."""
        try:
            mode = Mode(env.get("PORTAL_MODE", Mode.PRODUCTION))
        except ValueError as error:
            raise SettingsError(f"PORTAL_MODE must be one of {', '.join(Mode)}") from error
        data_dir = Path(env.get("PORTAL_DATA", "var")).resolve()
        safe = mode is not Mode.PRODUCTION
        secret_key = env.get("SECRET_KEY") or (kept_secret(data_dir) if safe else "")
        settings = cls(
            mode=mode,
            secret_key=secret_key,
            data_dir=data_dir,
            public_url=env.get("PUBLIC_URL", "http://127.0.0.1:8000" if safe else "").rstrip("/"),
            database_url=env.get("DATABASE_URL", f"sqlite:///{data_dir / 'portal.sqlite'}"),
            smtp_url=env.get("SMTP_URL", "smtp://127.0.0.1:8025" if safe else ""),
            mail_from=env.get("MAIL_FROM", "Champion Companies <no-reply@champion.example>" if safe else ""),
            law_enforcement_alert=env.get("QUARANTINE_ALERT", NAMED_OFFICER if safe else ""),
            keys_passphrase=env.get("KEYS_PASSPHRASE", ""),
            old_secret_keys=tuple(key for key in env.get("OLD_SECRET_KEYS", "").split() if key),
            trusted_proxies=int(env.get("TRUSTED_PROXIES", "0")),
            show_mailbox=mode is Mode.DEMONSTRATION,
            signatory=signatory_from(env),
            ministry_domains=(
                *(_words(env.get("MINISTRY_DOMAINS", "")) or MINISTRY_DOMAINS),
                *(INVENTED_DOMAINS if safe else ()),
            ),
            sister_domains=sisters(env.get("SISTER_DOMAINS", "")),
            identity_provider=identity_provider_from(env),
            bucket=bucket_from(env),
            scanner=env.get("CLAMD", "").strip(),
            security_contact=env.get("SECURITY_CONTACT", "").strip(),
            former_addresses=tuple(each.rstrip("/") for each in _words(env.get("FORMER_ADDRESSES", ""))),
            contact_key_file=Path(kept).resolve() if (kept := env.get("CONTACT_KEYS", "").strip()) else None,
        )
        if problems := settings.problems():
            raise SettingsError("The portal cannot start:\n  " + "\n  ".join(problems))
        return settings

    def problems(self) -> list[str]:
        """What makes these settings unfit for their mode, in words an engineer can act on."""
        problems = []
        if len(self.secret_key) < 32:
            problems.append("SECRET_KEY: at least 32 characters; make one with: openssl rand -hex 32")
        problems += unprintable(self.signatory)
        problems += unusable(self.identity_provider, production=self.mode is Mode.PRODUCTION)
        problems += unreachable(self.bucket, production=self.mode is Mode.PRODUCTION)
        problems += [
            f"FORMER_ADDRESSES: {each[:80]!r} is no address; write each as PUBLIC_URL was, with https://"
            for each in self.former_addresses
            if urlsplit(each).scheme not in {"http", "https"} or not urlsplit(each).hostname
        ]
        if self.scanner and not SCANNER.fullmatch(self.scanner):
            problems.append("CLAMD: unix:/run/clamav/clamd.ctl, or host:port")
        if self.mode is Mode.PRODUCTION:
            if urlsplit(self.public_url).scheme != "https":
                problems.append("PUBLIC_URL: the portal's https:// address; links in mails and certificates carry it")
            if not self.smtp_url:
                problems.append("SMTP_URL: where mail goes, for example smtp://user:password@mail.example:587")
            if not self.mail_from:
                problems.append("MAIL_FROM: the sender of mails, for example Champion Companies <no-reply@…>")
        return problems


def sisters(text: str) -> tuple[tuple[str, ...], ...]:
    """Groups of domains that are one organisation's, parted by semicolons."""
    return tuple(group for group in map(_words, text.split(";")) if group)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def bucket_from(env: Mapping[str, str]) -> Bucket | None:
    """None when files stay on this machine."""
    names = ("S3_ENDPOINT", "S3_REGION", "S3_ACCESS_KEY", "S3_SECRET_KEY")
    url, *more = (env.get(name, "").strip() for name in ("STORAGE_URL", *names))
    return Bucket(url, *more) if url or any(more) else None


def unreachable(bucket: Bucket | None, *, production: bool) -> list[str]:
    """Why no file could be kept in this bucket, or not safely; never tells the secret."""
    if bucket is None:
        return []
    problems = []
    if not bucket.url.startswith("s3://") or not bucket.path:
        problems.append("STORAGE_URL: s3://bucket or s3://bucket/prefix; without it files stay in PORTAL_DATA")
    if endpoint := urlsplit(bucket.endpoint):
        safe = endpoint.scheme == "https" or (not production and endpoint.hostname in LOOPBACK)
        if bucket.endpoint and not (safe and endpoint.hostname):
            problems.append("S3_ENDPOINT: the store's https:// address; leave it out for Amazon's own")
    if bool(bucket.key) != bool(bucket.secret):
        problems.append("S3_ACCESS_KEY, S3_SECRET_KEY: both, or neither where the machine itself has the right")
    if importlib.util.find_spec("s3fs") is None:
        problems.append("STORAGE_URL: needs one more library; install requirements/s3.lock")
    return problems


def identity_provider_from(env: Mapping[str, str]) -> IdentityProvider | None:
    """None when nothing of it is set; what is set half is for `unusable` to name."""
    names = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME_KM", "NAME_EN", "SECOND_FACTOR")
    issuer, client_id, secret, name_km, name_en, factors = (env.get(f"OIDC_{name}", "").strip() for name in names)
    if not any((issuer, client_id, secret, name_km, name_en, factors)):
        return None
    return IdentityProvider(issuer, client_id, secret, name_km, name_en, frozenset(_words(factors)))


def unusable(provider: IdentityProvider | None, *, production: bool) -> list[str]:
    """Why nobody could sign in with this provider, or not safely; never tells the secret."""
    if provider is None:
        return []
    problems = []
    address = urlsplit(provider.issuer)
    safe = address.scheme == "https" or (not production and address.hostname in LOOPBACK)
    if not (safe and address.hostname) or address.query or address.fragment or len(provider.issuer) > 255:
        problems.append("OIDC_ISSUER: the provider's https:// address, to the letter as its discovery document says it")
    for name, value in (("CLIENT_ID", provider.client_id), ("CLIENT_SECRET", provider.client_secret)):
        if not value:
            problems.append(f"OIDC_{name}: as the provider gave it when the portal was registered there")
    if not all(0 < len(name) <= 60 for name in (provider.name_km, provider.name_en)):
        problems.append("OIDC_NAME_KM, OIDC_NAME_EN: what people call the provider, 1 to 60 characters each")
    if not all(claim.startswith(("amr=", "acr=")) and claim[4:] for claim in provider.second_factors):
        problems.append("OIDC_SECOND_FACTOR: claims of two factors, such as amr=mfa or acr=…, parted by spaces")
    return problems


def signatory_from(env: Mapping[str, str]) -> Signatory:
    """Who signs certificates: office and name, each in both languages; what is not set keeps its placeholder."""

    def words(what: str, otherwise: Words) -> Words:
        given = [env.get(f"SIGNATORY_{what}_{lang}", "") for lang in ("KM", "EN")]
        return Words(*given) if any(given) else otherwise

    return Signatory(words("OFFICE", UNNAMED.office), words("NAME", UNNAMED.name))


def unprintable(signatory: Signatory) -> list[str]:
    """Why a certificate could not name this signatory."""
    problems = []
    for what, words in (("OFFICE", signatory.office), ("NAME", signatory.name)):
        longest = LONGEST[f"signatory.{what.lower()}"]
        for lang, text in (("KM", words.km), ("EN", words.en)):
            if not 0 < len(text) <= longest:
                problems.append(f"SIGNATORY_{what}_{lang}: 1 to {longest} characters; set it in Khmer and in English")
    return problems
