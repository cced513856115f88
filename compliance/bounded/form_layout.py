"""Where things stand in the offline form; whoever writes it and whoever reads it back look here."""

STAMPED = "#champion-company-form"
"""The cell in front of what the form says of itself: layout, assessment, edition."""
LAYOUT = "1"
COLUMNS = ("id", "version", "number", "question", "answer", "not_applicable", "reason", "comment", "guidance")
"""The keys' row names each column `#id` and so on, so that a column is found wherever it was moved."""
STAMP_ROW, KEYS_ROW, FIRST_ROW = 1, 2, 6
TICK = "✓"
OPTION = "="
"""Between a question's id and an option's, in the row of one option of several."""
