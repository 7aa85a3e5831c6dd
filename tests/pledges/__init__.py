"""Tests of webapp/pledges."""
