"""Pictures of events: taken in, made small and safe, and sent out."""
