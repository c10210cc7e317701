"""One TOML file for each published method; a new file is found by its place here."""
