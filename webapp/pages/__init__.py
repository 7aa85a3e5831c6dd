"""Home, about, help, accessibility, privacy."""
