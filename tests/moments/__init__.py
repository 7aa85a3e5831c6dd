"""Tests of webapp/moments."""
