"""Tests of webapp/networks."""
