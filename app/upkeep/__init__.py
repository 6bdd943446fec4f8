"""What an operator does with a service that runs: backups, and rotating the key that seals secrets."""
