"""The kinds of notices, with the names of the values that their texts may use beside `name`."""

KINDS: dict[str, frozenset[str]] = {
    "account_confirm": frozenset({"link", "days"}),
    "account_exists": frozenset({"sign_in_link", "reset_link"}),
    "account_reset": frozenset({"link", "hours"}),
    "account_password_changed": frozenset({"reset_link"}),
    "account_new_second_factor": frozenset({"account_link"}),
    "account_invited": frozenset({"link", "days", "inviter", "company_km", "company_latin", "role"}),
    "account_staff_invited": frozenset({"link", "days", "inviter", "role"}),
}
