"""Jobs: the registry of what was asked for, and the runners that do it. Knows nothing of storages or HTTP."""
