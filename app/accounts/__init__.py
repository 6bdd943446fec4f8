"""Users, organisations, API keys and sessions: who somebody is, proved, and what he may do. Knows nothing of HTTP."""
