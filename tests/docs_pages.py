"""README and docs pages as stories: their code blocks, run from top to bottom in a folder of their own.

How a block is read:

- ``title="path/to/file"``: the file is written. Schedules and pipeline jobs among the files must load at the end of the page,
  but for templates (``*.tpl.yml``), which have to be filled first.
- ``yaml`` without a title: it is parsed; a schedule, a trigger or a pipeline job must load.
- ``python`` without a title: it is executed; the blocks of a page share their names.
- ``pycon``: it is run by doctest, with the same names.
- ``console``: each ``$ command`` runs in the folder, and its output is compared; a line of ``...`` stands for any lines.
- ``sh``: nothing; these are the README's commands that .ci/run runs as they are printed.
- ``title="not run: why"``: shown and not run.

``python tests/docs_pages.py PAGE...`` writes the real output into the console blocks of pages.
"""

from __future__ import annotations

import atexit
import doctest
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType

import yaml
from markdown_it import MarkdownIt

from pytest_mlschedule import load_job, load_schedule

ROOT = Path(__file__).parents[1]
NOT_RUN = "not run: "
_TITLE = re.compile(r'title="([^"]+)"')
# What differs from run to run and machine to machine, and is written in the page as it was on one of them.
_VOLATILE = (
    (re.compile(r" in \d+\.\d+s\b"), " in 0.00s"),
    (re.compile(r'(tzdata |_version": ")20\d\d\w'), r"\g<1>2026a"),
    (re.compile(r"=+(?= )|(?<= )=+"), "=="),
    (re.compile(r"_{3,}"), "___"),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block. ``line``: of its first line of text, from 1; ``title``: as Material for MkDocs shows it."""

    page: Path
    line: int
    language: str
    title: str
    text: str

    @property
    def inputs(self) -> list[str]:
        """What the block asks to be done: the commands of a console block, of others all of it."""
        return [command for command, _ in read_commands(self.text)] if self.language == "console" else [self.text]

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def read_blocks(page: Path) -> list[Block]:
    """The fenced blocks of a Markdown page in order."""
    blocks = []
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "fence":
            title = _TITLE.search(token.info)
            language = token.info.split()[0] if token.info.split() else ""
            assert token.map is not None
            blocks.append(Block(page, token.map[0] + 2, language, title[1] if title else "", token.content))
    return blocks


@dataclass(slots=True)
class Story:
    """A page being run in ``folder``; ``outputs`` collects what the commands of each console block really print."""

    folder: Path
    module: ModuleType = field(default_factory=lambda: ModuleType("page_of_the_docs"))
    outputs: dict[Block, list[tuple[str, str]]] = field(default_factory=dict)

    def tell(self, blocks: list[Block]) -> None:
        """Run the blocks. Raises AssertionError with the place of the one that is not true."""
        # A real module: freezegun gives its time to what sys.modules holds.
        sys.modules[self.module.__name__] = self.module
        try:
            self._tell(blocks)
        finally:
            del sys.modules[self.module.__name__]

    def _tell(self, blocks: list[Block]) -> None:
        if any("examples/" in "".join(block.inputs) for block in blocks if block.language != "sh"):
            hidden = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(ROOT / "examples", self.folder / "examples", ignore=hidden)
        for block in blocks:
            if block.title.startswith(NOT_RUN) or block.language == "sh":
                continue
            try:
                self._run(block)
            except Exception as failure:
                raise AssertionError(f"{block.place}: {type(failure).__name__}: {failure}") from failure
        for path in sorted({self.folder / block.title for block in blocks if block.title.endswith((".yml", ".yaml"))}):
            if path.exists() and not path.name.endswith(".tpl.yml"):
                self._load(yaml.safe_load(path.read_text(encoding="utf-8")), path)

    def _run(self, block: Block) -> None:
        if block.title:
            path = self.folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            exec(compile("\n" * (block.line - 1) + block.text, block.page, "exec"), vars(self.module))
        elif block.language == "pycon":
            self._run_doctest(block)
        elif block.language == "console":
            self._run_commands(block)
        elif block.language == "yaml":
            self._load(yaml.safe_load(block.text), self.folder / "snippet.yml")
        else:
            raise AssertionError(f"a block of {block.language or 'no language'} is neither run nor marked '{NOT_RUN}'")

    def _run_doctest(self, block: Block) -> None:
        test = doctest.DocTestParser().get_doctest(
            block.text, vars(self.module), block.place, str(block.page), block.line - 1
        )
        report: list[str] = []
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        doctest.DocTestRunner(optionflags=flags).run(test, out=report.append, clear_globs=False)
        vars(self.module).update(test.globs)
        assert not report, "".join(report)

    def _run_commands(self, block: Block) -> None:
        self.outputs[block] = []
        for command, expected in read_commands(block.text):
            printed = run_command(command, self.folder)
            self.outputs[block].append((command, printed))
            checker = doctest.OutputChecker()
            same = checker.check_output(steady(expected), steady(printed), doctest.ELLIPSIS)
            assert same, f"$ {command}\nprints\n{printed}\nand the page says\n{expected}"

    def _load(self, data: object, path: Path) -> None:
        if not isinstance(data, Mapping):
            return
        if isinstance(data.get("trigger"), Mapping):
            load_schedule(dict(data), base=path.parent)
        elif data.get("type") in ("cron", "recurrence"):
            load_schedule({"name": "snippet", "trigger": dict(data), "create_job": "azureml:a-job"})
        elif data.get("type") == "pipeline" and "jobs" in data:
            load_job(dict(data), base=path.parent)


def read_commands(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with the output that follows it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        while command.endswith("\\"):
            more, _, output = output.partition("\n")
            command += f"\n{more}"
        yield command, output


def run_command(command: str, folder: Path) -> str:
    """What a command prints, standard error included, where nothing of this machine and this test run shows."""
    # Not this machine's environment: CI=true alone changes what pytest prints.
    kept = {key: value for key, value in os.environ.items() if key in ("HOME", "TMPDIR", "SYSTEMROOT")}
    environment = kept | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), *_stand_ins(), os.environ["PATH"]]),
        "PYTEST_ADDOPTS": "-p no:randomly -p no:xdist -p no:cacheprovider",
        "PYTHONWARNINGS": "ignore:The configuration option",
        "PYTHONDONTWRITEBYTECODE": "1",
        "NO_COLOR": "1",
        "COLUMNS": "100",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return re.sub(r"^[ \t]+$", "", done.stdout.replace(str(folder), "/work"), flags=re.MULTILINE)


@cache
def _stand_ins() -> tuple[str, ...]:
    """A folder with a curl of ours, where the machine has none."""
    if shutil.which("curl") is not None and "MLSCHEDULE_STAND_INS" not in os.environ:
        return ()
    folder = Path(tempfile.mkdtemp(prefix="mlschedule-curl-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    script = Path(__file__).with_name("curl_stand_in.py")
    (folder / "curl").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
    (folder / "curl").chmod(0o755)
    return (str(folder),)


def steady(text: str) -> str:
    """The text without what differs from run to run; blank lines at its end do not count."""
    for pattern, replacement in _VOLATILE:
        text = pattern.sub(replacement, text)
    return text.rstrip() + "\n"


def rewrite(page: Path, outputs: Mapping[Block, list[tuple[str, str]]]) -> None:
    """Put the real output of commands into the console blocks of a page, but for blocks that are true or hold ``...`` lines."""
    lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
    for block in sorted(outputs, key=lambda block: -block.line):
        if "\n...\n" in block.text:
            continue
        text = "\n".join(f"$ {command}\n{printed.rstrip()}".rstrip() for command, printed in outputs[block])
        if steady(text) == steady(block.text):
            continue
        start = block.line - 1
        lines[start : start + block.text.count("\n")] = [f"{text}\n"]
    page.write_text("".join(lines), encoding="utf-8")


class _Recording(Story):
    """A story that believes what commands print."""

    def _run_commands(self, block: Block) -> None:
        self.outputs[block] = [(command, run_command(command, self.folder)) for command, _ in read_commands(block.text)]


def main(pages: list[str]) -> None:
    import tempfile

    for name in pages:
        page = Path(name).resolve()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            story = _Recording(Path(folder))
            try:
                story.tell(read_blocks(page))
            except AssertionError as failure:
                print(failure)
            rewrite(page, story.outputs)
            os.chdir(ROOT)


if __name__ == "__main__":
    main(sys.argv[1:])
