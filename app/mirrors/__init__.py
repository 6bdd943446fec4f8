"""The mirror job: what may be asked of it, and how a runner carries it out. Joins jobs, transfer and storages."""
