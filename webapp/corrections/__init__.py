"""What staff decide about pledges: let held ones count, take others out of the number, and undo either."""
