"""Tests of webapp/cohosting."""
