"""A second factor that is known beforehand: the demonstration prints its key, so that its staff can be tried."""

from flask_security.proxies import _security

from compliance.store.people import Person


def give(person: Person, key: str) -> None:
    """Sets up the authenticator key (base32); inside an application context and a write transaction."""
    factory = _security.totp_factory._totp
    person.tf_totp_secret = factory(key=key).to_json(encrypt=True)
    person.tf_primary_method = "authenticator"
