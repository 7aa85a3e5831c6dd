"""Tests of the package that is installed elsewhere."""
