"""The command line: what ``flask --app app --help`` lists."""

from app.cli.connections import connections
from app.cli.keys import keys
from app.cli.mirroring import sync
from app.cli.organisations import orgs
from app.cli.registry import cancel, jobs
from app.cli.scheduling import scheduler
from app.cli.serving import serve
from app.cli.upkeep import backup, database, new_sealing_key, rotate_key
from app.cli.users import users

COMMANDS = (
    *(sync, jobs, cancel, serve, scheduler, backup, database),
    *(rotate_key, new_sealing_key, connections, users, keys, orgs),
)
