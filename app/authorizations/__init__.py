"""Authorizations: what credentials for all buckets of an account are made of, kept sealed."""
