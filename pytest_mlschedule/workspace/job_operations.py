"""``workspace.jobs``: the verbs of azure.ai.ml's JobOperations that concern schedules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, overload

import jmespath
from jmespath.exceptions import JMESPathError

from pytest_mlschedule.errors import DefinitionError, ResourceNotFoundError, WorkspaceError
from pytest_mlschedule.schedules.models import JobDefinition
from pytest_mlschedule.schedules.names import refuse_name
from pytest_mlschedule.schedules.sdk import adopt_job
from pytest_mlschedule.triggers.window import to_epoch_floor
from pytest_mlschedule.triggers.wording import quote
from pytest_mlschedule.workspace.admission import refuse_job
from pytest_mlschedule.workspace.job import FINAL_STATUSES, Job
from pytest_mlschedule.workspace.job_changes import find_changes, given_texts, merged_texts, refuse_change
from pytest_mlschedule.workspace.job_store import JobStore
from pytest_mlschedule.workspace.pollers import Poller
from pytest_mlschedule.workspace.roles import CANCEL_JOBS, READ_JOBS, WRITE_JOBS
from pytest_mlschedule.workspace.state import Caller, Operation, WorkspaceState

Jobs = list[Job]
_VIEWS = ("activeonly", "archivedonly", "all")


class JobOperations:
    """The jobs of a workspace, as one caller sees them.

    Every verb raises AuthorizationError where the caller's role does not allow it, before anything else is looked at.
    """

    def __init__(self, state: WorkspaceState, caller: Caller) -> None:
        self._state = state
        self._caller = caller

    def create_or_update(
        self,
        job: JobDefinition,
        *,
        description: str | None = None,
        compute: str | None = None,
        tags: Mapping[str, str] | None = None,
        experiment_name: str | None = None,
    ) -> Job:
        """Put a job into the workspace, so that schedules can refer to it ("azureml:<name>"); it completes at once.

        Takes a pipeline job of ours or of azure-ai-ml; the keywords replace its own values. Without a name it gets
        one. Of a job that exists and runs the same the texts change alone (WS-11); a registered one that runs something else is
        replaced in its place, as a test arranges it: the service, and so REST and az, refuse that. Raises WorkspaceError for a
        pipeline without compute (JB-12) and for another definition of a job that a schedule made, DefinitionError for a name
        that is not allowed.
        """
        given = adopt_job(job)
        texts = {"description": description, "compute": compute, "experiment_name": experiment_name}
        fields: dict[str, Any] = {**texts, "tags": tags}
        changes = type(given)(**fields)  # validates
        definition = given.model_copy(update={key: getattr(changes, key) for key in fields if fields[key] is not None})
        name = definition.name or self._free_name(definition.type)
        with self._state.change(self._caller, Operation("jobs.create_or_update", WRITE_JOBS, f"jobs/{name}")):
            position = self._state.jobs.find_exact(name)
            if position is None:
                return self._register(definition, name)
            there = self._state.jobs[position]
            if there.schedule is None and find_changes(there.definition(), definition):
                return self._register(definition, name)
            refuse_change(name, there.definition(), definition)
            return self._state.jobs.rewrite(position, given_texts(definition))

    def _register(self, definition: JobDefinition, name: str) -> Job:
        problems = refuse_name(name, "job")
        if problems:
            raise DefinitionError(item.under("name") for item in problems)
        reasons = list(refuse_job(definition))
        if reasons:
            raise WorkspaceError(f"job {quote(name)}: {'; '.join(reasons)}")
        created = to_epoch_floor(self._state.clock.now())
        return self._state.jobs.register(definition, name, created, self._caller.principal)

    def _free_name(self, kind: str) -> str:
        number = len(self._state.jobs) + 1
        while self._state.jobs.position(f"{kind}-{number}") is not None:
            number += 1
        return f"{kind}-{number}"

    def get(self, name: str) -> Job:
        """The job of a name. Raises ResourceNotFoundError."""
        self._state.authorize(self._caller, Operation("jobs.get", READ_JOBS, f"jobs/{name}"))
        return self._state.jobs[self._position(name)]

    @overload
    def list(
        self,
        *,
        parent_job_name: str | None = None,
        list_view_type: str | Enum = "ACTIVE_ONLY",
        schedule: str | None = None,
        query: None = None,
    ) -> Jobs: ...
    @overload
    def list(
        self,
        *,
        parent_job_name: str | None = None,
        list_view_type: str | Enum = "ACTIVE_ONLY",
        schedule: str | None = None,
        query: str,
    ) -> Any: ...
    def list(
        self,
        *,
        parent_job_name: str | None = None,
        list_view_type: str | Enum = "ACTIVE_ONLY",
        schedule: str | None = None,
        query: str | None = None,
    ) -> Any:
        """The jobs in the order they were made, registered ones included (semantics WS-7).

        ``schedule``: those of one schedule alone. ``query``: a JMESPath expression over ``[job.to_dict(), ...]``, as
        in ``az ml job list --query``: what selects whole jobs gives Job objects, anything else the plain data.
        ``parent_job_name``: the children of a job; steps are not emulated, so there are none. ``list_view_type``:
        jobs that are not archived, or ``ARCHIVED_ONLY``, or ``ALL``. Raises WorkspaceError for a query that is not
        JMESPath.
        """
        view = _read_view(list_view_type)
        self._state.authorize(self._caller, Operation("jobs.list", READ_JOBS, "jobs"))
        jobs = list(_view(self._state.jobs, view))
        if parent_job_name is not None:
            self._position(parent_job_name)
            jobs = []
        if schedule is not None:
            jobs = [job for job in jobs if job.schedule == schedule]
        return jobs if query is None else _search(jobs, query)

    def archive(self, name: str) -> None:
        """Leave a job out of lists; it stays, and schedules may refer to it. Raises ResourceNotFoundError."""
        with self._state.change(self._caller, Operation("jobs.archive", WRITE_JOBS, f"jobs/{name}")):
            self._state.jobs.archived.add(self._state.jobs[self._position(name)].name)

    def restore(self, name: str) -> None:
        """Show an archived job in lists again. Raises ResourceNotFoundError."""
        with self._state.change(self._caller, Operation("jobs.restore", WRITE_JOBS, f"jobs/{name}")):
            self._state.jobs.archived.discard(self._state.jobs[self._position(name)].name)

    def update(
        self,
        name: str,
        *,
        display_name: str | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> Job:
        """Change texts of a job (WS-11); tags and properties are added to those it has, one by one.

        Raises ResourceNotFoundError.
        """
        state = self._state
        with state.change(self._caller, Operation("jobs.update", WRITE_JOBS, f"jobs/{name}")):
            position = self._position(name)
            given = {"display_name": display_name, "description": description, "tags": tags, "properties": properties}
            return state.jobs.rewrite(position, merged_texts(state.jobs[position], given))

    def begin_cancel(self, name: str) -> Poller[None]:
        """Cancel a job; one that has ended stays as it is. Raises ResourceNotFoundError."""
        state = self._state
        with state.change(self._caller, Operation("jobs.begin_cancel", CANCEL_JOBS, f"jobs/{name}")) as remarks:
            position = self._position(name)
            status = state.jobs[position].status
            if status in FINAL_STATUSES:
                remarks.append(f"the job had ended before: {status}")
            else:
                state.jobs.set_status(position, "Canceled")
        return Poller(lambda: None, state.clock, ends_at=state.clock.now())

    def _position(self, name: str) -> int:
        position = self._state.jobs.position(name)
        if position is None:
            raise ResourceNotFoundError(f"Job {name} not found")
        return position


def _view(jobs: JobStore, view: str) -> Iterator[Job]:
    """The jobs that a view shows. Names are computed only where some are archived: that is what a job costs."""
    if view == "all" or not jobs.archived:
        return iter(()) if view == "archivedonly" else iter(jobs)
    wanted = view == "archivedonly"
    return (job for job in jobs if (job.name in jobs.archived) is wanted)


def _read_view(view: str | Enum) -> str:
    text = str(view.value if isinstance(view, Enum) else view)
    plain = text.replace("_", "").lower()
    if plain not in _VIEWS:
        raise ValueError(f"list_view_type is ACTIVE_ONLY, ARCHIVED_ONLY or ALL, not {quote(text)}")
    return plain


def _search(jobs: list[Job], query: str) -> Any:
    try:
        compiled = jmespath.compile(query)
        data = [job.to_dict() for job in jobs]
        found = compiled.search(data)
    except JMESPathError as problem:
        raise WorkspaceError(f"the query {quote(query)} is not JMESPath, or does not fit jobs: {problem}") from None
    # A filter hands on the very objects it was given; those become jobs again.
    known = {id(entity): job for entity, job in zip(data, jobs, strict=True)}
    if isinstance(found, list) and all(id(item) in known for item in found):
        return [known[id(item)] for item in found]
    return known.get(id(found), found)
