"""Use cases: plain verbs that change the store inside a transaction opened by the caller."""
