"""The serving entrance: gunicorn, the S3 server that comes with it, and how both stop."""
