"""Tests of webapp/organising."""
