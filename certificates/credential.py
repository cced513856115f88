"""The award as a machine-readable credential: Open Badges 3.0 on W3C VC 2.0, signed eddsa-rdfc-2022.

The signature covers what the JSON means, not how it is spelled; so a credential of ours has exactly one
spelling, and reading one back means: rebuild it from its own claims and compare. Contexts come with the
library; nothing is ever fetched.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import add_data_integrity_proof, status_entry, verify_data_integrity_proof
from openbadgeslib.ob3.did import did_web_from_url, multikey_from_pem

from certificates.errors import CredentialError, KeyringError, StrangeAddressError
from certificates.facts import NOT_COVERED, CertificateFacts, Words
from certificates.keyring import Keyring, SigningKey

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
LARGEST = 64 * 1024
AWARD = Words(
    km="ពានរង្វាន់ក្រុមហ៊ុនគំរូក្នុងកិច្ចការពារកុមារលើប្រព័ន្ធអនឡាញ",
    en="Champion Companies Award for Protecting Children Online",
)
_PHNOM_PENH = "+07:00"
BRAND = "ext:brand"
"""An identity of our own beside the company's names: a brand that the award covers."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: the portal's public address and the ministry's name. The address is also its did:web."""

    address: str
    name: str = "Ministry of Post and Telecommunications, Cambodia"

    @property
    def did(self) -> str:
        return str(did_web_from_url(urlsplit(self.address)._replace(scheme="https").geturl()))

    def status_address(self, purpose: str) -> str:
        """Where the status list of a purpose (revocation, suspension) is published."""
        return f"{self.address.rstrip('/')}/credentials/status/{purpose}.json"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a credential says. `expires` is its last day, grace included; `index` is its place in both status lists;
    `brands` are the names of services that the award covers."""

    number: str
    level: str
    level_name: str
    meaning: str
    edition: str
    scope: str
    company_km: str
    company_en: str
    kinds: tuple[str, ...]
    starts: dt.date
    expires: dt.date
    verify_url: str
    index: int
    sample: str
    brands: tuple[str, ...] = ()


def issue(facts: CertificateFacts, keyring: Keyring, issuer: Issuer, index: int) -> bytes:
    """The signed credential for a certificate, as JSON. The same facts, key and index give the same bytes."""
    claims = Claims(
        number=facts.number,
        level=facts.level.id,
        level_name=_both(facts.level.name),
        meaning=_both(facts.level.meaning),
        edition=facts.edition,
        scope=_narrative(facts),
        company_km=facts.company.km,
        company_en=facts.company.en,
        kinds=tuple(_both(kind) for kind in facts.kinds),
        starts=facts.valid_from,
        expires=facts.counts_until or facts.expires,
        verify_url=facts.verify_url,
        index=index,
        sample=_both(facts.marker) if facts.sample else "",
        brands=facts.brands,
    )
    created = dt.datetime.fromisoformat(f"{facts.issued}T09:00:00{_PHNOM_PENH}").astimezone(dt.UTC)
    return secured(_document(claims, issuer), keyring, issuer, created)


def _narrative(facts: CertificateFacts) -> str:
    """What the award covers, and in a paragraph of its own what it does not."""
    if facts.not_covered is None:
        return _both(facts.scope)
    beside = Words(*(f"{NOT_COVERED[lang]} {facts.not_covered[lang]}" for lang in ("km", "en")))
    return f"{_both(facts.scope)}\n\n{_both(beside)}"


def read(data: bytes | str, keyring: Keyring, *issuers: Issuer) -> Claims:
    """The claims of a credential we issued, as any of these issuers: the portal at its address and at former ones.

    Raises StrangeAddressError for one that our key signed for another address, CredentialError for any other, and for
    one changed in any way. Whether the award still stands is not in here: look it up, or ask the status lists.
    """
    document = unsecured(data, keyring, *issuers)
    try:
        claims = _claims(document)
        exact = [_document(claims, issuer) for issuer in issuers]
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise CredentialError(f"not a credential of this award ({error})") from error
    if document not in exact:
        raise CredentialError("the credential says things ours never say")
    return claims


def secured(document: dict[str, Any], keyring: Keyring, issuer: Issuer, created: dt.datetime) -> bytes:
    """A document with our proof, as JSON."""
    key = keyring.key
    if key.private is None:
        raise KeyringError(f"key {key.id} can no longer sign")
    pem = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        signed = add_data_integrity_proof(document, pem, _method(issuer, key), created=created)
    except LibOpenBadgesException as error:
        raise CredentialError(str(error)) from error
    return json.dumps(signed, ensure_ascii=False, indent=1).encode()


def unsecured(data: bytes | str, keyring: Keyring, *issuers: Issuer) -> dict[str, Any]:
    """The document without its proof, once the proof has been checked against the key it names."""
    if len(data) > LARGEST:
        raise CredentialError("too large to be ours")
    try:
        document = json.loads(data, object_pairs_hook=_once)
        method = document["proof"]["verificationMethod"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CredentialError(f"not a credential ({error})") from error
    key = next((key for key in keyring.keys if str(method).endswith(f"#{key.id}")), None)
    if key is None:
        raise CredentialError("signed with a key that is not ours")
    try:
        verify_data_integrity_proof(document, public_pem(key))
    except (LibOpenBadgesException, ValueError, TypeError, KeyError, RecursionError) as error:
        raise CredentialError(f"the signature does not hold ({error})") from error
    if method not in {_method(issuer, key) for issuer in issuers}:
        raise StrangeAddressError(_address(document))
    return {name: value for name, value in document.items() if name != "proof"}


def _address(document: dict[str, Any]) -> str:
    """Where a credential says it comes from: its issuer's address, else the issuer's name for machines."""
    issuer = document.get("issuer")
    return str(issuer.get("url", issuer.get("id", "")) if isinstance(issuer, dict) else issuer)


def did_document(keyring: Keyring, issuer: Issuer, *others: Issuer) -> bytes:
    """Our keys for the world, served at /.well-known/did.json: retired ones too, old credentials name them.

    `others` are the same portal at other addresses.
    """
    methods = [
        {
            "id": _method(issuer, key),
            "type": "Multikey",
            "controller": issuer.did,
            "publicKeyMultibase": multikey_from_pem(public_pem(key)),
        }
        for key in keyring.keys
    ]
    tree = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": issuer.did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
    also = [other.did for other in others if other.did != issuer.did]
    return json.dumps(tree | ({"alsoKnownAs": also} if also else {}), indent=1).encode()


def public_pem(key: SigningKey) -> bytes:
    return key.public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _method(issuer: Issuer, key: SigningKey) -> str:
    return f"{issuer.did}#{key.id}"


def _both(words: Words) -> str:
    return f"{words.km} / {words.en}"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise ValueError("a name is used twice")
    return tree


def _document(claims: Claims, issuer: Issuer) -> dict[str, Any]:
    base = issuer.address.rstrip("/")
    tree: dict[str, Any] = {
        "@context": CONTEXTS,
        "id": f"{base}/credentials/{claims.number}.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": _both(AWARD),
        "issuer": {"id": issuer.did, "type": ["Profile"], "name": issuer.name, "url": base},
        "validFrom": f"{claims.starts}T00:00:00{_PHNOM_PENH}",
        "validUntil": f"{claims.expires}T23:59:59{_PHNOM_PENH}",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                *(_identity(name, "name") for name in (claims.company_km, claims.company_en)),
                *(_identity(brand, BRAND) for brand in claims.brands),
            ],
            "narrative": claims.scope,
            "achievement": {
                "id": f"{base}/en/code#{claims.edition}/{claims.level}",
                "type": ["Achievement"],
                "achievementType": "Award",
                "name": claims.level_name,
                "description": claims.meaning,
                "criteria": {"id": f"{base}/en/code", "type": "Criteria"},
                "humanCode": claims.level,
                "version": claims.edition,
                "tag": list(claims.kinds),
            },
        },
        "evidence": [{"id": claims.verify_url, "type": ["Evidence"], "name": f"Certificate {claims.number}"}],
        "credentialStatus": [
            status_entry(issuer.status_address(purpose), purpose, claims.index)
            for purpose in ("revocation", "suspension")
        ],
    }
    if not claims.kinds:
        del tree["credentialSubject"]["achievement"]["tag"]
    return tree | ({"description": claims.sample} if claims.sample else {})


def _identity(name: str, kind: str) -> dict[str, Any]:
    return {"type": "IdentityObject", "identityHash": name, "identityType": kind, "hashed": False}


def _claims(document: dict[str, Any]) -> Claims:
    subject = document["credentialSubject"]
    achievement = subject["achievement"]
    return Claims(
        number=document["evidence"][0]["name"].removeprefix("Certificate "),
        level=achievement["humanCode"],
        level_name=achievement["name"],
        meaning=achievement["description"],
        edition=achievement["version"],
        scope=subject["narrative"],
        company_km=subject["identifier"][0]["identityHash"],
        company_en=subject["identifier"][1]["identityHash"],
        kinds=tuple(achievement.get("tag", ())),
        starts=dt.date.fromisoformat(document["validFrom"][:10]),
        expires=dt.date.fromisoformat(document["validUntil"][:10]),
        verify_url=document["evidence"][0]["id"],
        index=int(document["credentialStatus"][0]["statusListIndex"]),
        sample=document.get("description", ""),
        brands=tuple(one["identityHash"] for one in subject["identifier"][2:]),
    )
