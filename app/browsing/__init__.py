"""Looking around in the storage of a connection: what lies there, one picture of it, and what may be done with it."""
