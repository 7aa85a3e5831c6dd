"""The organiser’s side of events: your events, changing one, and its life."""
