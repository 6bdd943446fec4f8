"""One package for each HTTP API; thin translations of the one core."""
