"""How many small mistakes in a package its tests notice."""
