"""What Flask-Security says, in our words; their Khmer is in translations/km/LC_MESSAGES/flask_security.po."""

SPENT = "This link does not work. Ask for a new one."
LATE = "This link has run out. Ask for a new one."
AGAIN = "That took too long. Begin again."
UNREADABLE = "We could not read this request. Try again."
UNKNOWN_PASSKEY = "This passkey is not known here."

MESSAGES: dict[str, tuple[str, str]] = {
    "GENERIC_AUTHN_FAILED": ("The address or the password is not right.", "error"),
    "CONFIRM_REGISTRATION": ("We have sent an email to %(email)s.", "success"),
    "CONFIRMATION_REQUEST": ("If %(email)s waits to be confirmed, the link is on its way.", "info"),
    "PASSWORD_RESET_REQUEST": ("If %(email)s has an account, the link is on its way.", "info"),
    "EMAIL_CONFIRMED": ("Your address is confirmed. You can sign in now.", "success"),
    "ALREADY_CONFIRMED": ("This address is confirmed already. Sign in.", "info"),
    "INVALID_CONFIRMATION_TOKEN": (SPENT, "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (SPENT, "error"),
    "CONFIRMATION_EXPIRED": (LATE, "error"),
    "PASSWORD_RESET_EXPIRED": (LATE, "error"),
    "PASSWORD_RESET_NO_LOGIN": ("Your new password is saved.", "success"),
    "PASSWORD_CHANGE": ("Your password is changed.", "success"),
    "INVALID_PASSWORD": ("This is not your password.", "error"),
    "PASSWORD_IS_THE_SAME": ("Choose a password that differs from the present one.", "error"),
    "INVALID_EMAIL_ADDRESS": ("Enter an email address, such as name@company.com.", "error"),
    "TWO_FACTOR_INVALID_TOKEN": (
        "This code is not right, or it was used already. Wait for the next one.",
        "error",
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": ("You are signed in.", "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": ("Your second factor is set up.", "success"),
    "TWO_FACTOR_PERMISSION_DENIED": ("Sign in first.", "error"),
    "TWO_FACTOR_SETUP_EXPIRED": (AGAIN, "error"),
    "UNAUTHENTICATED": ("Sign in first.", "info"),
    "REAUTHENTICATION_REQUIRED": ("Enter your password again to continue.", "info"),
    "REAUTHENTICATION_SUCCESSFUL": ("Thank you, go on.", "info"),
    "INVALID_RECOVERY_CODE": ("This recovery code is not right, or it was used already.", "error"),
    "WEBAUTHN_EXPIRED": (AGAIN, "error"),
    "WEBAUTHN_NAME_INUSE": ("You have a passkey called %(name)s already.", "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": ("Use letters and digits only.", "error"),
    "WEBAUTHN_CREDENTIAL_DELETED": ("The passkey %(name)s is removed.", "success"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": ("The passkey %(name)s is added.", "success"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (UNKNOWN_PASSKEY, "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (UNKNOWN_PASSKEY, "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (UNKNOWN_PASSKEY, "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (UNKNOWN_PASSKEY, "error"),
    "WEBAUTHN_NO_VERIFY": ("The passkey could not be checked. Try again.", "error"),
    "API_ERROR": (UNREADABLE, "error"),
}
