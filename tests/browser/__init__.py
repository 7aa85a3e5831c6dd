"""What needs a real browser: journeys, keyboards, screens, axe."""
