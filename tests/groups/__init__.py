"""Tests of webapp/groups."""
