"""Numbers that are looked up when somebody asks for them, so that each process and machine tells the same."""

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from app.errors import DatabaseUnavailable
from app.monitoring.latest import Latest
from app.monitoring.samples import Measure, Sample

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 3.0
_UP = "Whether the job database answers."


@dataclass(eq=False)
class Gauges(Collector):
    """Asks all measures, at most once a second however many ask. Thread-safe.

    Attributes:
        measures: what asks the database; while it fails or takes more than three seconds, ``sluice_database_up`` is 0
            and their numbers are missing.
        version: of this service.
        data_dir: whose room is told.
    """

    measures: Sequence[Measure]
    version: str
    data_dir: Path
    _latest: Latest[Sequence[Sample]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._latest = Latest("gauges", self._look, _PATIENCE_SECONDS)

    def collect(self) -> Iterator[Metric]:
        """Return the families, for the library."""
        families: dict[str, GaugeMetricFamily] = {}
        for sample in self._samples():
            family = families.get(sample.name)
            if family is None:
                family = GaugeMetricFamily(sample.name, sample.help, labels=list(sample.labels))
                families[sample.name] = family
            family.add_metric(list(sample.labels.values()), sample.value)
        yield from families.values()

    def describe(self) -> Iterable[Metric]:
        """Say nothing: the library would ask the database when this is registered."""
        return ()

    def _samples(self) -> Sequence[Sample]:
        found = self._latest.get()
        down = [Sample("sluice_database_up", _UP, 0)] if self.measures else []
        return [self._build(), *(found if found is not None else down)]

    def _build(self) -> Sample:
        return Sample("sluice_build_info", "The version that runs.", 1, {"version": self.version})

    def _look(self) -> Sequence[Sample]:
        return [*self._of_the_disk(), *self._of_the_database()]

    def _of_the_disk(self) -> Iterator[Sample]:
        try:
            room = os.statvfs(self.data_dir)
        except OSError:
            return
        yield Sample("sluice_data_dir_free_bytes", "Room left where DATA_DIR is.", room.f_bavail * room.f_frsize)
        yield Sample("sluice_data_dir_bytes", "Size of the disk where DATA_DIR is.", room.f_blocks * room.f_frsize)

    def _of_the_database(self) -> Sequence[Sample]:
        try:
            found = [sample for measure in self.measures for sample in measure()]
        except DatabaseUnavailable as error:
            logger.warning("The numbers of the database cannot be told: %s", error)
            return [Sample("sluice_database_up", _UP, 0)]
        return [Sample("sluice_database_up", _UP, 1), *found] if self.measures else []
