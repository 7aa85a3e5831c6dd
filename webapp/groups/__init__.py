"""Community groups, sectors, members."""
