"""Files of a commit, read as if they were on the disk: held against a real checkout of the same commit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from git_repository import Repository, make_repository

from pytest_mlschedule.cli.git_tree import Commit, GitError, GitTree, find_commit
from pytest_mlschedule.schedules.files import DISK

FILES = {
    "schedules/a.yml": "a: 1\n",
    "schedules/deep/er/b.yml": "b: 1\n",
    "schedules/with space.yml": "c: 1\n",
    "schedules/é-ü-中.yml": "d: 1\n",
    "schedules/tab\tand\nnewline.yml": "e: 1\n",
    "schedules/.hidden/f.yml": "f: 1\n",
    "schedules/node_modules/g.yml": "g: 1\n",
    "schedules-more/h.yml": "h: 1\n",
    "pipelines/train.yml": "type: pipeline\n",
    "empty.yml": "",
    "large.bin": "x" * 3_000_000,
}
LINKS = {
    "schedules/link.yml": "../pipelines/train.yml",
    "schedules/far.yml": "deep/../a.yml",
    "schedules/dotted.yml": ".//./a.yml",
    "schedules/dangling.yml": "nothing.yml",
    "schedules/absolute.yml": "/etc/hostname",
    "schedules/outside.yml": "../../../../../../../../../../etc/hostname",
    "schedules/loop.yml": "loop.yml",
    "linked": "schedules/deep",
    "schedules/folder": "../pipelines",
    "pipelines/up": "..",
}
PATHS = [
    *FILES, *LINKS, "schedules", "schedules/", "./schedules/a.yml", "schedules/deep/er", "linked/er/b.yml", "linked/../a.yml",
    "schedules/folder/train.yml", "schedules/nope.yml", "nope", "schedules/a.yml/x", "schedules/../pipelines/train.yml", ".", "",
    "schedule", "pipelines/up/schedules/a.yml", "pipelines/up/pipelines/up/empty.yml", "a\0b",
]  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The files above in the commit before HEAD; on the disk there is next to nothing of it."""
    made = make_repository(tmp_path / "repo", monkeypatch)
    for name, text in FILES.items():
        made.write(name, text)
    for name, target in LINKS.items():
        (made.path / name).symlink_to(target)
    made.commit()
    made.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "checkout"), "HEAD")
    made.git("rm", "-r", "--quiet", ".")
    made.write("subfolder/other.yml", "x")
    made.commit()
    monkeypatch.chdir(made.path)
    return made


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The commit that the tree is of, checked out: the oracle."""
    return tmp_path / "checkout"


@pytest.mark.usefixtures("repository")
def test_it_answers_like_a_checkout(checkout: Path) -> None:
    with GitTree(find_commit("HEAD~1", merge_base=False)) as tree:
        for path in PATHS:
            real = os.path.join(checkout, path) if "\0" not in path else path
            if path in ("schedules/absolute.yml", "schedules/outside.yml"):  # what lies outside is not there
                assert not tree.exists(path)
                continue
            assert tree.exists(path) == DISK.exists(real), path
            assert tree.is_folder(path) == DISK.is_folder(real), path
            if os.path.isfile(real):
                assert tree.read(path, 100) == DISK.read(real, 100), path
            else:
                with pytest.raises(OSError) as caught:
                    tree.read(path, 100)
                assert caught.value.strerror in ("it is a directory", "No such file or directory in HEAD~1")


@pytest.mark.usefixtures("repository")
def test_it_walks_like_a_checkout(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with GitTree(find_commit("HEAD~1", merge_base=False)) as tree:
        found = {
            folder: tree.walk(folder)
            for folder in (".", "schedules", "schedules/", "linked", "schedules/deep/../../pipelines", "nope")
        }
    monkeypatch.chdir(checkout)
    for folder, files in found.items():
        # os.walk lists links to folders among the folders, whatever they lead to, and goes into none of them.
        assert files == [path for path in DISK.walk(folder) if path != ".git"], folder
    assert found["schedules"][0] == "schedules/a.yml"
    assert found["nope"] == []


@pytest.mark.usefixtures("repository")
def test_paths_are_those_of_the_working_directory(monkeypatch: pytest.MonkeyPatch, repository: Repository) -> None:
    monkeypatch.chdir("subfolder")
    with GitTree(find_commit("HEAD~1", merge_base=False)) as tree:
        assert tree.read("../schedules/a.yml", 100) == b"a: 1\n"
        assert tree.walk("../pipelines") == ["../pipelines/train.yml"]
        assert not tree.exists("schedules/a.yml")
        absolute = str(repository.path / "schedules")
        assert tree.walk(absolute)[0] == f"{absolute}/a.yml"
        assert tree.exists("../../repo/schedules/a.yml")
        assert not tree.exists("/etc/hostname")
        assert not tree.exists("../../elsewhere")


def test_a_folder_that_is_reached_by_another_name(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(repository.path)
    with GitTree(find_commit("HEAD~1", merge_base=False)) as tree:
        assert tree.read(str(tmp_path / "alias" / "schedules" / "a.yml"), 100) == b"a: 1\n"


@pytest.mark.usefixtures("repository")
def test_large_files_are_cut_and_what_follows_is_not() -> None:
    with GitTree(find_commit("HEAD~1", merge_base=False)) as tree:
        assert tree.read("large.bin", 10) == b"x" * 10
        assert tree.read("schedules/a.yml", 10) == b"a: 1\n"
        assert len(tree.read("large.bin", 2_000_000)) == 2_000_000
        assert tree.read("empty.yml", 10) == b""
        tree.close()
        assert tree.read("schedules/a.yml", 2) == b"a:"


def test_submodules_are_empty(repository: Repository) -> None:
    head = repository.git("rev-parse", "HEAD").strip()
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},vendored")
    repository.git("commit", "--quiet", "--message", "a submodule")
    with GitTree(find_commit("HEAD", merge_base=False)) as tree:
        assert not tree.exists("vendored")
        assert tree.walk(".") == ["subfolder/other.yml"]


def test_a_work_tree_of_its_own(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path / "checkout")
    with GitTree(find_commit("main", merge_base=False)) as tree:
        assert tree.walk(".") == ["subfolder/other.yml"]


def test_git_where_a_hook_says_where_it_is(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(repository.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(repository.path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "another-index"))
    monkeypatch.chdir("subfolder")
    with GitTree(find_commit("HEAD~1", merge_base=False)) as tree:
        assert tree.exists("../schedules/a.yml")
    assert not (tmp_path / "another-index").exists()


def test_the_merge_base_is_where_head_left(repository: Repository) -> None:
    left = repository.git("rev-parse", "HEAD").strip()
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.commit(mine="a: 1")
    repository.git("checkout", "--quiet", "main")
    tip = repository.commit(theirs="a: 1")
    repository.git("tag", "-a", "v1", "-m", "a tag")
    repository.git("checkout", "--quiet", "feature")
    assert find_commit("main", merge_base=True) == Commit(name="main", id=left, left=True)
    assert find_commit("v1", merge_base=True) == Commit(name="v1", id=left, left=True)
    assert find_commit("main", merge_base=False) == Commit(name="main", id=tip)
    assert find_commit("v1", merge_base=False) == Commit(name="v1", id=tip)
    assert find_commit(tip[:9], merge_base=False).id == tip


def test_branches_without_a_common_commit(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = repository.git("rev-parse", "HEAD").strip()
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit(x="a: 1")
    found = find_commit("main", merge_base=True)
    assert (found.id, found.left) == (main, False)
    assert found.remark == "HEAD and main have no commit in common here: compared with main itself"
    repository.git(
        "clone", "--quiet", "--depth", "1", "--no-single-branch", f"file://{repository.path}", str(tmp_path / "shallow")
    )
    monkeypatch.chdir(tmp_path / "shallow")
    found = find_commit("origin/main", merge_base=True)
    assert (found.id, found.left) == (main, False)
    assert found.remark.endswith("(the clone is shallow: git fetch --unshallow, in CI fetch-depth: 0)")


@pytest.mark.parametrize(
    ("revision", "hint"),
    [
        ("origin/main", "git fetch origin main;"),
        ("nope", "git fetch origin nope;"),
        ("--all", "git fetch origin --all;"),
        ("HEAD~99", "git fetch origin HEAD~99;"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_a_revision_that_git_does_not_know(revision: str, hint: str) -> None:
    with pytest.raises(GitError) as caught:
        find_commit(revision, merge_base=True)
    assert str(caught.value).startswith(f"git knows no revision {revision!r}: fetch it first ({hint}")


@pytest.mark.usefixtures("repository")
def test_a_file_is_no_revision(repository: Repository) -> None:
    blob = repository.git("rev-parse", "HEAD:subfolder/other.yml").strip()
    with pytest.raises(GitError, match="knows no revision"):
        find_commit(blob, merge_base=False)


def test_a_repository_without_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make_repository(tmp_path, monkeypatch).path)
    with pytest.raises(GitError, match="HEAD has no commit yet: commit first"):
        find_commit("HEAD", merge_base=True)


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GitError, match=r"git rev-parse fails: not a git repository"):
        find_commit("main", merge_base=True)


@pytest.mark.usefixtures("repository")
def test_no_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="git is not installed, or not on PATH"):
        find_commit("main", merge_base=True)


def test_an_object_that_the_clone_lacks(repository: Repository) -> None:
    commit = find_commit("HEAD", merge_base=False)
    blob = repository.git("rev-parse", "HEAD:subfolder/other.yml").strip()
    path = repository.path / ".git" / "objects" / blob[:2] / blob[2:]
    path.chmod(0o600)
    path.unlink()
    with GitTree(commit) as tree, pytest.raises(OSError, match="the clone is not complete"):
        tree.read("subfolder/other.yml", 10)


@pytest.mark.usefixtures("repository")
def test_one_process_answers_every_read(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    real = subprocess.Popen

    def start(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        started.append(command[1])
        return real(command, **options)  # type: ignore[call-overload, no-any-return]

    with GitTree(find_commit("HEAD~1", merge_base=False)) as tree:
        monkeypatch.setattr(subprocess, "Popen", start)
        for _ in range(3):
            assert [tree.read(path, 9) for path in tree.walk("schedules/deep")] == [b"b: 1\n"]
    assert started.count("cat-file") == 1
    assert len(started) == 2
