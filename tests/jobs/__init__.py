"""Tests of webapp/jobs.py."""
