"""Whether a file is a certificate or a credential of ours; looked into outside this process."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates.keyring import to_public
from compliance.bounded.runner import CrashedError, Sender, TooHeavyError, ask_about_foreign
from compliance.settings import Settings
from compliance.store.awards import Certificate
from compliance.store.keys import keyring

MODULE = "compliance.inspection.certificate"


class Answer(StrEnum):
    """What a file is."""

    GENUINE = "genuine"
    CHANGED = "changed"
    NOT_OURS = "not_ours"
    STRANGE_ADDRESS = "strange_address"


@dataclass(frozen=True)
class Checked:
    """The answer for a file, the certificate number it belongs to when it is genuine, and the address it names when our
    key signed it for one that is not ours."""

    answer: Answer
    number: str = ""
    address: str = ""


def check_file(session: Session, settings: Settings, data: bytes, sender: Sender) -> Checked:
    """Whether these bytes are, unchanged, a certificate or a credential of ours.

    Raises KeyringError without keys, BusyError when too many files are being looked into.
    """
    request = {"keys": to_public(keyring(settings)), "addresses": settings.addresses}
    try:
        told, _body = ask_about_foreign(MODULE, request, data, sender)
    except (TooHeavyError, CrashedError):
        return Checked(Answer.NOT_OURS)
    answer, number = Answer(told["verdict"]), str(told["number"])
    if answer is Answer.STRANGE_ADDRESS:
        return Checked(answer, address=str(told["address"]))
    if answer is not Answer.GENUINE or number:
        return Checked(answer, number)
    query = sa.select(Certificate.number).where(Certificate.pdf_sha256 == hashlib.sha256(data).hexdigest())
    found = session.scalar(query)
    return Checked(Answer.GENUINE, found) if found else Checked(Answer.NOT_OURS)
