"""Groups that host an event together, and suggestions of whom to ask."""
