"""The pages of a network’s coordinators."""
