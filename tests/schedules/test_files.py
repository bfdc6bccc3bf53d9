"""The files of this machine, and jobs from files and folders of any tree."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from pytest_mlschedule.schedules.files import DISK, Files, is_searched
from pytest_mlschedule.schedules.job_files import load_jobs
from pytest_mlschedule.schedules.loader import load_files
from pytest_mlschedule.schedules.placeholders import Placeholders
from pytest_mlschedule.schedules.reader import Reader

JOB = "type: pipeline\nname: train\ninputs: {rows: 5}\njobs: {}\n"


class Memory:
    """A tree of files that is nowhere: what any other tree has to be able to do."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files

    def read(self, path: str, limit: int) -> bytes:
        try:
            return self.files[os.path.normpath(path)].encode()[:limit]
        except KeyError:
            raise FileNotFoundError(2, "not in memory") from None

    def exists(self, path: str) -> bool:
        return os.path.normpath(path) in self.files or self.is_folder(path)

    def is_folder(self, path: str) -> bool:
        return any(name.startswith(f"{os.path.normpath(path)}/") for name in self.files)

    def walk(self, folder: str) -> list[str]:
        return [name for name in sorted(self.files) if name.startswith(f"{os.path.normpath(folder)}/")]


def test_a_walk_leaves_out_hidden_folders_and_node_modules(tmp_path: Path) -> None:
    for name in ("b.yml", "a/c.yml", ".git/d.yml", "a/node_modules/e.yml", "a/.x/f.yml", "a.yml", ".g.yml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("x")
    found = [os.path.relpath(path, tmp_path) for path in DISK.walk(str(tmp_path))]
    assert found == [".g.yml", "a/c.yml", "a.yml", "b.yml"]
    assert found == [str(path) for path in sorted(map(PurePosixPath, found))]
    assert [is_searched(name) for name in ("a", ".a", "node_modules", "modules")] == [True, False, False, True]


def test_the_disk_reads_files_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert DISK.read(str(tmp_path / "a"), 3) == b"123"
    for path, reason in (
        (tmp_path, "it is a directory"),
        ("/dev/null", "it is not a regular file"),
        (tmp_path / "b", "No such file"),
    ):
        with pytest.raises(OSError, match=reason):
            DISK.read(str(path), 3)
    assert [DISK.exists(str(path)) for path in (tmp_path, tmp_path / "a", tmp_path / "b", "a\0")] == [
        True,
        True,
        False,
        False,
    ]
    assert [DISK.is_folder(str(path)) for path in (tmp_path, tmp_path / "a", tmp_path / "b")] == [True, False, False]


MEMORY: Files = Memory(
    {
        "schedules/nightly.yml": 'name: nightly\ntrigger: {type: cron, expression: "0 2 * * *", start_time: "2026-01-01T00:00:00"}\n'
        "create_job: ../pipelines/train.yml\n",
        "pipelines/train.yml": "type: pipeline\njobs:\n  a:\n    type: command\n    component: ./parts/c.yml\n",
        "pipelines/parts/c.yml": "type: command\ncommand: ls\nenvironment: {image: x, conda_file: ./conda.yml}\ncode: ./src\n",
        "pipelines/parts/conda.yml": "{}",
        "pipelines/parts/src/main.py": "",
    }
)


def test_a_schedule_is_loaded_with_all_its_files_from_one_tree() -> None:
    """Nothing of it is on the disk: pipelines, components, what they name."""
    (file,) = load_files(["schedules"], reader=Reader(MEMORY))
    assert (str(file.path), file.diagnostics) == ("schedules/nightly.yml", ())
    (schedule,) = file.schedules
    assert schedule.create_job is not None


def test_what_is_not_in_the_tree_is_missing() -> None:
    files = dict(MEMORY.files) if isinstance(MEMORY, Memory) else {}
    del files["pipelines/parts/src/main.py"]
    (file,) = load_files(["schedules"], reader=Reader(Memory(files)))
    assert [(item.code, item.message) for item in file.diagnostics] == [("MLS401", "'./src' does not exist")]


def test_jobs_of_files_and_folders() -> None:
    files = Memory(
        {
            "p/train.yml": JOB,
            "p/unnamed.yaml": "jobs: {}\ntype: pipeline\n",
            "p/broken.yml": "a: [",
            "p/schedule.yml": "trigger: {}\njobs: {}\n",
            "p/wrong.yml": "type: pipeline\njobs: 5\n",
            "p/list.yml": "[]",
            "p/notes.txt": JOB,
            "q.txt": JOB.replace("train", "text"),
            "r.yml": "type: sweep\n",
        }
    )
    jobs, found = load_jobs(["p", "q.txt", "r.yml", "s.yml"], Reader(files))
    assert {name: str(job.path) for name, job in jobs.items()} == {
        "train": "p/train.yml",
        "unnamed": "p/unnamed.yaml",
        "text": "q.txt",
    }
    assert [(item.code, item.location and item.location.path) for item in found] == [
        ("MLS008", "p/wrong.yml"),
        ("MLS403", "r.yml"),
        ("MLS001", "s.yml"),
    ]


def test_jobs_are_filled_like_schedules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("train.yml").write_text(JOB.replace("train", "{{ env }}-train"))
    jobs, found = load_jobs(["train.yml"], Reader(placeholders=Placeholders({"env": "prod"})))
    assert (list(jobs), found) == (["prod-train"], [])
    jobs, found = load_jobs(["train.yml"], Reader(placeholders=Placeholders({"other": "prod"})))
    assert (list(jobs), [item.code for item in found]) == ([], ["MLS016"])
    assert load_jobs([]) == ({}, [])


def test_a_job_whose_bindings_lead_nowhere_is_none() -> None:
    text = "type: pipeline\njobs:\n  a: {type: command, command: ls, environment: azureml:e@latest, inputs: {x: '${{parent.inputs.y}}'}}\n"
    jobs, found = load_jobs(["p.yml"], Reader(Memory({"p.yml": text})))
    assert (jobs, [item.code for item in found]) == ({}, ["MLS408"])
