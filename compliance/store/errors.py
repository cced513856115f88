"""What file storage and restoring refuse."""


class FileStoreError(Exception):
    """Bytes that cannot be given; `sha256` names them."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256)
        self.sha256 = sha256


class MissingFileError(FileStoreError):
    """No bytes are kept under this digest."""


class QuarantinedFileError(FileStoreError):
    """The bytes are locked away: nobody reads them, and the same bytes cannot be stored again."""


class DamagedFileError(FileStoreError):
    """The bytes on the disk no longer have the digest they are kept under."""


class StorageAwayError(Exception):
    """A bucket that does not answer, or refuses: nothing was stored or read, and later it may be."""


class RestoreError(Exception):
    """A restore that must not go on; the text says why and what to do."""


class SealedError(Exception):
    """What is sealed cannot be opened, or nothing can be sealed: the keys are missing or others."""
