"""The pages of connections, and of what lies in their storages."""
