"""Tests of webapp/mail.py, webapp/outbox.py and the page of kept mail."""
