"""Why an identity opens no account, in the reader's words."""

from compliance.domain.errors import DomainError, ForbiddenError
from compliance.journeys.language import gettext as _

OTHER_ACCOUNT = "identity_other_account", "identity_other_invitation"


def refusal(error: DomainError, provider: str) -> str:
    """A sentence that says what to do; `provider` is what people call it."""
    reason = error.reason if isinstance(error, ForbiddenError) else ""
    if reason in OTHER_ACCOUNT:
        return _(
            "What %(provider)s says of you belongs to another account here. Sign in another way.", provider=provider
        )
    texts = {
        "identity_unverified": _(
            "%(provider)s tells no verified email address that can be used here. Verify yours there, then begin again.",
            provider=provider,
        ),
        "identity_unknown": _(
            "No account here has the address that %(provider)s knows you by. Open the link of your invitation, or "
            "create an account first.",
            provider=provider,
        ),
        "identity_other_subject": _(
            "This account is bound to another person at %(provider)s. Sign in another way, then look at your account.",
            provider=provider,
        ),
        "identity_inactive": _("This account is switched off. Ask the Ministry."),
        "identity_unconfirmed": _("Confirm your address first: the link is in the email that we sent you."),
        "identity_not_fresh": _("%(provider)s did not ask you who you are. Confirm it another way.", provider=provider),
    }
    return texts.get(reason) or _("This invitation cannot be accepted any more.")
