"""Watching the service: numbers for Prometheus, log lines, traces, and whether a process is ready for work."""
