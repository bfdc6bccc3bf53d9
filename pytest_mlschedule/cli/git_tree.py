"""The files of a commit, read from git as if they were on the disk: no checkout, no index, nothing written."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self

from pytest_mlschedule.errors import MLScheduleError
from pytest_mlschedule.schedules.files import is_searched

_LINK = b"120000"
_SUBMODULE = b"160000"
_MOST_LINKS = 40  # as many as Linux follows in one path
_CHUNK = 1 << 20


class GitError(MLScheduleError):
    """What git cannot do, in words, with the way out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit to compare with. ``name``: as people call it; ``id``: its full hash; ``left``: it is where HEAD left what is called
    so; ``remark``: what to know about the choice."""

    name: str
    id: str
    left: bool = False
    remark: str = ""


class _Entry(NamedTuple):
    mode: bytes
    id: bytes


def find_commit(revision: str, *, merge_base: bool) -> Commit:
    """The commit that a revision names; with ``merge_base`` the one where HEAD and the revision parted.

    Where they have no common commit it is the revision itself, and ``remark`` says so. Raises GitError for an unknown revision,
    outside a repository, and where there is no git.
    """
    named = _parse_revision(revision)
    if not merge_base:
        return Commit(name=revision, id=named)
    head = _parse_revision("HEAD")
    done = _run("merge-base", named, head)
    if done.returncode == 0:
        return Commit(name=revision, id=done.stdout.split()[0].decode(), left=True)
    remark = f"HEAD and {revision} have no commit in common here: compared with {revision} itself"
    if _run("rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
        remark += " (the clone is shallow: git fetch --unshallow, in CI fetch-depth: 0)"
    return Commit(name=revision, id=named, remark=remark)


class GitTree:
    """The files of a commit (see schedules.files.Files). Paths are as on the disk: absolute, or relative to the working directory.

    Symbolic links are followed inside the commit; submodules are empty. One git process answers every ``read``; ``close`` (or
    ``with``) ends it. Raises GitError where git does.
    """

    def __init__(self, commit: Commit) -> None:
        self.commit = commit
        self._top = Path(os.fsdecode(_ask("rev-parse", "--show-toplevel").rstrip(b"\n")))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the git process. Reading starts another one."""
        process, self._process = self._process, None
        if process is not None:
            process.communicate()

    def read(self, path: str, limit: int) -> bytes:
        """See Files."""
        found = self._find(path)
        if found in self._folders:
            raise OSError(0, "it is a directory")
        entry = self._entries.get(found) if found is not None else None
        if entry is None or entry.mode == _LINK:
            raise FileNotFoundError(2, f"No such file or directory in {self.commit.name}")
        return self._blob(entry.id, limit)

    def exists(self, path: str) -> bool:
        """See Files."""
        found = self._find(path)
        return found in self._folders or found in self._entries

    def is_folder(self, path: str) -> bool:
        """See Files."""
        return self._find(path) in self._folders

    def walk(self, folder: str) -> list[str]:
        """See Files."""
        base = self._find(folder)
        if base not in self._folders:
            return []
        prefix = f"{base}/" if base else ""
        below = [name[len(prefix) :].split("/") for name in self._entries if name.startswith(prefix)]
        wanted = (parts for parts in below if all(map(is_searched, parts[:-1])))
        files = (
            parts
            for parts in wanted
            if self._resolve([*base.split("/"), *parts] if base else parts) not in self._folders
        )
        return [os.fspath(Path(folder, *parts)) for parts in sorted(files)]

    @cached_property
    def _entries(self) -> dict[str, _Entry]:
        """Every file of the commit by its path from the top, with slashes."""
        entries = {}
        for line in _ask("ls-tree", "-r", "-z", "--full-tree", self.commit.id).split(b"\0")[:-1]:
            head, _, name = line.partition(b"\t")
            mode, _, blob = head.split(b" ")
            if mode != _SUBMODULE:
                entries[os.fsdecode(name)] = _Entry(mode, blob)
        return entries

    @cached_property
    def _folders(self) -> frozenset[str | None]:
        """Every folder of the commit; the top is the empty text."""
        folders: set[str | None] = {""}
        for name in self._entries:
            folder = name.rpartition("/")[0]
            while folder not in folders:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(folders)

    def _find(self, path: str) -> str | None:
        """The path from the top without links; None for what is not there or outside."""
        if "\0" in path:
            return None
        whole = Path(os.getcwd(), path)
        for start in (whole, Path(os.path.realpath(whole))):
            inside = start.is_relative_to(self._top)
            if inside and (found := self._resolve(start.relative_to(self._top).parts)) is not None:
                return found
        return None

    def _resolve(self, parts: Sequence[str]) -> str | None:
        """Follow the links on a way from the top, as an operating system does."""
        if (plain := "/".join(parts)) in self._entries and self._entries[plain].mode != _LINK:
            return plain
        waiting, done, links = list(reversed(parts)), list[str](), 0
        while waiting:
            part = waiting.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if not done:
                    return None
                done.pop()
                continue
            done.append(part)
            entry = self._entries.get("/".join(done))
            if entry is not None and entry.mode == _LINK:
                links += 1
                target = os.fsdecode(self._blob(entry.id, _CHUNK))
                if links > _MOST_LINKS or target.startswith("/"):
                    return None
                done.pop()
                waiting += reversed(target.split("/"))
            elif entry is not None and waiting:
                return None
        return "/".join(done)

    def _blob(self, blob: bytes, limit: int) -> bytes:
        """The first bytes of a blob; all of it is read, for the next answer stands behind it."""
        process = self._process = self._process or _start("cat-file", "--batch")
        into, out = process.stdin, process.stdout
        assert into is not None
        assert out is not None
        into.write(blob + b"\n")
        into.flush()
        answer = out.readline().split()
        if len(answer) != 3:
            raise OSError(0, f"git has no object {blob.decode()}: the clone is not complete")
        kept = b"".join(_read(out, int(answer[2]) + 1, limit))
        return kept[: min(limit, int(answer[2]))]


