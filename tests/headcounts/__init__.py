"""Tests of webapp/headcounts."""
