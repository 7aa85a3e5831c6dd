"""Questions to hosts, relayed so that nobody’s address is shown."""
