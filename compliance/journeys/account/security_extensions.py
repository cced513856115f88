"""The parts of Flask-Security that we replace: password rules, second factors, passkeys."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from flask_security import MfRecoveryCodesUtil, PasswordUtil, Totp, WebauthnUtil
from flask_security.proxies import _datastore, _security
from passlib.totp import TotpMatch
from webauthn.helpers.structs import AuthenticatorSelectionCriteria, ResidentKeyRequirement, UserVerificationRequirement

from compliance.actions.passwords import require_good
from compliance.domain.errors import InvalidError
from compliance.domain.passwords import LONGEST
from compliance.journeys.forms import refusal_text
from compliance.journeys.gate import settings
from compliance.store.people import Person
from compliance.store.sessions import digest

RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Passwords(PasswordUtil):
    """The rules of domain/passwords.py."""

    def normalize(self, password: str) -> str:
        """Cut where it is too long for any password already: comparing more would fail, not refuse."""
        return str(super().normalize(password))[: 2 * LONGEST]

    def validate(self, password: str, is_register: bool, **about: Any) -> tuple[list[str] | None, str]:
        normal = self.normalize(password)
        person: Person | None = None if is_register else about["user"]
        words = (
            (about.get("full_name") or "", about.get("email") or "")
            if person is None
            else (person.full_name, person.email)
        )
        try:
            require_good(normal, "password", words, second_factor=person is not None and person.has_totp)
        except InvalidError as error:
            return [refusal_text(error)], normal
        return None, normal


class Authenticator(Totp):
    """Codes of authenticator apps; each is good once."""

    def get_last_counter(self, user: Any) -> int | None:
        counter: int | None = user.totp_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        user.totp_counter = tmatch.counter

    def generate_recovery_codes(self, number: int) -> list[str]:
        """Twenty-four letters and digits that are hard to confuse: 118 bits each."""
        return ["-".join(_letters(6) for _ in range(4)) for _ in range(number)]

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The page draws the code itself, from the address."""
        return str(self.get_totp_uri(username, totp))


def _letters(count: int) -> str:
    return "".join(secrets.choice(RECOVERY_LETTERS) for _ in range(count))


class RecoveryCodes(MfRecoveryCodesUtil):
    """Kept as digests: whoever reads the store cannot sign in with them."""

    def check_recovery_code(self, user: Any, code: str) -> bool:
        return _sealed(user, code) in (user.mf_recovery_codes or [])

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        return bool(super().delete_recovery_code(user, _sealed(user, code)))

    def create_recovery_codes(self, user: Any) -> list[str]:
        codes: list[str] = _security.totp_factory.generate_recovery_codes(8)
        _datastore.mf_set_recovery_codes(user, [_sealed(user, code) for code in codes])
        return codes


def _sealed(user: Person, code: str) -> str:
    """A code has 118 random bits, so that a plain digest bound to its owner keeps it."""
    return digest(f"{user.fs_webauthn_user_handle}:{code}")


class Passkeys(WebauthnUtil):
    """Passkeys in the device or on a key, found without an address, always checking who holds them."""

    def origin(self) -> str:
        parts = urlsplit(settings().public_url)
        return f"{parts.scheme}://{parts.netloc}"

    def authenticator_selection(self, _user: Any, _usage: str) -> AuthenticatorSelectionCriteria:
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        )

    def user_verification(self, _user: Any, _usage: list[str]) -> UserVerificationRequirement:
        return UserVerificationRequirement.REQUIRED
