"""One deployment for all tests of a file: each may break it, and the next one finds it whole."""

import hashlib
import os
import random

import pytest

from tests.support.cluster import running_cluster

ROUNDS = int(os.environ.get("CLUSTER_ROUNDS", "1"))
"""How often a test that breaks something at a random moment does so."""


@pytest.fixture(scope="module")
def deployment(tmp_path_factory, postgres, rclone):
    """Two web processes and three workers."""
    limits = {"JOBS_QUEUED_LIMIT": 300, "JOBS_RUNNING_LIMIT": 8}
    with running_cluster(tmp_path_factory.mktemp("cluster"), postgres, rclone, webs=2, workers=3, **limits) as cluster:
        yield cluster


@pytest.fixture
def cluster(deployment):
    """The deployment, whole."""
    deployment.heal()
    return deployment


@pytest.fixture(params=range(ROUNDS), ids=lambda number: f"round {number}")
def chance(request):
    """Random moments; CLUSTER_SEED repeats those of a run that failed."""
    seed = os.environ.get("CLUSTER_SEED") or f"{random.SystemRandom().getrandbits(32)}"
    print(f"CLUSTER_SEED={seed}")  # noqa: T201  # shown when the test fails
    return random.Random(f"{seed} {request.node.name}")


@pytest.fixture
def bucket(request):
    """A bucket name, and the name of a folder, of this test's own."""
    return "cluster-" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]
