"""Variants of a pipeline job file: steps, components, bindings; and of files that are other jobs."""

from __future__ import annotations

from collections.abc import Iterator

from .documents import (
    COMMAND,
    COMPONENT,
    INLINE,
    PIPELINE,
    SPARK,
    Variant,
    expand,
    fill,
    indent,
    mapping,
    pipeline,
    schedule,
    table,
)

PIPELINE_COMPONENT = """\
type: pipeline
inputs:
  n: {type: integer}
jobs:
  a:
    type: command
    component: ./component.yml
    inputs:
      n: ${{parent.inputs.n}}
"""
STEPS = """\
jobs:
  a: {type: command, component: ./component.yml, inputs: {n: 1}}
  r: {type: command, component: azureml:x:1, outputs: {d1: {type: uri_file}}}
  early: {type: command, command: ls, environment: azureml:e:1, inputs: {q: 1}, outputs: {w: {type: uri_file}}}
  b:
    type: command
STEP
  later: {type: command, command: ls, environment: azureml:e:1, inputs: {q: 1}, outputs: {w: {type: uri_file}}}
"""
ONE_STEP = "type: pipeline\njobs:\n  a: {type: command, component: ./component.yml}\n"


def _step(family: str, values: str, text: str = "@@\n") -> Iterator[Variant]:
    head = "type: pipeline\ninputs: {i: 1, d: {type: uri_file}}\noutputs: {o: {}}\njobs:\n"
    job = f"{head}  a:\n{indent(text, 4)}" if text.count("\n") > 1 or text == "@@\n" else f"{head}  a: {text}"
    for value in table(values):
        flow = text == "@@\n" and not expand(value).count(": ")
        variant = next(fill(family, [value], job=f"{head}  a: @@\n" if flow else job))
        yield Variant(variant.name, {**variant.files, "pipeline.yml": PIPELINE_COMPONENT})


def _steps() -> Iterator[Variant]:
    component = "type: command\ncomponent: ./component.yml\n"
    inline = f"type: command\n{INLINE}"
    yield from _step("step", "steps")
    yield from _step("step.component", "components", "type: command\ncomponent: @@\n")
    yield from _step("untyped step.component", "components", "component: @@\ncomment: x\n")
    yield from _step("component step and", "step keys", f"{component}@@\n")
    yield from _step("inline step and", "inline keys", f"{inline}@@\n")
    yield from _step("component step settings", "component step settings", f"{component}@@\n")
    yield from _step("inline step settings", "inline step settings", f"{inline}@@\n")
    yield from _step("other step", "other steps", "@@\nproperties: {a: b}\n")
    yield from _step("component reference", "component references", "component: '@@'\n")
    yield from _step("inline step.environment", "environments", "type: command\ncommand: ls\nenvironment: @@\n")
    yield from _step("component step.inputs", "step inputs", f"{component}inputs: @@\n")
    yield from _step("inline step.inputs", "step inputs", f"{inline}inputs: @@\n")
    yield from _step("component step.outputs.out", "step outputs", f"{component}outputs:\n  out: @@\n")
    yield from _step("inline step.outputs.out", "step outputs", f"{inline}outputs:\n  out: @@\n")
    names = "type: pipeline\njobs:\n  @@: {type: command, component: azureml:x:1}\n"
    yield from fill("step name", "step names", job=names)


def _bindings() -> Iterator[Variant]:
    forms = {
        "inline input": f"{INLINE}inputs: {{n: '@@'}}",
        "component input": "component: ./component.yml\ninputs: {n: '@@'}",
        "inline output": f"{INLINE}outputs: {{n: '@@'}}",
        "component output": "component: ./component.yml\noutputs: {out: '@@'}",
    }
    for family, form in forms.items():
        steps = STEPS.replace("STEP\n", indent(form, 4))
        yield from fill(f"binding of {family}", "bindings", job=pipeline(jobs=steps))
    yield from fill("binding as job input", "bindings", job=pipeline(jobs="", inputs="inputs: {i: '@@'}\n"))
    inline = f"jobs:\n  a:\n    type: command\n{indent(INLINE, 4)}    inputs: {{n: '${{{{parent.inputs.new}}}}'}}\n"
    for body in ("inputs: {new: 1}", "inputs: {other: 1}"):
        files = {"schedule.yml": mapping(body), "job.yml": pipeline(jobs=inline)}
        yield Variant(f"binding to an input of the schedule: {body}", files)


def _components() -> Iterator[Variant]:
    for value in table("component texts"):
        text = expand(value) + "\n"
        files = {"schedule.yml": schedule(), "job.yml": ONE_STEP, "component.yml": text}
        yield Variant(f"component: {value}", files)
        if value.startswith("INLINE"):
            inline = f"type: pipeline\njobs:\n  a:\n    type: command\n    component:\n{indent(text, 6)}"
            yield Variant(f"inline component: {value}", {"schedule.yml": schedule(), "job.yml": inline})
    yield from fill("component settings", "component settings", job=ONE_STEP, component=f"{INLINE}@@\n")
    yield from fill("component.inputs.z", "ports", job=ONE_STEP, component=f"{INLINE}inputs:\n  z: @@\n")
    yield from fill("component.outputs.z", "component outputs", job=ONE_STEP, component=f"{INLINE}outputs:\n  z: @@\n")
    untyped = "type: pipeline\njobs:\n  a: {component: ./component.yml}\n"
    kinds = ["command", "Command", "sweep", "automl", "foo", "pipeline"]
    yield from fill("untyped step, component type", kinds, job=untyped, component=f"{INLINE}type: @@\n")
    places = {
        "component in a folder": {"job.yml": ONE_STEP.replace("./", "./folder/"), "folder/component.yml": COMPONENT},
        "job in a folder": {"folder/job.yml": PIPELINE.replace("./component", "../component")},
        "component next to the schedule": {"folder/job.yml": PIPELINE},
    }
    for name, files in places.items():
        create_job = "./job.yml" if "job.yml" in files else "./folder/job.yml"
        yield Variant(name, {"schedule.yml": schedule(create_job=create_job), **files})


def _other_jobs() -> Iterator[Variant]:
    for value in table("jobs"):
        files = {"job.yml": expand(value) + "\n", "pipeline.yml": PIPELINE_COMPONENT, "folder/file.py": ""}
        yield Variant(f"job: {value}", {"schedule.yml": schedule(), **files})
        yield Variant(f"mapped job: {value}", {"schedule.yml": schedule(create_job="{job: ./job.yml}"), **files})
    for kind, text in (("command", COMMAND), ("spark", SPARK)):
        files = {"job.yml": text, "folder/file.py": ""}
        for other in ("pipeline", "command", "spark"):
            document = mapping("tags: {}", kind=f"type: {other}")
            yield Variant(f"{kind} job as {other}", {"schedule.yml": document, **files})
        for body in table("command overrides"):
            document = mapping(body, kind=f"type: {kind}")
            yield Variant(f"{kind} job with {body}", {"schedule.yml": document, **files})


def pipeline_variants() -> Iterator[Variant]:
    """Steps, bindings, components, and files that hold another job."""
    yield from _steps()
    yield from _bindings()
    yield from _components()
    yield from _other_jobs()
