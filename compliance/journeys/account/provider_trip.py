"""What a browser takes along to the provider and must bring back: in its signed cookie, good once and for minutes."""

from dataclasses import asdict, dataclass
from hmac import compare_digest

from flask import session, url_for

from compliance import clock
from compliance.journeys.account.openid import Secrets

TRIP = "provider_trip"
PROVED = "provider_proved"
"""In the cookie, too: who the provider says is here, until the second factor is passed."""
SIGN_IN, AGAIN = "sign_in", "again"
SECONDS = 600
LONGEST_ADDRESS = 1_500
"""Characters: a browser keeps cookies of 4 KB."""


@dataclass(frozen=True)
class Trip:
    """One way out and back. `wanted` is an address of ours, `invitation` the token of the one being accepted or empty.

    `began` is in seconds since 1970.
    """

    state: str
    nonce: str
    verifier: str
    lang: str
    wanted: str
    purpose: str
    invitation: str
    began: int = 0

    @property
    def secrets(self) -> Secrets:
        return Secrets(self.state, self.nonce, self.verifier)

    def page_before(self) -> str:
        """Where somebody goes on who was not let in."""
        if self.invitation:
            return url_for("account.invitation", token=self.invitation)
        if self.purpose == AGAIN:
            return url_for("security.verify", next=self.wanted)
        return url_for("security.login", next=self.wanted)


def is_ours(address: str) -> bool:
    """Whether a browser stays in the portal when it is sent there; `//` and `/\\` begin another host's address."""
    plain = address.isprintable() and "\\" not in address and " " not in address
    return plain and len(address) <= LONGEST_ADDRESS and address.startswith("/") and not address.startswith("//")


def begin_trip(trip: Trip) -> None:
    """A browser makes one at a time: the newest counts."""
    session[TRIP] = {**asdict(trip), "began": int(clock.now().timestamp())}


def language_of_trip() -> str | None:
    """In which the browser left; None when it did not."""
    kept = session.get(TRIP)
    return str(kept["lang"]) if isinstance(kept, dict) else None


def end_trip(state: str) -> Trip | None:
    """The trip that `state` belongs to, which ends with it; None when there is none, or it took too long."""
    kept = session.get(TRIP)
    if not isinstance(kept, dict) or not compare_digest(kept["state"].encode(), state.encode()):
        return None
    trip = Trip(**session.pop(TRIP))
    return trip if clock.now().timestamp() - trip.began <= SECONDS else None
