"""Copy jobs between a Drive, whose files have ids and no keys, and the images of the library."""
