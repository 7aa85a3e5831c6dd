"""Tests of webapp/drafts."""
