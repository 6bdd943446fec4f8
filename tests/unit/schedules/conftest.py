"""Schedules on a real database, with a clock that stands still."""

import pytest

from app.schedules.service import ScheduleService
from tests.support.schedules import Clock


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def schedules(registry, clock):
    return ScheduleService(registry.database, clock, lambda: 0.5)
