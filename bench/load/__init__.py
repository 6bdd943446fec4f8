"""A crowd before one Sluice: many clients ask for this and that while jobs run."""
