"""What the list of jobs shows: its sections, whose jobs they are, and what the filter offers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.accounts.caller import Caller
from app.dashboard.jobs.filters import job_selection, wanted_states
from app.dashboard.jobs.job_views import JobView, job_view
from app.jobs.contract import Job, JobState
from app.web.services import current_services

SHOWN_MAX = 50
"""How many jobs a section shows."""

_CONNECTIONS_MAX = 200
_FINAL = {state for state in JobState if state.is_final}


@dataclass(frozen=True, slots=True)
class Section:
    """Some jobs of one section.

    Attributes:
        has_more: there are more than these.
    """

    jobs: Sequence[JobView] = ()
    has_more: bool = False

    @property
    def last_id(self) -> str:
        """The id of the last job, which the next page begins after."""
        return self.jobs[-1].id if self.jobs else ""

    def without(self, *later: "Section") -> "Section":
        """Return this section without the jobs that were found in a later one meanwhile."""
        gone_on = {job.id for section in later for job in section.jobs}
        return Section([job for job in self.jobs if job.id not in gone_on], self.has_more)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobList:
    """The jobs that are wanted, in their sections; who asks for older jobs sees those that have finished."""

    running: Section = field(default_factory=Section)
    waiting: Section = field(default_factory=Section)
    finished: Section = field(default_factory=Section)

    @property
    def is_empty(self) -> bool:
        """Whether there is no such job."""
        return not (self.running.jobs or self.waiting.jobs or self.finished.jobs)

    @property
    def changes(self) -> bool:
        """Whether one of these jobs is going to change by itself."""
        return bool(self.running.jobs or self.waiting.jobs)


def job_list(wanted: Mapping[str, object], owner_id: int | None) -> JobList:
    """Return the jobs that the values of a filter ask for.

    Raises:
        JobNotFound: it asks for jobs older than one that is unknown.
    """
    states = wanted_states(wanted)
    if "before" in wanted:
        return JobList(finished=_section(wanted, states & _FINAL, owner_id))
    # In the order of a job's life: one that goes on between two of these is found twice, and never missed.
    waiting, running, finished = (
        _section(wanted, states & some, owner_id) for some in ({JobState.QUEUED}, {JobState.RUNNING}, _FINAL)
    )
    return JobList(waiting=waiting.without(running, finished), running=running.without(finished), finished=finished)


def owner_names(ids: Iterable[int]) -> Mapping[int, str]:
    """Return the names of users by their ids; of one who was removed, words that say so."""
    wanted = set(ids)
    known = current_services().accounts.users_named(wanted)
    return {each: known[each].name if each in known else f"removed user {each}" for each in wanted}


def views_of(jobs: Sequence[Job]) -> list[JobView]:
    """Return jobs as pages show them, with the names of their owners."""
    names = owner_names(job.owner_id for job in jobs if job.owner_id is not None)
    return [job_view(job, None if job.owner_id is None else names[job.owner_id]) for job in jobs]


def known_places(caller: Caller | None, shown: JobList) -> Mapping[str, str]:
    """Return what the field for a storage offers: addresses of the caller's connections, and buckets on the page.

    Returns:
        What to type, and how people call it.
    """
    seen = [*shown.running.jobs, *shown.waiting.jobs, *shown.finished.jobs]
    places = {job.bucket: job.bucket for job in seen if job.bucket}
    connections = [] if caller is None else current_services().connections.list(caller)[:_CONNECTIONS_MAX]
    return places | {f"{each.url}/{each.bucket}": each.name for each in connections}


def _section(wanted: Mapping[str, object], states: set[JobState], owner_id: int | None) -> Section:
    if not states:
        return Section()
    oldest_first = states == {JobState.QUEUED}  # those that start next
    found = current_services().jobs.find(
        job_selection(wanted, states), SHOWN_MAX + 1, oldest_first=oldest_first, owner_id=owner_id
    )
    return Section(views_of(found[:SHOWN_MAX]), has_more=len(found) > SHOWN_MAX)
