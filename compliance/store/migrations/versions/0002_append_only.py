"""What must never change cannot, and what is searched is found: append-only triggers, the register's word index"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_entries", "submissions", "decisions", "award_decisions", "answer_revisions")

# Parts of words in both scripts: `unicode61` would cut Khmer at its vowel signs.
SQLITE_WORDS = (
    "CREATE VIRTUAL TABLE register_words USING fts5(folded, content='', contentless_delete=1, "
    "detail='full', tokenize='trigram case_sensitive 1')",
    "CREATE TRIGGER register_words_insert AFTER INSERT ON register_entries "
    "BEGIN INSERT INTO register_words(rowid, folded) VALUES (new.award_id, new.folded); END",
    "CREATE TRIGGER register_words_update AFTER UPDATE OF folded ON register_entries "
    "BEGIN DELETE FROM register_words WHERE rowid = old.award_id; "
    "INSERT INTO register_words(rowid, folded) VALUES (new.award_id, new.folded); END",
    "CREATE TRIGGER register_words_delete AFTER DELETE ON register_entries "
    "BEGIN DELETE FROM register_words WHERE rowid = old.award_id; END",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        for statement in SQLITE_WORDS:
            op.execute(statement)
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    if can_index_parts_of_words():
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute("CREATE INDEX register_words ON register_entries USING gin (folded gin_trgm_ops)")


def can_index_parts_of_words() -> bool:
    """Whether the server carries pg_trgm and lets us use it; without it a search reads every entry, and finds the same."""
    return bool(
        op.get_bind()
        .exec_driver_sql(
            "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') "
            "AND has_database_privilege(current_database(), 'CREATE')"
        )
        .scalar()
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER register_words_{act}")
        op.execute("DROP TABLE register_words")
        for table in APPEND_ONLY:
            for act in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{act}")
        return
    op.execute("DROP INDEX IF EXISTS register_words")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
