"""The server's side of the application: bodies are read to their end before one of the few threads works for them."""
