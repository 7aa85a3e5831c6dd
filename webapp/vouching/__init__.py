"""What trusted hosts and staff stand for when they bring in the pledges of others."""
