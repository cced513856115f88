"""What the portal says to an OpenID Connect provider: discovery, authorization code with PKCE, the ID token checked.

Nothing is asked before somebody wants to sign in, and no more than CALLS threads of a process wait for an answer.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from compliance import clock
from compliance.domain.addresses import normal_address
from compliance.domain.identity import LONGEST, Identity
from compliance.journeys.account.openid_line import AnswerError, Line
from compliance.settings import IdentityProvider

SCOPE = "openid email profile"
SIGNED_WITH = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519", "RS384", "RS512", "PS384", "PS512", "ES384", "ES512"]
BASIC = "client_secret_basic"
KEPT_SECONDS = 3600
LEEWAY = 60
"""Seconds by which the two clocks may differ."""
CALLS = 3
PATIENCE = 1.0
"""Seconds to wait for one of the CALLS."""


class ProviderDownError(Exception):
    """The provider gives no answer, or none that can be used; the text is for the log."""


class UntrueError(Exception):
    """What came back does not prove who is there; the text is for the log."""


@dataclass(frozen=True)
class Secrets:
    """What a browser takes along and what has to come back: against forged answers, replay and stolen codes."""

    state: str
    nonce: str
    verifier: str


def new_secrets() -> Secrets:
    return Secrets(*(secrets.token_urlsafe(32) for _ in range(3)))


class OpenIdClient:
    """The portal as a client of one provider. What it learned of the provider is kept for KEPT_SECONDS a process."""

    def __init__(self, provider: IdentityProvider, redirect_uri: str) -> None:
        self.provider = provider
        self.redirect_uri = redirect_uri
        self.calls = BoundedSemaphore(CALLS)
        self.known: dict[str, Any] = {}
        self.keys: KeySet | None = None
        self.learned_at = 0.0

    def authorization_address(self, made: Secrets, lang: str, *, anew: bool) -> str:
        """Where the browser goes; `anew`: the provider asks for the password even where somebody is signed in.

        Raises ProviderDownError.
        """
        with self._line() as line:
            address, _state = line.create_authorization_url(
                self._metadata(line)["authorization_endpoint"],
                state=made.state,
                code_verifier=made.verifier,
                nonce=made.nonce,
                ui_locales=lang,
                **self._asked_for(anew=anew),
            )
        return str(address)

    def _asked_for(self, *, anew: bool) -> dict[str, str]:
        """How people are to prove who they are."""
        levels = sorted(claim[4:] for claim in self.provider.second_factors if claim.startswith("acr="))
        wanted = {"acr_values": " ".join(levels)} if levels else {}
        return wanted | ({"prompt": "login", "max_age": "0"} if anew else {})

    def identity(self, code: str, made: Secrets, told_issuer: str | None) -> Identity:
        """Whom the provider sent back with `code`. Raises ProviderDownError, UntrueError."""
        with self._line() as line:
            metadata = self._metadata(line)
            self._require_same_issuer(told_issuer, metadata)
            token = self._token(line, metadata, code, made)
            claims = self._claims(line, metadata, token, made)
            person = claims if "email" in claims else self._with_userinfo(line, metadata, claims, token)
            return self._identity(claims, person)

    def _require_same_issuer(self, told: str | None, metadata: dict[str, Any]) -> None:
        """RFC 9207: an answer of another provider is not taken to this one."""
        required = metadata.get("authorization_response_iss_parameter_supported") is True
        if told != self.provider.issuer and (told is not None or required):
            raise UntrueError("the answer names another issuer")

    def _metadata(self, line: Line) -> dict[str, Any]:
        """The discovery document, which must name the very issuer of the settings."""
        now = clock.now().timestamp()
        if not self.known or now - self.learned_at > KEPT_SECONDS:
            found = line.read(f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.provider.issuer:
                raise ProviderDownError("the discovery document names another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                self._require_address(found.get(name))
            self.known, self.learned_at, self.keys = found, now, None
        return self.known

    def _require_address(self, address: object) -> None:
        """As safe as the issuer's own."""
        scheme = self.provider.issuer.partition(":")[0]
        if not isinstance(address, str) or not address.startswith(("https://", f"{scheme}://")):
            raise ProviderDownError("the discovery document has an address that cannot be used")

    def _token(self, line: Line, metadata: dict[str, Any], code: str, made: Secrets) -> dict[str, Any]:
        ways = metadata.get("token_endpoint_auth_methods_supported", [BASIC])
        line.token_endpoint_auth_method = BASIC if BASIC in ways else "client_secret_post"
        try:
            token = line.fetch_token(
                metadata["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=made.verifier
            )
        except AuthlibBaseError as error:  # a code that was used, is too old, or is another client's
            raise UntrueError(f"the code was refused: {error.error}") from error
        if not isinstance(token.get("id_token"), str) or not isinstance(token.get("access_token"), str):
            raise UntrueError("no ID token")
        return dict(token)

    def _claims(self, line: Line, metadata: dict[str, Any], token: dict[str, Any], made: Secrets) -> dict[str, Any]:
        """What the ID token says, once signature, issuer, audience, times and nonce are right."""
        try:
            signed = self._verified(line, metadata, token["id_token"])
            wanted = {
                "iss": {"essential": True, "value": self.provider.issuer},
                "aud": {"essential": True, "value": self.provider.client_id},
            }
            params = {
                "nonce": made.nonce,
                "client_id": self.provider.client_id,
                "access_token": token["access_token"],
            }
            claims = CodeIDToken(signed.claims, signed.header, wanted, params)
            claims.validate(now=int(clock.now().timestamp()), leeway=LEEWAY)
        except (JoseError, AuthlibBaseError) as error:
            raise UntrueError(f"the ID token is refused: {error}") from error
        return dict(claims)

    def _verified(self, line: Line, metadata: dict[str, Any], id_token: str) -> jwt.Token:
        """The keys are read anew when the token was signed with one that is not known yet."""
        keys = self.keys or _key_set(line.read(metadata["jwks_uri"]))
        try:
            token = jwt.decode(id_token, keys, SIGNED_WITH)
        except InvalidKeyIdError:
            keys = _key_set(line.read(metadata["jwks_uri"]))
            token = jwt.decode(id_token, keys, SIGNED_WITH)
        self.keys = keys
        return token

    def _with_userinfo(
        self, line: Line, metadata: dict[str, Any], claims: dict[str, Any], token: dict[str, Any]
    ) -> dict[str, Any]:
        """Address and name where the ID token leaves them out; only of the same subject."""
        address = metadata.get("userinfo_endpoint")
        if address is None:
            return claims
        self._require_address(address)
        person = line.read(address, bearer=token["access_token"])
        if person.get("sub") != claims["sub"]:
            raise UntrueError("the user info is of another subject")
        return person

    def _identity(self, claims: dict[str, Any], person: dict[str, Any]) -> Identity:
        subject, name = claims["sub"], person.get("name")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST or not _plain(subject):
            raise UntrueError("the subject is no plain text of 1 to 255 characters")
        told = claims.get("auth_time")
        return Identity(
            issuer=self.provider.issuer,
            subject=subject,
            email=_address(person.get("email")),
            email_verified=person.get("email_verified") is True,
            name="".join(filter(str.isprintable, name[:LONGEST])) if isinstance(name, str) else "",
            second_factor=bool(self._levels(claims) & self.provider.second_factors),
            authenticated_at=int(told) if isinstance(told, int | float) else None,
        )

    def _levels(self, claims: dict[str, Any]) -> set[str]:
        """What the signed token says of how they proved it, as the settings write it."""
        methods = claims.get("amr")
        texts = methods if isinstance(methods, list) else []
        return {f"amr={text}" for text in texts} | {f"acr={claims.get('acr')}"}

    @contextmanager
    def _line(self) -> Iterator[Line]:
        if not self.calls.acquire(timeout=PATIENCE):
            raise ProviderDownError("others wait for the provider already")
        try:
            with Line(self.provider, SCOPE, self.redirect_uri) as line:
                yield line
        except (requests.RequestException, AnswerError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ProviderDownError(f"{type(error).__name__}: {error}") from error
        finally:
            self.calls.release()


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _address(told: object) -> str:
    """In its normal form; empty where it can be nobody's here.

    What folds to somebody's address is not that address: `straße@` may be another letter box than `strasse@`.
    """
    email = normal_address(told) if isinstance(told, str) else ""
    same = isinstance(told, str) and told.strip().rpartition("@")[0].lower() == email.rpartition("@")[0]
    return email if same and len(email) <= LONGEST and email.isprintable() else ""


def _key_set(document: Any) -> KeySet:
    return KeySet.import_key_set(document)
