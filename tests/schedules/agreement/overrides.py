"""Variants of create_job as a mapping, and of the keys that it shares with pipeline job files."""

from __future__ import annotations

from collections.abc import Iterator

from .documents import Variant, fill, mapping, pipeline, table

INPUTS = [
    *table("literals"), *table("mapped literals"), *table("data"),
    *(f"{{type: {kind}, path: azureml:d:1}}" for kind in table("types")),
    *(f"{{type: {kind}, mode: {mode}}}" for kind in ("uri_file", "mltable", "mlflow_model") for mode in table("modes")),
]  # fmt: skip
OUTPUTS = [
    *table("outputs"),
    *(f"{{type: {kind}}}" for kind in table("types")),
    *(f"{{mode: {mode}}}" for mode in table("modes")),
]
SETTINGS = [
    *table("settings"),
    *(f"{{default_compute: {text}}}" for text in table("default computes")),
    *(f"{{default_datastore: {text}}}" for text in table("default datastores")),
    *(f"{{{key}: {text}}}" for key in ("continue_on_step_failure", "force_rerun") for text in table("truths")),
]
VALUES = {"tags": table("maps"), "properties": table("maps"), "compute": table("computes"),
          "identity": table("identities"), "settings": SETTINGS, "services": table("services")}  # fmt: skip
KEYS = [*table("keys"), *table("foreign keys")]


def _values(key: str) -> list[str]:
    return list(dict.fromkeys([*table("forms"), *VALUES.get(key, [])]))


def override_variants() -> Iterator[Variant]:
    """create_job as a mapping, over a file and over a job in the workspace."""
    for place, job in (("create_job", "./job.yml"), ("remote", "azureml:base")):
        text = mapping("tags: {}", job=job, kind="type: @@")
        yield from fill(f"{place}.type", "create_job types", schedule=text)
        for key in KEYS:
            yield from fill(f"{place}.{key}", _values(key), schedule=mapping(f"{key}: @@", job=job))
        inputs = mapping("inputs:\n  z: @@", job=job)
        yield from fill(f"{place}.inputs.z", INPUTS, schedule=inputs)
        outputs = mapping("outputs:\n  z: @@", job=job)
        yield from fill(f"{place}.outputs.z", OUTPUTS, schedule=outputs)
        text = mapping("inputs:\n  @@: 1", job=job)
        yield from fill(f"{place}.inputs name", "names", schedule=text)
        text = mapping("outputs:\n  @@: {}", job=job)
        yield from fill(f"{place}.outputs name", "names", schedule=text)
        yield from fill(f"{place} key", "odd keys", schedule=mapping("? @@\n: x", job=job))
    yield from fill("create_job.inputs.d", "over data", schedule=mapping("inputs:\n  d: @@"))
    yield from fill("create_job.inputs.i", "over data", schedule=mapping("inputs:\n  i: @@"))
    yield from fill("create_job.outputs.o", "over outputs", schedule=mapping("outputs:\n  o: @@"))
    yield from fill("create_job.tags over tags", "over tags", schedule=mapping("tags: @@"))


def job_file_variants() -> Iterator[Variant]:
    """The keys that a pipeline job file shares with create_job, in the job file."""
    bare = pipeline(jobs="", inputs="", outputs="")
    for key in KEYS:
        if key not in ("component", "jobs"):
            text = pipeline(**{"jobs": "", "inputs": "", "outputs": "", key: ""})
            yield from fill(f"job.{key}", _values(key), job=f"{text}{key}: @@\n")
    yield from fill("job.inputs.z", table("data"), job=f"{bare}inputs:\n  z: @@\n")
    literals = [value for value in INPUTS if value not in table("data")]
    yield from fill("job.inputs.z", literals, job=f"{bare}inputs:\n  z: @@\n")
    yield from fill("job.outputs.z", OUTPUTS, job=f"{bare}outputs:\n  z: @@\n")
    yield from fill("job.inputs name", "names", job=f"{bare}inputs:\n  @@: 1\n")
    yield from fill("job.outputs name", "names", job=f"{bare}outputs:\n  @@: {{}}\n")
    yield from fill("job key", "odd keys", job=f"{bare}? @@\n: x\n")
