"""The laws of scoring, each a class that quotes it."""
