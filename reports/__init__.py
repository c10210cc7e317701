"""Report kinds, figures, PDF rendering, signing and verifying."""
