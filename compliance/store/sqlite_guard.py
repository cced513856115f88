"""Refuses SQLite versions that can lose rows in WAL mode (the WAL-reset bug, 3.7.0 to 3.51.2)."""

FIXED_BRANCHES = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


class UnsafeSqliteError(Exception):
    """The SQLite library can corrupt a WAL database; the portal must not start on it."""


def is_safe(version: tuple[int, int, int]) -> bool:
    """True for 3.51.3 and newer, and for the patched 3.44 and 3.50 branches."""
    if version >= FIXED_BRANCHES[-1]:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in FIXED_BRANCHES)


def require_safe(version: tuple[int, int, int]) -> None:
    """Raises UnsafeSqliteError with what to do."""
    if not is_safe(version):
        found = ".".join(map(str, version))
        raise UnsafeSqliteError(
            f"SQLite {found} can lose acknowledged rows (WAL-reset bug). Use the locked pysqlite3 "
            "(it carries a fixed SQLite) or PostgreSQL through DATABASE_URL."
        )
