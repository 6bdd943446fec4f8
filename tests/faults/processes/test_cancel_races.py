"""Jobs that last for a moment, each cancelled at some moment before, while or after it runs, once or twice."""

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.errors import JobAlreadyFinished
from app.jobs.contract import JobState
from tests.support.jobs import SUCCEEDED, eventually, request

pytestmark = [pytest.mark.slow, pytest.mark.fault(34), pytest.mark.fault("I5", "I6")]

JOBS = 100
AT_ONCE = 4


@pytest.fixture
def chance(request):
    """Random moments; CANCEL_SEED repeats those of a run that failed."""
    seed = os.environ.get("CANCEL_SEED") or f"{random.SystemRandom().getrandbits(32)}"
    print(f"CANCEL_SEED={seed}")  # noqa: T201  # shown when the test fails
    return random.Random(f"{seed} {request.node.name}")


class Story:
    """What one job was seen to do: the answers to those who cancelled it, and its end."""

    def __init__(self, jobs, moments):
        self._jobs = jobs
        self.answers = []
        self.job = jobs.submit(request("note"))
        for moment in moments:
            threading.Event().wait(moment)
            self._cancel()

    def _cancel(self):
        try:
            self.answers.append(self._jobs.request_cancel(self.job.id).state)
        except JobAlreadyFinished:
            self.answers.append("finished")

    @property
    def state(self):
        return self._jobs.get(self.job.id).state

    def contradictions(self, began, ended):
        """Give what its end does not agree with."""
        if not self.state.is_final:
            yield "it has not ended"
        if self.state is not JobState.CANCELLED and JobState.CANCELLED in self.answers:
            yield "it was said to be cancelled"
        if self.answers[0] == "finished" and self.state is JobState.CANCELLED:
            yield "it was said to have finished before anybody had cancelled it"
        if self.answers[0] is JobState.CANCELLED and self.job.id in began:
            yield "it was cancelled before it started, and has started"
        if (self.job.id in ended) is not (self.state is JobState.SUCCEEDED):
            yield f"its handler said otherwise: {self.job.id in ended}"
        if began.count(self.job.id) > 1:
            yield "it has started twice"


@pytest.mark.usefixtures("each_database")
def test_a_cancel_that_races_with_a_start_or_an_end_leaves_one_end_that_the_answers_agree_with(new_registry, chance):
    registry = new_registry(busy_seconds=60, jobs_queued_limit=JOBS, jobs_running_limit=8)
    began, ended = [], []

    def note(context):
        began.append(context.job_id)
        context.token.wait(0.002)
        context.token.raise_if_cancelled()
        ended.append(context.job_id)
        return SUCCEEDED

    registry.runner({"note": note})
    moments = [[chance.uniform(0, 0.03) for _ in range(chance.choice([1, 1, 2]))] for _ in range(JOBS)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        stories = list(threads.map(lambda those: Story(registry.service, those), moments))
    eventually(lambda: not registry.service.list(include_finished=False, limit=1))

    ends = [story.state for story in stories]
    wrong = {story.job.id: found for story in stories if (found := list(story.contradictions(began, ended)))}
    assert wrong == {}
    assert set(ends) <= {JobState.CANCELLED, JobState.SUCCEEDED}
    assert [story.state for story in stories] == ends
