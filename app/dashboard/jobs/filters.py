"""What a person filters a list by: fields of the query, checked as a form is, and kept for the links of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from app.dashboard.jobs.step_views import ACTIONS
from app.jobs.contract import JobSelection, JobState, StepSelection, StepStatus

UNFINISHED = "unfinished"
"""The word for all that runs or waits."""

_LONGEST = 1100  # a key has 1,024 bytes at most
_BEGINNING = {state for state in JobState if not state.is_final}


class _Query(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE  # what other pages and other versions add to an address is no fault


class JobQuery(_Query):
    """What the list of jobs takes."""

    state = fields.String(validate=validate.OneOf([UNFINISHED, *JobState]))
    storage = fields.String(validate=validate.Length(max=_LONGEST))
    who = fields.Integer(validate=validate.Range(min=0, max=2**31))
    before = fields.UUID()


class StepQuery(_Query):
    """What the list of a job's steps takes."""

    status = fields.String(validate=validate.OneOf([*StepStatus]))
    action = fields.String(validate=validate.OneOf([*ACTIONS]))
    text = fields.String(validate=validate.Length(max=_LONGEST))  # not `key`: that would be somebody's API key
    after = fields.String(validate=validate.Length(max=_LONGEST))


@dataclass(frozen=True, slots=True)
class Filters:
    """What was typed into the fields of a filter.

    Attributes:
        typed: each field that is not empty, as it came.
        values: what it stands for; without those that are wrong.
        errors: what is wrong with a field.
    """

    typed: Mapping[str, str]
    values: Mapping[str, Any]
    errors: Mapping[str, str]

    def without_place(self) -> dict[str, str]:
        """Return the fields that say what is wanted, without those that say how far one has paged."""
        return {name: text for name, text in self.typed.items() if name not in ("before", "after")}


def read_filters(schema: type[ma.Schema], query: Mapping[str, str]) -> Filters:
    """Return the fields of a query that ``schema`` has; an empty one is as good as none."""
    typed = {name: query[name] for name in schema().fields if query.get(name, "")}
    try:
        return Filters(typed, schema().load(typed), {})
    except ma.ValidationError as error:
        wrong: Any = error.messages
        said = {name: " ".join(sentences) for name, sentences in wrong.items()}
        return Filters(typed, error.valid_data or {}, said)  # type: ignore[arg-type]  # one document, so no list


def wanted_states(values: Mapping[str, Any]) -> set[JobState]:
    """Return the states of the jobs that are wanted."""
    state = values.get("state")
    if state is None:
        return set(JobState)
    return set(_BEGINNING) if state == UNFINISHED else {JobState(state)}


def job_selection(values: Mapping[str, Any], states: set[JobState]) -> JobSelection:
    """Return the jobs of these states that are wanted."""
    before = values.get("before")
    return JobSelection(
        states=states,
        storage=values.get("storage", ""),
        owner_id=values.get("who"),
        before=None if before is None or not _are_final(states) else str(before),
    )


def step_selection(values: Mapping[str, Any]) -> StepSelection:
    """Return the steps that are wanted."""
    status = values.get("status")
    return StepSelection(
        status=None if status is None else StepStatus(status),
        action=values.get("action"),
        text=values.get("text", ""),
    )


def _are_final(states: set[JobState]) -> bool:
    return all(state.is_final for state in states)
