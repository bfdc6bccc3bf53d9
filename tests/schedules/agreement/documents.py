"""The base documents, and how variants of them are made: one hole (``@@``), many texts."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Files = Mapping[str, str | bytes | None]

PIPELINE = """\
type: pipeline
display_name: pipeline
experiment_name: exp
tags: {a: b}
inputs:
  i: 5
  s: hello
  d: {type: uri_file, path: azureml:data@latest}
outputs:
  o: {type: uri_folder, mode: rw_mount}
settings:
  default_compute: azureml:cpu
jobs:
  a:
    type: command
    component: ./component.yml
    inputs:
      n: ${{parent.inputs.i}}
      t: ${{parent.inputs.s}}
    outputs:
      out: ${{parent.outputs.o}}
"""
UNTYPED = PIPELINE.removeprefix("type: pipeline\n")

COMPONENT = """\
type: command
name: comp
version: 1
inputs:
  n: {type: integer}
  t: {type: string, optional: true}
outputs:
  out: {type: uri_folder}
command: echo ${{inputs.n}} $[[${{inputs.t}}]] > ${{outputs.out}}/x
environment: azureml:env:1
"""
INLINE = "command: ls\nenvironment: azureml:e:1\n"
COMMAND = f"type: command\n{INLINE}"
SPARK = """\
type: spark
code: ./folder
entry: {file: file.py}
conf: {spark.driver.cores: 1, spark.driver.memory: 2g, spark.executor.cores: 2, spark.executor.memory: 2g,
       spark.executor.instances: 2}
resources: {instance_type: standard_e4s_v3, runtime_version: '3.3'}
"""
SWEEP = """\
type: sweep
trial: {command: ls, environment: 'azureml:e:1'}
sampling_algorithm: random
objective: {goal: minimize, primary_metric: x}
search_space: {n: {type: choice, values: [1]}}
limits: {max_total_trials: 1}
"""
AUTOML = """\
type: automl
task: classification
training_data: {type: mltable, path: azureml:d:1}
target_column_name: y
primary_metric: accuracy
"""
ARM = "/subscriptions/a/resourceGroups/b/providers/Microsoft.MachineLearningServices/workspaces/w/jobs/j"

RECURRENCE = """\
type: recurrence
frequency: day
interval: 1
"""

COMMON: Files = {"job.yml": PIPELINE, "component.yml": COMPONENT, "file.txt": "x", "folder": None}
# What values.txt writes for a text of several lines.
WORDS = {"PIPELINE": PIPELINE, "UNTYPED": UNTYPED, "COMPONENT": COMPONENT, "INLINE": INLINE, "COMMAND": COMMAND,
         "SPARK": SPARK, "SWEEP": SWEEP, "AUTOML": AUTOML}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Variant:
    """A set of files (text, bytes, or None for a directory) whose ``schedule.yml`` is to be loaded."""

    name: str
    files: Files

    def write(self, folder: Path) -> Path:
        """Write the files, and the ones that all variants share. Returns the schedule file."""
        _write({**COMMON, **self.files}, folder)
        return folder / "schedule.yml"

    @contextlib.contextmanager
    def placed(self, folder: Path) -> Iterator[Path]:
        """The schedule file in a folder that holds the shared files, and afterwards holds them again and no others."""
        _write(self.files, folder)
        yield folder / "schedule.yml"
        for name in self.files:
            (folder / name).unlink(missing_ok=True)
        _write({name: COMMON[name] for name in self.files if name in COMMON}, folder)


def _write(files: Files, folder: Path) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.mkdir(exist_ok=True)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8", newline="")


@functools.cache
def _tables() -> dict[str, list[str]]:
    tables: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("values.txt").read_text(encoding="utf-8").split("\n"):
        if line.startswith("@ "):
            current = tables.setdefault(line[2:], [])
        elif line and not line.startswith("#"):
            current.append(line)
    return tables


def table(name: str) -> list[str]:
    """A table of values.txt, as written there."""
    return _tables()[name]


def expand(value: str) -> str:
    """The text that a value of a table stands for."""
    lines = ["" if line == "(empty)" else WORDS.get(line, line).rstrip("\n") for line in value.split(" ⏎ ")]
    text = "\n".join(lines)
    return text.replace("azureml:ARM", f"azureml:{ARM}")


def indent(text: str, width: int = 2) -> str:
    """Each line moved right; ends with a line break."""
    return "".join(" " * width + line + "\n" for line in text.rstrip("\n").split("\n"))


def schedule(
    extra: str = "", *, name: str = "nightly", trigger: str = RECURRENCE, create_job: str = "./job.yml"
) -> str:
    """A schedule file; ``create_job`` with a line break is a block mapping."""
    action = f"create_job: {create_job}\n" if "\n" not in create_job else "create_job:\n" + indent(create_job)
    return f"name: {name}\ntrigger:\n{indent(trigger)}{action}{extra}"


def mapping(body: str, *, job: str = "./job.yml", kind: str = "type: pipeline") -> str:
    """A schedule whose create_job is a mapping with these lines more."""
    return schedule(create_job=f"{kind}\njob: {job}\n{body}\n")


def pipeline(**replaced: str) -> str:
    """The base pipeline job with whole top-level blocks replaced; an empty text takes the block out."""
    blocks: dict[str, str] = {}
    for line in PIPELINE.splitlines(keepends=True):
        if not line.startswith(" "):
            key = line.split(":")[0]
            blocks[key] = ""
        blocks[key] += line
    return "".join({**blocks, **replaced}.values())


def fill(family: str, values: list[str] | str, **files: str) -> Iterator[Variant]:
    """One variant for each value (of the table of that name), put where the files (``job`` = job.yml) say ``@@``.

    A hole that stands alone in its line gets every line of the value indented as the hole is.
    """
    for value in table(values) if isinstance(values, str) else values:
        filled = {f"{name}.yml": _put(text, expand(value)) for name, text in files.items()}
        yield Variant(f"{family}: {value}", {"schedule.yml": schedule(), **filled})


def _put(text: str, value: str) -> str:
    lines = []
    for line in text.split("\n"):
        alone = line.strip() == "@@"
        width = len(line) - len(line.lstrip())
        lines.append(indent(value, width).rstrip("\n") if alone else line.replace("@@", value))
    return "\n".join(lines)
