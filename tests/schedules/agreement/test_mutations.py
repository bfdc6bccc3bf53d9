"""Random changes of whole documents: what the tables of values did not think of."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from .client import load_with_client, rest_form
from .documents import COMPONENT, PIPELINE, Variant, mapping, schedule
from .meaning import client_meaning, differences, our_meaning
from .verdicts import load_ours, stricter

PATTERN = "type: recurrence\nfrequency: week\ninterval: 2\nschedule: {hours: [3], minutes: 0, week_days: [monday]}\n"
LIMITS = "type: cron\nexpression: 5 4 * * *\nstart_time: '2026-01-01T00:00:00'\ntime_zone: Tokyo Standard Time\n"
OVERRIDES = """\
inputs: {i: 7, d: {type: uri_file, path: azureml:e:2, mode: ro_mount}}
outputs: {o: {path: azureml://datastores/x/paths/y}}
settings: {default_compute: azureml:gpu, continue_on_step_failure: true, force_rerun: false}
tags: {c: d}
properties: {p: q}
experiment_name: other
identity: {type: managed, client_id: x}
"""
INLINE_STEP = """\
type: pipeline
inputs: {i: 5}
outputs: {o: {type: uri_folder}}
jobs:
  a:
    type: command
    command: echo ${{inputs.n}}
    environment: azureml:e:1
    code: ./folder
    inputs: {n: '${{parent.inputs.i}}'}
    outputs: {out: '${{parent.outputs.o}}'}
  b:
    component: {type: command, command: ls, environment: azureml:e:1, inputs: {k: {type: integer, default: 1}}}
    inputs: {k: '${{parent.jobs.a.outputs.out}}'}
"""
SCHEDULES = [
    schedule("display_name: d\ntags: {a: 1}\nproperties: {p: q}\n", trigger=PATTERN),
    schedule(trigger=LIMITS, create_job="azureml:base"),
    mapping(OVERRIDES),
    mapping(OVERRIDES, job="azureml:base"),
]
VALUES: list[Any] = [
    None, True, False, 0, 1, -3, 2.5, 1e30, "", " ", "x", "1", "true", "null", "azureml:x:1", "${{name}}", "./job.yml", [], [1], ["x"], [None],
    {}, {"a": "b"}, {"type": "uri_file"}, {"value": 3}, {1: 2}, "pipeline", "command", "monday", "UTC", "cron",
]  # fmt: skip
KEYS: list[Any] = [
    "x",
    "type",
    "name",
    "inputs",
    "job",
    "jobs",
    "Type",
    "path",
    "value",
    "description",
    5,
    None,
    "component",
    "code",
    "",
]


# MLS401 stands in stricter.txt for one empty reference; elsewhere it means a missing file, which the client rejects too.
STRICTER_CODES = {why.code for why in stricter().values()} - {"MLS401"}


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from _places(value, (*path, key))


def _mutate(document: Any, random: Random) -> str:
    changed = copy.deepcopy(document)
    places = sorted(_places(changed), key=repr)
    *way, key = random.choice(places)
    parent = changed
    for part in way:
        parent = parent[part]
    kind = random.choice(["value", "value", "value", "drop", "rename", "add", "wrap"])
    if kind == "value" or isinstance(parent, list):
        parent[key] = copy.deepcopy(random.choice(VALUES))
    elif kind == "wrap":
        parent[key] = [parent[key]]
    elif kind == "add":
        parent[random.choice(KEYS)] = copy.deepcopy(random.choice(VALUES))
    else:
        value = parent.pop(key)
        if kind == "rename":
            parent[random.choice(KEYS)] = value
    return f"# {kind} {'.'.join(map(str, (*way, key)))}\n{yaml.safe_dump(changed, sort_keys=False)}"


def mutants(seed: int, count: int) -> Iterator[Variant]:
    """Sets of files with one or two random changes, in the schedule, the job or the component."""
    random = Random(seed)
    for number in range(count):
        texts = {
            "schedule.yml": random.choice(SCHEDULES),
            "job.yml": random.choice([PIPELINE, INLINE_STEP]),
            "component.yml": COMPONENT,
        }
        for _ in range(random.choice([1, 1, 2])):
            name = random.choice(["schedule.yml", "schedule.yml", "job.yml", "job.yml", "component.yml"])
            texts[name] = _mutate(yaml.safe_load(texts[name]) or {"name": "x"}, random)
        yield Variant(f"{seed}.{number}", texts)


def _compare(variant: Variant, folder: Path) -> list[str]:
    path = variant.write(folder)
    theirs, said = load_with_client(path)
    ours, codes = load_ours(path)
    if theirs is None or ours is None:
        written = bool(codes) and codes <= STRICTER_CODES
        agreed = (theirs is None) == (ours is None) or (ours is None and written)
        return [] if agreed else [f"client {said[-300:] or 'accepts'}; we {codes or 'accept'}"]
    form = rest_form(theirs)
    return [] if form is None else differences(client_meaning(theirs.name, form), our_meaning(ours))


@pytest.mark.parametrize("seed", range(6))
def test_mutated_documents_get_the_clients_verdict(seed: int, tmp_path: Path) -> None:
    wrong = [
        f"{problem}\n{variant.files}"
        for number, variant in enumerate(mutants(seed, 20))
        for problem in _compare(variant, tmp_path / str(number))
    ]
    assert wrong == []
