"""All jobs of a workspace, in the order they came; found by name without computing names that nobody asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pytest_mlschedule.schedules.models import JobDefinition
from pytest_mlschedule.workspace.job import Job, JobStatus, RegisteredJob

# Names of triggered jobs end in a guid (JB-2); for other names there is no need to look among them.
_GUID_END = re.compile(r"-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


class JobStore:
    """A list of jobs with an index by name that follows behind."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._positions: dict[str, int] = {}
        self._indexed = 0
        self._registered: dict[str, JobDefinition] = {}
        self._spelling: dict[str, str] = {}
        self.archived: set[str] = set()
        """Names of jobs that lists leave out unless they are asked for."""
        self.revision = 0
        """Counts registrations and changes: templates that looked a reference up before are out of date."""

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[Job]:
        return iter(self._jobs)

    def __getitem__(self, position: int) -> Job:
        return self._jobs[position]

    def extend(self, jobs: Iterable[Job]) -> None:
        """Add jobs with new names."""
        self._jobs.extend(jobs)

    def position(self, name: str) -> int | None:
        """Where the job of a name is, or None. A registered job is found in any case, as ARM finds it."""
        exact = self.find_exact(name)
        return self._positions.get(self._spelling.get(name.lower(), "")) if exact is None else exact

    def find_exact(self, name: str) -> int | None:
        """Where the job of exactly this name is, or None."""
        for position in range(self._indexed, len(self._jobs)):
            self._positions[self._jobs[position].name] = position
        self._indexed = len(self._jobs)
        return self._positions.get(name)

    def get(self, name: str) -> Job | None:
        """The job of a name, or None."""
        position = self.position(name)
        return None if position is None else self._jobs[position]

    def set_status(self, position: int, status: JobStatus) -> Job:
        """Put a job with another status in the place of the one there."""
        job = self._jobs[position] = self._jobs[position].with_status(status)
        return job

    def register(self, definition: JobDefinition, name: str, epoch: int, created_by: str) -> Job:
        """Add a job that schedules can refer to, or put it in the place of the one of that name."""
        job = Job(RegisteredJob(definition, name, created_by), epoch)
        position = self.find_exact(name)
        if position is None:
            self._jobs.append(job)
        else:
            self._jobs[position] = job
        self._registered[name] = definition
        self._spelling[name.lower()] = name
        self.revision += 1
        return job

    def rewrite(self, position: int, texts: Mapping[str, Any]) -> Job:
        """Change the texts of a job; what it runs, its place, time and status stay."""
        job = self._jobs[position] = self._jobs[position].with_texts(texts)
        definition = job.definition()
        if job.schedule is None and definition is not None:
            self._registered[job.name] = definition
        self.revision += 1
        return job

    def find(self, name: str) -> JobDefinition | None:
        """What the job of a name runs, for schedules that refer to it; None when it is not known."""
        known = self._registered.get(name) or self._registered.get(self._spelling.get(name.lower(), ""))
        if known is not None:
            return known
        job = self.get(name) if _GUID_END.search(name) else None
        return None if job is None else job.definition()
