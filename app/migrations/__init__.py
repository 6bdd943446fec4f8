"""The revisions of the job database, in order; a test proves that together they make the tables of the models."""
