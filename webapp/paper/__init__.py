"""Posters and sign-up sheets."""
