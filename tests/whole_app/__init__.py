"""What must stay true over the whole application."""
