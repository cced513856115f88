"""What can go wrong with a certificate."""


class CertificateError(Exception):
    """The root: catch this to catch anything this package raises on purpose."""


class FactsError(CertificateError):
    """Facts that cannot stand on a certificate; `field` names the culprit."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class NumberError(CertificateError):
    """Text that is no certificate number or verification code; `reason` is "form" or "check" (mistyped)."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"not a valid number or code ({reason}): {text[:60]!r}")
        self.reason = reason


class AssetError(CertificateError):
    """A font, picture or stylesheet the certificate needs is missing, or something else was asked for."""


class RenderError(CertificateError):
    """The certificate could not be drawn as it must be (more than one page, a letter no font has)."""


class KeyringError(CertificateError):
    """A key is missing, unreadable, of the wrong kind, or its passphrase is wrong."""


class CredentialError(CertificateError):
    """A credential or status list that is malformed, not ours, or has been changed."""


class StrangeAddressError(CredentialError):
    """Signed with a key of ours, but for an address that is not among ours; `address` is what it says."""

    def __init__(self, address: str) -> None:
        super().__init__(f"signed with our key for another address: {address[:200]!r}")
        self.address = address
