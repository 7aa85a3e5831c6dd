"""Moment Map: a national day of local events, on a map, with a count that adds up."""
