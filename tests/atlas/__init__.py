"""Tests of webapp/atlas."""
