"""What a step is called, and why it was done: a sentence for everything that the history can say."""

import re
from pathlib import Path

import pytest

import app.dashboard
from app.dashboard.jobs.reasons import MEANINGS, WHY, meaning
from app.dashboard.jobs.step_views import step_view
from app.jobs.contract import Step, StepRecord, StepStatus

DONE, FAILED, SKIPPED, PLANNED = StepStatus.DONE, StepStatus.FAILED, StepStatus.SKIPPED, StepStatus.PLANNED
DOCUMENT = (Path(app.dashboard.__file__).parents[2] / "docs" / "reasons.md").read_text()


def view(action, status, reason, message="", size=7):
    return step_view(Step(3, StepRecord(action, "a/b", status, size, reason, message, 12.5)))


@pytest.mark.parametrize(
    ("action", "status", "reason", "outcome", "why"),
    [
        pytest.param("upload", DONE, "new", "Uploaded", "The target did not have it.", id="new"),
        pytest.param("upload", PLANNED, "size", "Would be uploaded", "The sizes differed.", id="planned"),
        pytest.param("download", DONE, "always", "Downloaded", "It was asked to send every file.", id="download"),
        pytest.param("delete", DONE, "extra", "Deleted", "The source does not have it.", id="extra"),
        pytest.param(
            "delete", PLANNED, "extra", "Would be deleted", "The source does not have it.", id="planned to go"
        ),
        pytest.param("create", DONE, "missing", "Bucket created", "The bucket did not exist.", id="bucket made"),
        pytest.param(
            "drop", DONE, "source_empty", "Bucket deleted", "The source is missing or holds no file.", id="bucket gone"
        ),
        pytest.param("copy", DONE, "new", "Copied", "It was asked for.", id="a copy compares nothing"),
        pytest.param("upload", DONE, "whatever", "Uploaded", "whatever", id="a reason that nobody knows"),
        pytest.param("turn", DONE, "new", "Done", "The target did not have it.", id="an action that nobody knows"),
    ],
)
def test_what_went_well_says_what_was_done_and_why(action, status, reason, outcome, why):
    step = view(action, status, reason)

    assert (step.outcome, step.why, step.meaning) == (outcome, why, "")


@pytest.mark.parametrize(
    ("action", "status", "reason", "outcome"),
    [
        pytest.param("upload", FAILED, "file_changed", "Not uploaded", id="a file"),
        pytest.param("skip", FAILED, "source_unreadable", "Could not be listed", id="a folder"),
        pytest.param("skip", SKIPPED, "not_a_file", "Left out", id="no file"),
        pytest.param("check", SKIPPED, "layout_invalid", "Does not fit", id="of a dataset"),
        pytest.param("drop", FAILED, "storage_not_empty", "Bucket not deleted", id="the bucket"),
    ],
)
def test_what_did_not_says_what_was_wrong_and_what_that_means(action, status, reason, outcome):
    step = view(action, status, reason, "The disk said no.")

    assert (step.outcome, step.why, step.meaning, step.size) == (outcome, "The disk said no.", MEANINGS[reason], None)


@pytest.mark.parametrize(
    ("action", "status", "size"),
    [
        pytest.param("upload", DONE, 7, id="moved"),
        pytest.param("copy", PLANNED, 7, id="would be moved"),
        pytest.param("delete", DONE, None, id="a deletion moves nothing"),
        pytest.param("upload", FAILED, None, id="a failure moved nothing"),
    ],
)
def test_a_step_that_moves_bytes_says_how_many(action, status, size):
    assert view(action, status, "new").size == size


def test_every_documented_reason_has_a_meaning_and_no_other_has():
    assert set(MEANINGS) == set(re.findall(r"^\| `(\w+)` \|", DOCUMENT, re.MULTILINE))


def test_every_documented_cause_of_a_step_has_a_sentence_and_no_other_has():
    _, _, end = DOCUMENT.partition("A step that went well says why")

    assert set(WHY) == set(re.findall(r"`(\w+)`", end))


@pytest.mark.parametrize(
    ("reason", "said"), [(None, ""), ("", ""), ("odd", "odd"), ("throttled", MEANINGS["throttled"])]
)
def test_a_reason_that_is_none_means_nothing_and_an_unknown_one_itself(reason, said):
    assert meaning(reason) == said
