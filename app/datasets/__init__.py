"""Datasets in buckets: the local mirror of a bucket's ``cval/`` folder, and what is read from it."""
