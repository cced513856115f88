"""Flask blueprints; a folder is a person who uses the portal."""
