"""The benchmark: Sluice as users run it, beside the tools that people use instead, against one S3 server."""
