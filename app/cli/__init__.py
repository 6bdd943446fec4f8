"""The command line: ``flask --app app sync``, ``jobs``, ``cancel``, ``serve``, ``backup`` and ``rotate-key``."""

from app.cli.mirroring import sync
from app.cli.registry import cancel, jobs
from app.cli.serving import serve
from app.cli.upkeep import backup, rotate_key

COMMANDS = (sync, jobs, cancel, serve, backup, rotate_key)
