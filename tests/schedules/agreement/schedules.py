"""Variants of the schedule file itself: its keys, its text, and which job it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .documents import PIPELINE, Variant, expand, fill, mapping, schedule, table

HEAD = "name: nightly\ntrigger: {type: cron, expression: '* * * * *'}\n"
COMPUTE = "  compute: {instance_type: standard_e4s_v3, runtime_version: '3.4'}\n"
MONITOR = f"create_monitor:\n{COMPUTE}"
IMPORT = """\
import_data:
  type: mltable
  name: d
  source: {type: database, connection: azureml:c, query: select 1}
  path: azureml://datastores/x/paths/y
"""
# How a file is written: encoding, line ends, documents, tags.
TEXTS: dict[str, Callable[[str], str | bytes]] = {
    "twice a key": lambda text: text + "description: a\ndescription: b\n",
    "python tag": lambda text: text + "description: !!python/object/apply:os.getcwd []\n",
    "python str": lambda text: text + "description: !!python/str x\n",
    "own tag": lambda text: text + "description: !foo x\n",
    "str tag": lambda text: text + "description: !!str 5\n",
    "int tag": lambda text: text + "description: !!int x\n",
    "set": lambda text: text + "tags: !!set {a, b}\n",
    "omap": lambda text: text + "tags: !!omap [a: b]\n",
    "timestamp": lambda text: text + "description: !!timestamp 2020-01-01\n",
    "two documents": lambda text: f"---\n{text}---\n{text}",
    "empty second document": lambda text: text + "---\n",
    "document marks": lambda text: f"---\n{text}...\n",
    "YAML directive": lambda text: f"%YAML 1.1\n---\n{text}",
    "byte order mark": lambda text: "\ufeff" + text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "latin-1": lambda text: text.encode() + b"description: caf\xe9\n",
    "utf-8": lambda text: text + "description: café \U0001f600\n",
    "utf-16": lambda text: text.encode("utf-16"),
    "NUL": lambda text: text + "# \x00\n",
    "DEL": lambda text: text + "description: \x7f\n",
    "NEL": lambda text: text + "description: a\x85b\n",
    "tab": lambda text: text + "tags:\n\ta: b\n",
    "merge key": lambda text: text + "tags:\n  <<: {a: b}\n  c: d\n",
    "anchor": lambda text: text + "description: &d words\ndisplay_name: *d\n",
    "unknown anchor": lambda text: text + "description: *d\n",
    "unclosed": lambda text: text + "tags: {a: b\n",
    "empty": lambda _: "",
    "comment": lambda _: "# nothing\n",
    "null": lambda _: "null\n",
    "scalar": lambda _: "text\n",
    "list": lambda _: "- a\n",
    "empty mapping": lambda _: "{}\n",
}
JSON = '{"name": "a", "trigger": {"type": "cron", "expression": "* * * * *"}, "create_job": "./job.yml"}'


def _keys() -> Iterator[Variant]:
    for key in table("schedule keys"):
        yield from fill(key, "anything", schedule=schedule(f"{key}: @@\n"))
    for key in ("tags", "properties"):
        yield from fill(key, "maps", schedule=schedule(f"{key}: @@\n"))
    yield from fill("name", "schedule names", schedule=schedule(name="@@"))
    yield from fill("key", "odd keys", schedule=schedule("? @@\n: x\n"))
    text = schedule()
    yield Variant("without name", {"schedule.yml": text.replace("name: nightly\n", "")})
    yield Variant("without create_job", {"schedule.yml": text.replace("create_job: ./job.yml\n", "")})
    yield Variant("without trigger", {"schedule.yml": "name: nightly\ncreate_job: ./job.yml\n"})


def _texts() -> Iterator[Variant]:
    job = PIPELINE.replace("tags: {a: b}\n", "").replace("display_name: pipeline\n", "")
    for name, change in TEXTS.items():
        yield Variant(f"schedule text: {name}", {"schedule.yml": change(schedule())})
        yield Variant(f"job text: {name}", {"schedule.yml": schedule(), "job.yml": change(job)})
    yield Variant("JSON", {"schedule.yml": JSON})
    yield Variant("a job as schedule", {"schedule.yml": PIPELINE})


def _references() -> Iterator[Variant]:
    more = {"a b/job x.yml": PIPELINE.replace("./component", "../component")}
    for variant in fill("create_job", "references", schedule=schedule(create_job="@@")):
        yield Variant(variant.name, {**variant.files, **more})
    for variant in fill("create_job.job", "references", schedule=mapping("tags: {}", job="@@")):
        yield Variant(variant.name, {**variant.files, **more})
    yield Variant("create_job.job missing", {"schedule.yml": schedule(create_job="{type: pipeline}")})
    yield Variant("create_job: {job} alone", {"schedule.yml": schedule(create_job="{job: ./job.yml}")})
    yield Variant("create_job: remote {job} alone", {"schedule.yml": schedule(create_job="{job: 'azureml:x'}")})
    yield Variant("create_job: inline pipeline", {"schedule.yml": schedule(create_job=PIPELINE)})


def _other_actions() -> Iterator[Variant]:
    yield from fill("create_monitor", "monitor forms", schedule=f"{HEAD}create_monitor: @@\n")
    yield from fill("create_monitor.compute", "monitor computes", schedule=f"{HEAD}create_monitor:\n  compute: @@\n")
    yield from fill("create_monitor and", "monitor more", schedule=f"{HEAD}{MONITOR}  @@\n")
    yield from fill("monitor tags", "maps", schedule=f"{HEAD}{MONITOR}tags: @@\n")
    yield from fill("import tags", "maps", schedule=f"{HEAD}{IMPORT}tags: @@\n")
    text = IMPORT.replace("import_data:\n  ", "").replace("\n  ", "\n")
    yield from fill("import_data", "imports", schedule=f"{HEAD}import_data: @@\n", **{"import": text})
    for change in table("import changes"):
        old, new = map(expand, change.split(" -> "))
        yield Variant(f"import_data: {change}", {"schedule.yml": HEAD + IMPORT.replace(old, new, 1)})
    whole = {
        "import": HEAD + IMPORT,
        "job and monitor": schedule(MONITOR),
        "job and import": schedule(IMPORT),
        "monitor and import": HEAD + MONITOR + IMPORT,
        "monitor without trigger": f"name: nightly\n{MONITOR}",
        "monitor and unknown key": f"{HEAD}{MONITOR}foo: 1\n",
        "import without trigger": f"name: nightly\n{IMPORT}",
    }
    for name, document in whole.items():
        yield Variant(name, {"schedule.yml": document})


def schedule_variants() -> Iterator[Variant]:
    """The schedule file, its text, and its action."""
    yield from _keys()
    yield from _texts()
    yield from _references()
    yield from _other_actions()
