"""National moments."""