def _read(stream: IO[bytes], size: int, limit: int) -> Iterator[bytes]:
    """The next ``size`` bytes, of which chunks behind the first ``limit`` are dropped."""
    done = 0
    while done < size and (chunk := stream.read(min(_CHUNK, size - done))):
        if done < limit:
            yield chunk
        done += len(chunk)


def _parse_revision(revision: str) -> str:
    """The hash of the commit that a revision names."""
    # An option of git is no revision, whatever --end-of-options does in this version of git.
    done = None if revision.startswith("-") else _run("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if done is not None and done.returncode == 0:
        return done.stdout.strip().decode()
    _ask("rev-parse", "--git-dir")  # a GitError that says so where there is no repository
    if revision == "HEAD":
        raise GitError("HEAD has no commit yet: commit first, or compare two folders (OLD NEW)")
    remote, _, branch = revision.partition("/")
    fetch = f"git fetch {remote} {branch}" if branch else f"git fetch origin {revision}"
    raise GitError(f"git knows no revision {revision!r}: fetch it first ({fetch}; in CI check out with fetch-depth: 0)")


def _ask(*arguments: str) -> bytes:
    """What a git command prints. Raises GitError with git's own words where it fails."""
    done = _run(*arguments)
    if done.returncode:
        text = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise GitError(f"git {arguments[0]} fails: {text}")
    return done.stdout


def _run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    process = _start(*arguments)
    printed, said = process.communicate()
    return subprocess.CompletedProcess(arguments, process.returncode, printed, said)


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    said = subprocess.DEVNULL if arguments[0] == "cat-file" else pipe
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        return subprocess.Popen(["git", *arguments], stdin=pipe, stdout=pipe, stderr=said, env=environment)
    except FileNotFoundError:
        raise GitError("git is not installed, or not on PATH: --base reads the other side from it") from None
