"""The public pages, open data and health."""
