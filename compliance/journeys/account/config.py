"""How Flask-Security is set up: our addresses, our rules, nothing that we do not use."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

from compliance import clock
from compliance.actions.passwords import ARGON2
from compliance.journeys.account.wording import MESSAGES
from compliance.journeys.language import PREFIX, TRANSLATIONS
from compliance.settings import Settings

ISSUER = "Champion Companies MPTC"
CONFIRM_WITHIN = timedelta(days=2)
RESET_WITHIN = timedelta(hours=2)
FRESH = timedelta(minutes=15)

ADDRESSES = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "REGISTER_URL": "/register",
    "RESET_URL": "/reset",
    "CHANGE_URL": "/password",
    "CONFIRM_URL": "/confirm",
    "VERIFY_URL": "/again",
    "TWO_FACTOR_SETUP_URL": "/second-factor/set-up",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/second-factor/code",
    "TWO_FACTOR_RESCUE_URL": "/second-factor/help",
    "TWO_FACTOR_SELECT_URL": "/second-factor/choose",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/second-factor/recovery-codes",
    "MULTI_FACTOR_RECOVERY_URL": "/second-factor/recovery",
    "WAN_REGISTER_URL": "/passkeys",
    "WAN_SIGNIN_URL": "/passkeys/sign-in",
    "WAN_DELETE_URL": "/passkeys/remove",
    "WAN_VERIFY_URL": "/passkeys/again",
}
SWITCHES = (
    *("REGISTERABLE", "CONFIRMABLE", "RECOVERABLE", "CHANGEABLE", "RETURN_GENERIC_RESPONSES"),
    *("TWO_FACTOR", "MULTI_FACTOR_RECOVERY_CODES", "WEBAUTHN"),
)
VIEWS = {
    "POST_LOGIN_VIEW": "account.signed_in",
    "POST_LOGOUT_VIEW": "public.home",
    "POST_REGISTER_VIEW": "account.check_mail",
    "POST_CONFIRM_VIEW": "security.login",
    "POST_RESET_VIEW": "security.login",
    "POST_CHANGE_VIEW": "account.home",
    "POST_VERIFY_VIEW": "account.home",
    "TWO_FACTOR_POST_SETUP_VIEW": "account.second_factor_done",
    "TWO_FACTOR_ERROR_VIEW": "security.login",
    "WAN_POST_REGISTER_VIEW": "security.wan_register",
}


def security_config(settings: Settings) -> dict[str, Any]:
    """Flask configuration for Flask-Security."""
    values: dict[str, Any] = {
        **dict.fromkeys(SWITCHES, True),
        **ADDRESSES,
        **VIEWS,
        "URL_PREFIX": f"{PREFIX}/account",
        "STATIC_FOLDER": None,
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
        "API_ENABLED_METHODS": ["session"],
        "LOGOUT_METHODS": ["POST"],
        "I18N_DIRNAME": ["builtin", str(TRANSLATIONS)],
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "EMAIL_PLAINTEXT": False,
        "EMAIL_HTML": False,
        "CONFIRM_EMAIL_WITHIN": CONFIRM_WITHIN,
        "RESET_PASSWORD_WITHIN": RESET_WITHIN,
        "INPUT_NORMALIZE_FORM": "NFKC",
        "PASSWORD_NORMALIZE_FORM": "NFKC",
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SINGLE_HASH": ["argon2"],
        "PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
        # What is hashed with these goes into signed links; it has 128 random bits, so a fast digest is enough.
        "HASHING_SCHEMES": ["hex_sha256"],
        "DEPRECATED_HASHING_SCHEMES": [],
        "PASSWORD_SALT": "argon2 salts for itself",
        "DATETIME_FACTORY": clock.now,
        "FRESHNESS": FRESH,
        "FRESHNESS_GRACE_PERIOD": timedelta(minutes=5),
        "TOTP_SECRETS": totp_keys(settings),
        "TOTP_ISSUER": ISSUER,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TWO_FACTOR_ALWAYS_VALIDATE": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "WAN_RP_NAME": ISSUER,
        "WAN_ALLOW_USER_HINTS": False,
        "WAN_ALLOW_AS_VERIFY": ["first"],
        "CSRF_COOKIE_NAME": None,
    }
    values |= {f"MSG_{name}": message for name, message in MESSAGES.items()}
    return {f"SECURITY_{name}": value for name, value in values.items()}


def derived(secret: str, purpose: str) -> bytes:
    """A key of its own for each purpose, from the portal's secret."""
    return hmac.digest(secret.encode(), purpose.encode(), hashlib.sha256)


def totp_keys(settings: Settings) -> dict[int, str]:
    """Keys that encrypt the second factors in the store, oldest first; the newest is the one that is used.

    Numbers follow the moment a key came into use, so that OLD_SECRET_KEYS must keep its order (newest first).
    """
    oldest_first = [*reversed(settings.old_secret_keys), settings.secret_key]
    return {
        number: base64.b64encode(derived(secret, "totp")).decode()
        for number, secret in enumerate(oldest_first, start=1)
    }
