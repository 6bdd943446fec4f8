"""Storages: the protocol that every driver keeps, and the drivers."""
