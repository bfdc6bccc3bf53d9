"""The server over real sockets: the REST face, the clock, who may call, where it may listen."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from served import CRON, SCHEDULES, START, VERSION, Served

from pytest_mlschedule import FakeWorkspace, load_schedules, plan_runs
from pytest_mlschedule.serve import simulation
from pytest_mlschedule.serve.errors import ServeError
from pytest_mlschedule.serve.server import Server
from pytest_mlschedule.workspace.roles import READ_JOBS, WRITE_SCHEDULES, RoleDefinition


def planned(days: float, start: datetime = START) -> list[tuple[str, str]]:
    """What runs by the plan of the same files."""
    plan = plan_runs(load_schedules(SCHEDULES), start, start + timedelta(days), created_at=START)
    return [(run.display_name, f"{run.trigger_time:%Y-%m-%dT%H:%M:%SZ}") for run in plan]


def test_the_clock_stands_still_until_it_is_moved(served: Served) -> None:
    assert served.call("GET", "/clock").data == {"now": "2026-03-02T00:00:00Z"}
    assert served.call("GET", "/clock").data == {"now": "2026-03-02T00:00:00Z"}


def test_moving_the_clock_runs_what_is_planned(served: Served) -> None:
    answer = served.move(advance="1d").data
    jobs = [(job["display_name"], job["trigger_time"]) for job in answer["jobs"]]
    assert jobs == planned(1)
    assert (answer["from"], answer["now"], answer["count"]) == ("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", 4)
    assert served.move(until="2026-03-08T00:00").data["count"] == len(planned(6)) - 4
    assert served.call("GET", "/clock").data == {"now": "2026-03-08T00:00:00Z"}
    listed = served.call("GET", "jobs").data["value"]
    assert [job["properties"]["displayName"] for job in listed] == [name for name, _ in planned(6)]


@pytest.mark.parametrize("until", ["2026-03-08T00:00:00-08:00", "2026-03-08T08:00:00Z", "2026-03-08T08:00"])
def test_a_time_has_an_offset_or_is_utc(until: str, served: Served) -> None:
    assert served.move(until=until).data["now"] == "2026-03-08T08:00:00Z"


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ("", 400, 'the body is no JSON: send {"advance": "1d"} or {"until": "2026-03-08T00:00:00Z"}'),
        ("{", 400, "the body is no JSON"),
        ("[" * 20_000, 400, "the body is no JSON"),
        ([], 400, "the body is an object with either advance or until, and it is none"),
        ({}, 400, "the body is an object with either advance or until, and it has nothing"),
        ({"by": "1d"}, 400, "the body is an object with either advance or until, and it has 'by'"),
        ({"advance": "1d", "until": "2027-01-01"}, 400, "the body is an object with either advance or until, and it has 'adv"),
        ({"advance": 1}, 400, "advance is a text: send"),
        ({"until": None}, 400, "until is a text: send"),
        ({"advance": "soon"}, 400, "'soon' is not a duration: write numbers with y, w, d, h, m or s"),
        ({"advance": "1M"}, 400, "'1M' is not a duration: m is a minute, and M could be a month"),
        ({"advance": "-1d"}, 400, "'-1d' is not a duration"),
        ({"advance": "999y"}, 400, "3024"),
        ({"advance": "999999999y"}, 400, "'999999999y' from now is outside the supported years 1970 to 2200"),
        ({"until": "tomorrow"}, 400, "'tomorrow' is not a time: write 2026-03-08"),
        ({"until": "2026-03-01"}, 400, "the clock stands at 2026-03-02T00:00:00+00:00 and only moves forward"),
        ({"until": "2199-01-01"}, 400, "252,508 jobs would run until then"),
        ('{"advance": "' + " " * 70_000 + '1d"}', 413, "the body is larger than 65536 bytes"),
    ],
)  # fmt: skip
def test_a_move_that_cannot_be_is_refused(
    body: Any, status: int, message: str, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation, "MOST_JOBS", 200_000)
    answer = served.call("POST", "/clock", body)
    assert answer.status == status
    assert answer.data["error"]["message"].startswith(message)
    assert served.call("GET", "/clock").data == {"now": "2026-03-02T00:00:00Z"}
    assert len(served.workspace.jobs.list()) == 0


def test_a_move_that_makes_too_many_jobs_says_how_many(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation, "MOST_JOBS", 10)
    error = served.move(advance="1w").data["error"]
    number = len(planned(7))
    assert error["message"] == (
        f"{number} jobs would run until then, and one move makes at most 10: move in smaller steps"
    )
    assert served.move(advance="2d").status == 200


def test_an_answer_holds_a_thousand_jobs_at_most(served: Served) -> None:
    answer = served.move(advance="1y").data
    assert answer["count"] == len(planned(365)) > 1000
    assert len(answer["jobs"]) == 1000


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_the_clock_takes_json_alone(kind: str, served: Served) -> None:
    answer = served.call("POST", "/clock", {"advance": "1d"}, Content_Type=kind)
    assert (answer.status, answer.data["error"]["code"]) == (415, "UnsupportedMediaType")
    assert served.call("GET", "/clock").data == {"now": "2026-03-02T00:00:00Z"}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/clock", "GET, HEAD, POST"),
        ("DELETE", "/clock", "GET, HEAD, POST"),
        ("POST", "/state", "GET, HEAD"),
        ("POST", "/", "GET, HEAD"),
        ("OPTIONS", "/", "GET, HEAD"),
    ],
)
def test_other_methods_are_refused(method: str, path: str, allowed: str, served: Served) -> None:
    answer = served.call(method, path)
    assert (answer.status, answer.headers["Allow"]) == (405, allowed)


def test_the_state_is_what_the_page_shows(served: Served) -> None:
    served.move(advance="1d")
    state = served.call("GET", "/state").data
    assert state["now"] == "2026-03-03T00:00:00Z"
    assert state["workspace"]["id"] == served.workspace.id
    assert [(one["name"], one["jobs"]) for one in state["schedules"]] == [
        ("features", 3),
        ("nightly-scoring", 1),
        ("weekly-retraining", 0),
    ]
    ahead = planned(60, START + timedelta(1))
    assert [(run["display_name"], run["trigger_time"]) for run in state["next_runs"]] == ahead[:50]
    assert state["next_runs"][0]["local_time"] == "Mon 2026-03-02 18:15 -08:00"
    assert [(job["display_name"], job["created_at"]) for job in state["jobs"]] == planned(1)[::-1]
    assert state["job_count"] == 4


def test_the_rest_face_is_there(served: Served) -> None:
    assert served.call("PUT", "schedules/extra", CRON).status == 201
    listed = served.call("GET", "schedules").data
    assert [one["name"] for one in listed["value"]] == ["extra", "features", "nightly-scoring", "weekly-retraining"]
    assert served.move(advance="1d").data["count"] == 5
    triggered = served.call("POST", "schedules/extra/trigger").data
    assert served.call("GET", f"jobs/{triggered['submissionId']}").data["properties"]["status"] == "Completed"


def test_links_lead_back_to_the_server(served: Served) -> None:
    answer = served.call("PUT", "schedules/extra", CRON)
    link = answer.headers["Azure-AsyncOperation"]
    assert link.startswith(f"{served.url}/subscriptions/")
    assert served.call("GET", link).data["status"] == "Succeeded"


def test_a_call_that_is_not_modelled_says_so(served: Served) -> None:
    answer = served.call("GET", "batchEndpoints")
    assert (answer.status, answer.data["error"]["code"]) == (501, "NotModelled")


def log_in(served: Served, client: str) -> str:
    form = (
        f"grant_type=client_credentials&client_id={client}&client_secret=x&scope=https://management.azure.com/.default"
    )
    answer = served.call("POST", "/common/oauth2/v2.0/token", form, Content_Type="application/x-www-form-urlencoded")
    token: str = answer.data["access_token"]
    return f"Bearer {token}"


def test_without_a_token_the_owner_calls_and_with_one_whoever_it_names(served: Served) -> None:
    served.workspace.assign_role("Reader", principal="ci")
    reader, nobody = log_in(served, "ci"), log_in(served, "nobody")
    tokens: list[dict[str, str]] = [{}, {"Authorization": reader}, {"Authorization": nobody}]
    assert [served.call("GET", "schedules/features", **token).status for token in tokens] == [200, 200, 403]
    assert [served.call("POST", "schedules/features/trigger", **token).status for token in tokens] == [200, 403, 403]
    assert served.call("GET", "schedules", Authorization="Bearer nonsense").status == 401
    assert {entry.caller for entry in served.workspace.activity if entry.status == "Denied"} == {"ci", "nobody"}


JOBS_ALONE = RoleDefinition((READ_JOBS, WRITE_SCHEDULES), name="jobs alone")


@pytest.mark.parametrize(
    ("role", "state", "move"),
    [
        ("Owner", 200, 200),
        ("AzureML Data Scientist", 200, 200),
        ("Reader", 200, 403),
        (JOBS_ALONE, 403, 200),
        (None, 403, 403),
    ],
    ids=str,
)
def test_the_state_and_the_clock_ask_what_a_token_may_do(
    role: str | RoleDefinition | None, state: int, move: int, served: Served
) -> None:
    if role is not None:
        served.workspace.assign_role(role, principal="ci")
    token = {"Authorization": log_in(served, "ci")}
    for path in ("/state", "/"):
        assert served.call("GET", path, **token).status == state
    assert served.call("POST", "/clock", {"advance": "1d"}, **token).status == move
    now = "2026-03-03T00:00:00Z" if move == 200 else "2026-03-02T00:00:00Z"
    assert served.call("GET", "/clock", **token).data == {"now": now}


def test_who_may_not_is_told_in_the_form_of_azure(served: Served) -> None:
    served.workspace.assign_role("Reader", principal="ci")
    refused = served.call("POST", "/clock", {"advance": "1d"}, Authorization=log_in(served, "ci"))
    error = refused.data["error"]
    assert (refused.status, error["code"]) == (403, "AuthorizationFailed")
    assert "'ci' with role 'Reader'" in error["message"]
    assert f"'{WRITE_SCHEDULES}' over scope '{served.workspace.id}/schedules'" in error["message"]
    last = served.workspace.activity[-1]
    assert (last.caller, last.operation, last.status) == ("ci", "clock.move", "Denied")
    for method, path, body in (("GET", "/state", None), ("POST", "/clock", {"advance": "1d"})):
        assert served.call(method, path, body, Authorization="Bearer nonsense").status == 401


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:9", 200),
        ("localhost:8765", 200),
        ("LOCALHOST", 200),
        ("[::1]:8765", 200),
        ("azure.localhost", 200),
        ("evil.example", 403),
        ("evil.example:8765", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example", 403),
        ("192.168.1.7", 403),
        ("0.0.0.0", 403),
        ("intranet", 403),
        ("evil.example@127.0.0.1", 403),
    ],
)
def test_the_server_is_called_by_its_own_names_alone(host: str, status: int, served: Served) -> None:
    for path in ("/", "/clock", "/state", f"{served.workspace.id}/schedules?{VERSION}"):
        assert served.call("GET", path, Host=host).status == status
    assert served.call("POST", "/clock", {"advance": "1h"}, Host=host).status == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://{own}"}, 200),
        ({"Origin": "http://{own}", "Sec_Fetch_Site": "same-origin"}, 200),
        ({"Sec_Fetch_Site": "none"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:9"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
    ],
)
def test_pages_of_other_sites_change_nothing(headers: dict[str, str], status: int, served: Served) -> None:
    own = served.url.removeprefix("http://")
    given = {name: value.format(own=own) for name, value in headers.items()}
    assert served.call("POST", "schedules/features/trigger", **given).status == status
    assert served.call("POST", "/clock", {"advance": "1h"}, **given).status == status
    assert len(served.workspace.jobs.list()) == (status == 200)


def test_no_other_site_is_let_in(served: Served) -> None:
    for path in ("/", "/clock", "/state", f"{served.workspace.id}/schedules?{VERSION}"):
        answer = served.call("OPTIONS", path, Origin="https://evil.example", Access_Control_Request_Method="PUT")
        assert answer.status == 403
        headers = served.call("GET", path).headers
        assert not [name for name in headers if name.lower().startswith("access-control-")]
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")


def test_a_link_from_another_site_opens_the_page(served: Served) -> None:
    assert served.call("GET", "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate").status == 200


def test_a_call_without_host_is_answered(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.server.port)) as connection:
        connection.sendall(b"GET /clock HTTP/1.0\r\n\r\n")
        parts = list(iter(lambda: connection.recv(65536), b""))
    assert b'{"now": "2026-03-02T00:00:00Z"}' in b"".join(parts)


def test_head_has_no_body(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.server.port)
    for path in ("/", "/clock", "/state"):
        connection.request("HEAD", path)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"")
    connection.close()


def test_many_calls_at_once(served: Served) -> None:
    def call(number: int) -> int:
        if number % 4 == 0:
            return served.move(advance="1h").status
        if number % 4 == 1:
            return served.call("PUT", f"schedules/extra-{number}", CRON).status
        return served.call("GET", "schedules" if number % 4 == 2 else "/state").status

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(call, range(40)))
    assert sorted(set(statuses)) == [200, 201]
    assert served.call("GET", "/clock").data == {"now": "2026-03-02T10:00:00Z"}
    assert len(served.call("GET", "schedules").data["value"]) == 13


def test_one_call_that_hangs_keeps_nobody_waiting(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.server.port)) as connection:
        connection.sendall(b"GET /clock HTTP/1.1\r\n")
        assert served.call("GET", "/clock").status == 200


def test_calls_are_told_in_lines(served: Served) -> None:
    served.call("GET", "/")
    served.call("GET", "/state")
    served.call("GET", "/clock")
    served.call("GET", "/no/such%0Aplace%1B[31m")
    assert served.log == ["GET /clock 200", r"GET /no/such\nplace\x1b[31m 501"]


def test_a_port_that_is_taken(served: Served) -> None:
    port = served.server.port
    with pytest.raises(ServeError) as failure:
        Server(served.application, "127.0.0.1", port)
    assert str(failure.value) == (
        f"port {port} of 127.0.0.1 is in use, perhaps by another mlschedule serve; --port 0 takes one that is free"
    )


def test_an_address_of_another_machine(served: Served) -> None:
    with pytest.raises(ServeError, match=r"^192\.0\.2\.1 is no address of this machine; --port 0 takes"):
        Server(served.application, "192.0.2.1", 0)


def test_the_port_is_free_afterwards(workspace: FakeWorkspace, served: Served) -> None:
    other = Server(served.application, "127.0.0.1", 0)
    thread = threading.Thread(target=other.run)
    thread.start()
    other.stop()
    thread.join()
    with socket.create_server(("127.0.0.1", other.port)) as again:
        assert again.getsockname()[1] == other.port


def test_addresses_of_both_kinds(served: Served) -> None:
    assert served.server.url_of("::1") == f"http://[::1]:{served.server.port}"
    try:
        six = Server(served.application, "::1", 0)
    except ServeError as failure:  # a machine without IPv6
        assert "::1" in str(failure)
        return
    thread = threading.Thread(target=six.run)
    thread.start()
    assert served.call("GET", f"{six.url_of('::1')}/clock").status == 200
    six.stop()
    thread.join()


def test_https(served: Served, certificate: tuple[str, str]) -> None:
    server = Server(served.application, "127.0.0.1", 0, certificate=certificate)
    thread = threading.Thread(target=server.run)
    thread.start()
    url = server.url_of("127.0.0.1")
    context = ssl.create_default_context(cafile=certificate[0])
    # Somebody who never shakes hands keeps nobody waiting.
    with socket.create_connection(("127.0.0.1", server.port)):
        body = json.dumps(CRON).encode()
        headers = {"Content-Type": "application/json"}
        address = f"{url}{served.workspace.id}/schedules/extra?{VERSION}"
        request = urllib.request.Request(address, body, headers, method="PUT")
        with urllib.request.urlopen(request, timeout=10, context=context) as answer:
            assert answer.headers["Azure-AsyncOperation"].startswith(f"{url}/subscriptions/")
    server.stop()
    thread.join()
    assert url.startswith("https://")


@pytest.mark.parametrize("wrong", [("missing.pem", "missing.pem"), (__file__, __file__)])
def test_a_certificate_that_is_none(wrong: tuple[str, str], served: Served) -> None:
    with pytest.raises(ServeError, match=r"^the certificate .* with the key .* cannot be used: (No such file|not PEM)"):
        Server(served.application, "127.0.0.1", 0, certificate=wrong)
