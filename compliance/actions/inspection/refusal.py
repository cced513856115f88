"""Why a file is refused; the code is a message id."""


class RefusedFileError(Exception):
    """The file is not accepted; `code` says why, `values` fill the message."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
