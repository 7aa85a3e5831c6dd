"""Loading what the site knows about where things are, from official and other open files."""
