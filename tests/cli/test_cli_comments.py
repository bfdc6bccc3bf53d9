"""The steps of docs/how-to/pull-requests.md: a comment is made once and then replaced, held against stand-ins of both services."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from docs_pages import ROOT, read_blocks

PAGE = ROOT / "docs" / "how-to" / "pull-requests.md"
BLOCKS = {block.title: block.text for block in read_blocks(PAGE) if block.title}
COMMENT = "<!-- mlschedule-diff -->\n### Schedules: 1 changed; é\n"
# Stands for gh: keeps comments in a file, and filters them as the step's jq expression does.
GH = """\
import json, sys, pathlib
store = pathlib.Path("comments.json")
comments = json.loads(store.read_text())
path, options = next(one for one in sys.argv[2:] if one.startswith("repos/")), sys.argv[2:]
assert sys.argv[1] == "api", sys.argv
if "--jq" in options:
    assert options[options.index("--jq") + 1] == '.[] | select(.body | startswith("<!-- mlschedule-diff -->")) | .id'
    assert path == "repos/team/ml/issues/7/comments"
    print("".join(f"{one['id']}\\n" for one in comments if one["body"].startswith("<!-- mlschedule-diff -->")), end="")
else:
    body = pathlib.Path(options[options.index("-F") + 1].removeprefix("body=@")).read_text(encoding="utf-8")
    method = options[options.index("--method") + 1]
    if method == "POST":
        assert path == "repos/team/ml/issues/7/comments"
        comments.append({"id": 100 + len(comments), "body": body})
    else:
        assert method == "PATCH"
        (one,) = (one for one in comments if path == f"repos/team/ml/issues/comments/{one['id']}")
        one["body"] = body
    store.write_text(json.dumps(comments))
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("comment.md").write_text(COMMENT, encoding="utf-8")


def steps_of(title: str) -> list[dict[str, Any]]:
    data = yaml.safe_load(BLOCKS[title])
    return data["steps"] if "steps" in data else data["jobs"]["diff"]["steps"]  # type: ignore[no-any-return]


def run_github_step() -> None:
    (step,) = (step for step in steps_of(".github/workflows/schedule-diff.yml") if step.get("name") == "Comment")
    environment = {**os.environ, "PATH": f"{Path.cwd()}{os.pathsep}{os.environ['PATH']}"}
    environment |= {"GITHUB_REPOSITORY": "team/ml", "NUMBER": "7", "GH_TOKEN": "x"}
    subprocess.run(["bash", "-e", "-o", "pipefail", "-c", step["run"]], check=True, env=environment)


def test_the_github_step_makes_a_comment_and_then_replaces_it() -> None:
    gh = Path("gh")
    gh.write_text(f"#!{sys.executable}\n{GH}")
    gh.chmod(0o755)
    other = {"id": 3, "body": "Looks good. <!-- mlschedule-diff -->"}
    Path("comments.json").write_text(json.dumps([other]))
    run_github_step()
    assert json.loads(Path("comments.json").read_text()) == [other, {"id": 101, "body": COMMENT}]
    Path("comment.md").write_text(COMMENT + "more\n", encoding="utf-8")
    run_github_step()
    assert json.loads(Path("comments.json").read_text()) == [other, {"id": 101, "body": f"{COMMENT}more\n"}]


class Threads(BaseHTTPRequestHandler):
    """Stands for the threads of a pull request in Azure Repos."""

    threads: list[dict[str, Any]]
    path_of_all = "/org/project-id/_apis/git/repositories/repo-id/pullRequests/7/threads"

    def do_GET(self) -> None:
        assert self.path == f"{self.path_of_all}?api-version=7.1"
        self.answer({"value": self.threads, "count": len(self.threads)})

    def do_POST(self) -> None:
        assert self.path == f"{self.path_of_all}?api-version=7.1"
        made = self.read()
        comments = [{"id": 1, **comment} for comment in made["comments"]]
        self.threads.append({"id": len(self.threads) + 1, "status": made["status"], "comments": comments})
        self.answer(self.threads[-1])

    def do_PATCH(self) -> None:
        (found,) = (
            (thread, comment)
            for thread in self.threads
            for comment in thread["comments"]
            if self.path == f"{self.path_of_all}/{thread['id']}/comments/{comment['id']}?api-version=7.1"
        )
        found[1].update(self.read())
        self.answer(found[1])

    def read(self) -> Any:
        assert self.headers["Content-Type"] == "application/json"
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, data: object) -> None:
        assert self.headers["Authorization"] == "Bearer token"
        text = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    Threads.threads = [
        {"id": 1, "status": "active", "comments": [{"id": 1, "content": "Why?"}]},
        {"id": 2, "comments": []},
        {"id": 3, "comments": [{"id": 1, "content": None}]},
    ]
    with HTTPServer(("127.0.0.1", 0), Threads) as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def run_azure_step(server: HTTPServer) -> None:
    (step,) = (step for step in steps_of("azure-pipelines-schedules.yml") if "comment.py" in step.get("script", ""))
    assert step["env"] == {"SYSTEM_ACCESSTOKEN": "$(System.AccessToken)"}
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "SYSTEM_COLLECTIONURI": f"http://127.0.0.1:{server.server_port}/org/",
        "SYSTEM_TEAMPROJECTID": "project-id",
        "BUILD_REPOSITORY_ID": "repo-id",
        "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
        "SYSTEM_ACCESSTOKEN": "token",
        "no_proxy": "127.0.0.1",
    }
    subprocess.run(["bash", "-e", "-c", step["script"]], check=True, env=environment)


def test_the_azure_script_makes_a_thread_and_then_replaces_its_comment(server: HTTPServer) -> None:
    Path("ci").mkdir()
    Path("ci/comment.py").write_text(BLOCKS["ci/comment.py"])
    before = json.loads(json.dumps(Threads.threads))
    run_azure_step(server)
    made = {"id": 4, "status": "closed", "comments": [{"id": 1, "content": COMMENT, "commentType": "text"}]}
    assert Threads.threads == [*before, made]
    Path("comment.md").write_text(COMMENT + "more\n", encoding="utf-8")
    run_azure_step(server)
    made["comments"] = [{"id": 1, "content": f"{COMMENT}more\n", "commentType": "text"}]
    assert Threads.threads == [*before, made]


@pytest.mark.parametrize("title", [".github/workflows/schedule-diff.yml", "azure-pipelines-schedules.yml"])
def test_both_fetch_the_base_and_write_markdown(title: str) -> None:
    steps = steps_of(title)
    commands = [step.get("run") or step.get("script") or "" for step in steps]
    (command,) = (command for command in commands if "mlschedule diff" in command)
    assert command.startswith('mlschedule diff --base "origin/$')
    assert command.endswith(" schedules -o markdown > comment.md")
    checkout = steps[0].get("with", {}).get("fetch-depth", steps[0].get("fetchDepth"))
    assert int(checkout) == 0
