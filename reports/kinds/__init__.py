"""One module a kind of report: facts to document."""
