"""Tests of webapp/pages."""
