"""Tells addresses of users' choice that jobs have ended: signed, at least once, and with a log of every delivery."""
