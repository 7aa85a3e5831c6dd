"""Local events."""
