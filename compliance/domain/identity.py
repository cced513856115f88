"""Who somebody is at another organisation that people sign in with."""

from dataclasses import dataclass

LONGEST = 255
"""Characters of an issuer's address and of a subject."""


@dataclass(frozen=True)
class Identity:
    """A person as an OpenID Connect provider names them. The pair of issuer and subject never goes to another person;
    an address may. `email` is in its normal form.
    """

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str
    second_factor: bool
    """The provider says that two factors were passed, in a way that the settings accept."""
    authenticated_at: int | None
    """When they proved there who they are, in seconds since 1970; None when the provider does not tell."""
