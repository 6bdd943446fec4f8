"""Where storages are and what opens them: addresses that users may name, and sealed credentials."""
