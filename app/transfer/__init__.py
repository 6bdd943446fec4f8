"""Brings one storage to the state of another: a pure plan, and a run that carries it out."""
