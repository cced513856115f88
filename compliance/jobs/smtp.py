"""Hands mails to the mail server, one connection for many, and says of each whether it went."""

import logging
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from threading import Timer
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from compliance.jobs.errors import MailServerDownError, NotNowError, RefusedError

log = logging.getLogger(__name__)

ANSWER_SECONDS = 10
MAIL_SECONDS = 45


class Postman:
    """A connection to the mail server named by an address like smtp://user:password@host:587 or smtps://…"""

    def __init__(self, url: str) -> None:
        self.url = urlsplit(url)
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        server, self.server = self.server, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Returns when the server has taken the mail.

        Raises RefusedError, NotNowError, or MailServerDownError when no mail can go.
        """
        server = self._connected()
        try:
            with _at_most(server, MAIL_SECONDS):
                server.send_message(message, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, text = error.recipients[recipient]
            raise _by_code(code, text) from error
        except smtplib.SMTPSenderRefused as error:
            raise MailServerDownError(_said(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            raise _by_code(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise RefusedError(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NotNowError(f"the connection ended: {type(error).__name__}") from error

    def _connected(self) -> smtplib.SMTP:
        if self.server is None:
            try:
                self.server = self._connect()
            except (smtplib.SMTPException, OSError) as error:
                raise MailServerDownError(f"{type(error).__name__}: {error}") from error
        return self.server

    def _connect(self) -> smtplib.SMTP:
        host, port = self.url.hostname or "localhost", self.url.port
        context = ssl.create_default_context()
        if self.url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=ANSWER_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port or 25, timeout=ANSWER_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
            elif self.url.username:
                server.close()
                raise MailServerDownError("the server offers no TLS, and a password never goes over a plain line")
        if self.url.username:
            server.login(unquote(self.url.username), unquote(self.url.password or ""))
        return server

    def _drop(self) -> None:
        server, self.server = self.server, None
        if server is not None:
            server.close()


@contextmanager
def _at_most(server: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Each single answer has its own time-out; this one ends a server that drips answers for ever."""

    def hang_up() -> None:
        if server.sock is not None:
            with suppress(OSError):
                server.sock.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _by_code(code: int, text: bytes | str) -> RefusedError | NotNowError:
    return (RefusedError if 500 <= code < 600 else NotNowError)(_said(code, text))


def _said(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"[:500]
