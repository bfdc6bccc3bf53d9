"""Workflow files that pages show are such files: held against the published schemas, which check-jsonschema carries."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from docs_pages import ROOT, read_blocks

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("examples/*/README.md"))]
KINDS = {
    "github-workflows": re.compile(r"\.github/workflows/[\w-]+\.ya?ml"),
    "azure-pipelines": re.compile(r"azure-pipelines[\w-]*\.ya?ml"),
    "gitlab-ci": re.compile(r"\.gitlab-ci\.yml"),
}
PAGE = ROOT / "docs" / "how-to" / "check-in-ci.md"


def files_of(kind: str) -> list[tuple[str, str]]:
    """Title and text of the blocks that are files of a kind."""
    return [
        (f"{page.stem}-{index}", block.text)
        for page in PAGES
        for index, block in enumerate(read_blocks(page))
        if KINDS[kind].fullmatch(block.title)
    ]


def check(kind: str, files: list[Path]) -> subprocess.CompletedProcess[str]:
    transform = ["--data-transform", kind] if kind in ("azure-pipelines", "gitlab-ci") else []
    # The schema of Azure Pipelines has patterns that are not of the unicode variant.
    options = ["--builtin-schema", f"vendor.{kind}", "--regex-variant", "nonunicode", *transform]
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *options, *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_workflow_files_of_pages_are_valid(kind: str, tmp_path: Path) -> None:
    paths = []
    for name, text in files_of(kind):
        paths.append(tmp_path / f"{name}.yml")
        paths[-1].write_text(text, encoding="utf-8")
    assert paths, "no page shows such a file"
    done = check(kind, paths)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("github-workflows", "name: x\non: [pull_request]\njobs: {a: {steps: []}}\n"),
        ("azure-pipelines", "steps:\n- scripts: echo\n"),
        ("gitlab-ci", "a:\n  script: echo\n  artifacts: {reports: {junit: {}}}\n"),
    ],
)
def test_a_file_that_is_not_valid_is_found(kind: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.yml"
    path.write_text(text, encoding="utf-8")
    assert "Schema validation errors were encountered" in check(kind, [path]).stdout


def test_every_step_of_the_page_checks_in_a_format_that_there_is() -> None:
    from pytest_mlschedule.cli.check_formats import FORMATS

    text = PAGE.read_text(encoding="utf-8")
    assert set(re.findall(r"mlschedule check schedules -o (\w+)", text)) == set(FORMATS) - {"text"}
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == set(FORMATS)
