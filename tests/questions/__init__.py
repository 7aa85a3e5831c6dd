"""Tests of webapp/questions."""
