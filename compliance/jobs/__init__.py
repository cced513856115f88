"""The second process: due work found in the database."""
