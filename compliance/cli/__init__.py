"""The command line: ./portal WORD."""
