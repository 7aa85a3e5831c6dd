"""Numbered, reversible steps of the schema. They import no models."""
