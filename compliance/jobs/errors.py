"""What can keep a mail from going out."""


class MailError(Exception):
    """A mail that did not go."""


class RefusedError(MailError):
    """This mail will never go: the address or the content is refused."""


class NotNowError(MailError):
    """This mail did not go now; it may go later."""


class MailServerDownError(MailError):
    """No mail can go at present: the server cannot be reached or does not let us in."""
