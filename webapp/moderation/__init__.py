"""Staff look at new events and at what the public reports."""
