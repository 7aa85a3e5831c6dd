"""Tests of webapp/moderation."""
