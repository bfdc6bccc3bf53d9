"""A real git repository for tests: commits under a fixed name, nothing of this machine's configuration."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


class Repository:
    """A work tree with its repository."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def git(self, *arguments: str) -> str:
        """What a git command prints. Raises CalledProcessError where it fails."""
        return subprocess.run(
            ["git", *arguments], cwd=self.path, check=True, capture_output=True, encoding="utf-8"
        ).stdout

    def write(self, name: str, text: str) -> Path:
        """Write a file, its folders too."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def commit(self, **files: str) -> str:
        """Write files (``__`` stands for a slash) and commit everything; the hash."""
        for name, text in files.items():
            self.write(name.replace("__", "/") + ".yml", text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a commit")
        return self.git("rev-parse", "HEAD").strip()


def make_repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """An empty repository with the branch main, and git as it is without this machine's configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A Person")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "person@example.com")
        monkeypatch.setenv(f"GIT_{who}_DATE", "2026-01-01T00:00:00Z")
    repository = Repository(folder)
    repository.git("init", "--quiet", "--initial-branch", "main")
    return repository
