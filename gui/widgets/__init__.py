"""The components of the window; `docs/look.md` says which to use for what."""
