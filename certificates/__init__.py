"""What evidences an award: the certificate PDF, its number, its signatures, its credential.

The names here are light. The heavy parts load when imported: `certificates.render` (WeasyPrint),
`certificates.signing` (pyHanko) and `certificates.credential` (JSON-LD).
"""

from certificates.errors import (
    AssetError,
    CertificateError,
    CredentialError,
    FactsError,
    KeyringError,
    NumberError,
    RenderError,
    StrangeAddressError,
)
from certificates.facts import SAMPLE_MARKER, CertificateFacts, Level, Signatory, Words
from certificates.number import mint, mint_code, parse, parse_code

__all__ = [
    "SAMPLE_MARKER",
    "AssetError",
    "CertificateError",
    "CertificateFacts",
    "CredentialError",
    "FactsError",
    "KeyringError",
    "Level",
    "NumberError",
    "RenderError",
    "Signatory",
    "StrangeAddressError",
    "Words",
    "mint",
    "mint_code",
    "parse",
    "parse_code",
]
