"""What hosts and neighbours tell afterwards: how many came, and whether they met."""
