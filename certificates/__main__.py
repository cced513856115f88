"""Certificates from the command line: `python -m certificates --help`."""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from certificates import lettering, render, seal_check
from certificates.credential import Issuer, read
from certificates.demonstration import make_keyring
from certificates.emblem import picture
from certificates.errors import CertificateError, CredentialError
from certificates.facts import LEVELS, MARKS, CertificateFacts
from certificates.keyring import load_keyring

UNCHECKED = "standing was not checked: whether the award was since suspended, revoked or replaced, only the portal says"


def main(arguments: list[str] | None = None) -> int:
    """Returns 0 when done or genuine, 1 when not genuine, 2 when it could not be done."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.do(given))
    except (CertificateError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def _render(given: argparse.Namespace) -> int:
    facts = CertificateFacts.from_json(given.facts.read_bytes())
    credential = given.credential.read_bytes() if given.credential else None
    marks = {name: path.read_bytes() for name in MARKS if (path := getattr(given, name))}
    given.out.write_bytes(render.pdf(facts, credential, marks))
    return 0


def _verify(given: argparse.Namespace) -> int:
    keyring = load_keyring(given.keys, _passphrase())
    data = given.file.read_bytes()
    if data.lstrip().startswith(b"{"):
        try:
            claims = read(data, keyring, *map(Issuer, given.issuer))
        except CredentialError as error:
            print(f"not genuine: {error}")
            return 1
        print(f"genuine: {claims.number}, {claims.company_en}, {claims.level}, until {claims.expires}")
        print(UNCHECKED)
        return 0
    verdict = seal_check.verify(data, keyring)
    print(f"{verdict.verdict}{verdict.seal_id and ': sealed with ' + verdict.seal_id}")
    if verdict.genuine:
        print(UNCHECKED)
    return 0 if verdict.genuine else 1


def _emblem(given: argparse.Namespace) -> int:
    given.out.write_text(picture(given.level))
    return 0


def _letters(given: argparse.Namespace) -> int:
    font, ems = lettering.latin()
    (given.folder / "badge-latin-600.woff2").write_bytes(font)
    (given.folder / "badge-latin-600.json").write_text(json.dumps(ems) + "\n")
    return 0


def _keys(given: argparse.Namespace) -> int:
    keyring = make_keyring(given.folder, _passphrase(), today=datetime.now(UTC).date())
    print(f"{keyring.seal.id} and {keyring.key.id} now seal and sign. They are for trying out only.")
    return 0


def _passphrase() -> bytes | None:
    return os.environ.get("CERTIFICATES_PASSPHRASE", "").encode() or None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="certificates", description="The key files' passphrase is read from CERTIFICATES_PASSPHRASE."
    )
    words = parser.add_subparsers(required=True, metavar="WORD")
    render = words.add_parser("render", help="draw the certificate of a facts file")
    render.add_argument("facts", type=Path, metavar="FACTS.json")
    render.add_argument("out", type=Path, metavar="OUT.pdf")
    render.add_argument("--credential", type=Path, help="the credential that travels inside")
    for name in MARKS:
        render.add_argument(
            f"--{name}", type=Path, metavar="PICTURE.png", help=f"the ministry's {name} that the facts name"
        )
    render.set_defaults(do=_render)
    verify = words.add_parser("verify", help="tell whether a sealed PDF or a credential is genuine")
    verify.add_argument("file", type=Path)
    verify.add_argument("--keys", type=Path, required=True, help="the keyring's folder")
    told = "the portal's public addresses, today's and former ones (for credentials)"
    verify.add_argument("--issuer", nargs="+", default=["https://localhost"], help=told)
    verify.set_defaults(do=_verify)
    emblem = words.add_parser("emblem", help="write a level's emblem")
    emblem.add_argument("level", choices=LEVELS)
    emblem.add_argument("out", type=Path, metavar="OUT.svg")
    emblem.set_defaults(do=_emblem)
    letters = words.add_parser("letters", help="cut the letters of English badges out of the page's font")
    letters.add_argument("folder", type=Path)
    letters.set_defaults(do=_letters)
    keys = words.add_parser("keys", help="make or extend a keyring for demonstration")
    keys.add_argument("folder", type=Path)
    keys.set_defaults(do=_keys)
    return parser


if __name__ == "__main__":
    sys.exit(main())
