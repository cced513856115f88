"""Stories in a real browser: a portal with its worker and a mail server, and people in browsers of their own."""
