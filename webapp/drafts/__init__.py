"""Events that somebody is still writing: listing one, page by page."""
