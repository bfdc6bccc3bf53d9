"""What a schedule means, from the client's REST body and from ours, in one comparable form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mlschedule import CronTrigger, JobSchedule, RecurrenceTrigger

_MODES = {"ro_mount": "ReadOnlyMount", "download": "Download", "direct": "Direct", "eval_mount": "EvalMount",
          "eval_download": "EvalDownload", "upload": "Upload", "rw_mount": "ReadWriteMount", "mount": "ReadWriteMount"}  # fmt: skip
_TEXTS = {"displayName": "display_name", "description": "description", "experimentName": "experiment_name"}

Form = dict[str, Any]


def _present(form: Mapping[str, Any]) -> Form:
    return {key: _plain(value) for key, value in form.items() if value not in (None, {}, [], (), "")}


def _plain(value: Any) -> Any:
    """Frozen lists and mappings as JSON has them."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def _numbers(value: Any) -> list[Any]:
    items = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return sorted(set(items))


def _client_trigger(form: Mapping[str, Any]) -> Form:
    pattern = form.get("schedule") or {}
    days = {"week_days": _numbers(pattern.get("weekDays")), "month_days": _numbers(pattern.get("monthDays"))}
    return _present({
        "type": form["triggerType"].lower(),
        "expression": form.get("expression"),
        "frequency": form.get("frequency"),
        "interval": form.get("interval"),
        "hours": _numbers(pattern.get("hours")),
        "minutes": _numbers(pattern.get("minutes")),
        **days,
        "start": form.get("startTime"),
        "end": form.get("endTime"),
        "time_zone": form["timeZone"].lower(),
    })  # fmt: skip


def _our_trigger(trigger: CronTrigger | RecurrenceTrigger) -> Form:
    form: Form = {"type": trigger.type, "time_zone": trigger.time_zone.lower()}
    # The client drops the UTC offset and sends the wall clock that is written (ST-1).
    for key, stamp in (("start", trigger.start), ("end", trigger.end)):
        form[key] = stamp and stamp.wall.isoformat(" ")
    if isinstance(trigger, CronTrigger):
        return _present({**form, "expression": trigger.expression})
    pattern = trigger.schedule
    parts = {key: _numbers(getattr(pattern, key, None)) for key in ("hours", "minutes", "week_days", "month_days")}
    return _present({**form, "frequency": trigger.frequency, "interval": trigger.interval, **parts})


def _bare(path: str | None) -> str | None:
    return path and path.removeprefix("azureml:")


def _our_input(value: Any) -> Form:
    if not isinstance(value, Mapping):
        return {"jobInputType": "literal", "value": str(value)}
    if "${{" in (value.get("path") or ""):  # the client makes the whole input a literal
        return {"jobInputType": "literal", "value": value["path"]}
    mode = _MODES.get(value.get("mode", ""))
    return _present({"jobInputType": value.get("type", "uri_folder"), "uri": _bare(value.get("path")), "mode": mode})


def _our_output(value: Mapping[str, Any]) -> Form:
    return _present({
        "jobOutputType": value.get("type", "uri_folder"),
        "uri": _bare(value.get("path")),
        "mode": _MODES.get(value.get("mode", "")),
        "assetName": value.get("name"),
        "assetVersion": value.get("version"),
    })  # fmt: skip


def _client_data(forms: Mapping[str, Form]) -> Form:
    return {name: _present({**form, "uri": _bare(form.get("uri"))}) for name, form in forms.items()}


def _client_job(form: Mapping[str, Any]) -> Form:
    settings = {key: value for key, value in form.get("settings", {}).items() if key != "_source"}  # the client's own
    return _present({
        **{key: form.get(key) or None for key in (*_TEXTS, "tags", "sourceJobId")},
        "properties": form.get("properties"),
        "compute": form.get("computeId"),
        "inputs": _client_data(form.get("inputs", {})),
        "outputs": _client_data(form.get("outputs", {})),
        "settings": _present(settings),
        "steps": sorted(form.get("jobs", {})),
    })  # fmt: skip


def _steps(job: Any) -> Mapping[str, Any]:
    """The steps, of the job itself or of the component file that stands for them."""
    steps: Mapping[str, Any] = job.jobs or getattr(job.component, "content", {}).get("jobs", {})
    return steps


def _our_job(schedule: JobSchedule) -> Form:
    job = schedule.create_job
    if job is None or isinstance(job, str):
        return _present({"sourceJobId": job})
    return _present({
        **{key: getattr(job, name) or None for key, name in _TEXTS.items()},
        "tags": dict(job.tags),
        "sourceJobId": job.id,
        "properties": dict(job.properties),
        "compute": job.compute,
        "inputs": {name: _our_input(value) for name, value in job.inputs.items() if value != ""},
        "outputs": {name: _our_output(value) for name, value in job.outputs.items()},
        "settings": _present({key: value for key, value in job.settings.items() if key != "_source"}),
        "steps": sorted(_steps(job)),
    })  # fmt: skip


def client_meaning(name: str, form: Mapping[str, Any]) -> Form:
    """From the body that the client would PUT."""
    body = form["properties"]
    tags = {key: str(value) for key, value in body.get("tags", {}).items()}
    return {
        "name": name,
        "display_name": body.get("displayName") or None,
        "description": body.get("description") or None,
        "tags": tags,
        "properties": body.get("properties", {}),
        "trigger": _client_trigger(body["trigger"]),
        "job": _client_job(body["action"].get("jobDefinition", {})),
    }


def our_meaning(schedule: JobSchedule) -> Form:
    """From the schedule that we loaded."""
    return {
        "name": schedule.name,
        "display_name": schedule.display_name or None,
        "description": schedule.description or None,
        "tags": {key: str(_plain(value)) for key, value in schedule.tags.items()},
        "properties": dict(schedule.properties),
        "trigger": _our_trigger(schedule.trigger),
        "job": _our_job(schedule),
    }


def differences(theirs: Form, ours: Form) -> list[str]:
    """What differs, one line a field."""
    return [f"{key}: client {theirs[key]!r}, here {ours[key]!r}" for key in theirs if theirs[key] != ours[key]]
