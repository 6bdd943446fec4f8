"""What the crowd asks for, and how often each."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class By(Enum):
    """How a request says who asks."""

    NOBODY = "nobody"
    KEY = "a key"
    SESSION = "a session"


@dataclass(frozen=True)
class Route:
    """Something to ask for.

    Attributes:
        path: what is asked for; ``{job}`` stands for the id of a job that runs.
        by: who asks.
        weight: how often, against the others.
    """

    path: str
    by: By
    weight: int


ROUTES: Sequence[Route] = (
    Route("/runnings", By.KEY, 12),
    Route("/get?id={job}", By.KEY, 20),
    Route("/steps?id={job}&limit=100", By.KEY, 10),
    Route("/", By.SESSION, 10),
    Route("/jobs/{job}", By.SESSION, 10),
    Route("/start", By.SESSION, 2),
    Route("/connections", By.SESSION, 3),
    Route("/session", By.SESSION, 4),
    Route("/api/clouds/all", By.KEY, 4),
    Route("/api/cloudstorages", By.KEY, 6),
    Route("/api/cloudstorages?search=photos&page_size=50", By.KEY, 3),
    Route("/api/histories", By.KEY, 6),
    Route("/api/datasets", By.KEY, 3),
    Route("/healthz", By.NOBODY, 5),
    Route("/metrics", By.NOBODY, 2),
)
"""The mix: programs that follow jobs, people who look at pages, clients of the dialects, and whoever watches."""

SIGN_IN = "sign in and out"
SIGN_IN_WEIGHT = 2


def choice(source: random.Random) -> Route | None:
    """Return what is asked for next; None: to sign in, and out again."""
    weights = [*(route.weight for route in ROUTES), SIGN_IN_WEIGHT]
    return source.choices([*ROUTES, None], weights)[0]
