"""The words of the portal in Khmer; the English ones stand in code and templates."""
