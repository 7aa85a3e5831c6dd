"""Tests of webapp/pictures."""
