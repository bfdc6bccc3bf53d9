"""Faults, call by call: what is answered, what is done, what is counted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from pytest_mlschedule import FakeWorkspace, ServiceProfile, load_schedule
from pytest_mlschedule.arm.application import ArmApplication
from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.arm.faults import Faults
from pytest_mlschedule.arm.routes import ROUTES
from pytest_mlschedule.azure.tokens import make_token
from pytest_mlschedule.clock import SimulatedClock

VERSION = {"api-version": "2024-01-01-preview"}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BODY = {
    "properties": {
        "trigger": {"triggerType": "Cron", "expression": "0 3 * * *", "timeZone": "UTC"},
        "action": {"actionType": "CreateJob", "jobDefinition": {"jobType": "Pipeline", "sourceJobId": "train"}},
    }
}


class Face:
    """A REST face with one workspace; whoever shows no token is ``who``."""

    def __init__(self, **profile: Any) -> None:
        self.workspace = FakeWorkspace(clock=SimulatedClock(NOON), profile=ServiceProfile(**profile))
        self.faults = Faults()
        self.cloud = Cloud(self.workspace, faults=self.faults)
        self.client = Client(ArmApplication(self.cloud, default_principal="Owner"))

    def send(self, method: str, path: str, *, token: str = "", body: Any = None, **query: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = path if path.startswith("/subscriptions") else f"{self.workspace.id}/{path}"
        return self.client.open(url, method=method, headers=headers, json=body, query_string={**VERSION, **query})

    def put(self, name: str = "nightly", **options: Any) -> TestResponse:
        return self.send("PUT", f"schedules/{name}", body=BODY, **options)

    def trigger(self, name: str = "nightly", **options: Any) -> TestResponse:
        return self.send("POST", f"schedules/{name}/trigger", **options)

    def poll(self, answer: TestResponse) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(answer.headers["Azure-AsyncOperation"]).get_json()
        return found

    @property
    def names(self) -> list[str]:
        return [schedule.name for schedule in self.workspace.schedules.list(list_view_type="ALL")]

    @property
    def statuses(self) -> list[int]:
        return [call.status for call in self.faults.calls]


@pytest.fixture
def face() -> Face:
    return Face()


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (409, "Conflict"),
        (418, "UserError"),
        (500, "InternalServerError"),
        (502, "BadGateway"),
        (503, "ServiceUnavailable"),
        (504, "GatewayTimeout"),
    ],
)
def test_a_call_fails_and_nothing_is_done(status: int, code: str, face: Face) -> None:
    face.faults.fail("schedules.put", status=status)
    answer = face.put()
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)
    assert answer.get_json()["error"]["message"] == "The call was not carried out (a fault of the test)."
    assert answer.headers["x-ms-request-id"]
    assert face.names == []
    assert face.put().status_code == 201
    assert face.names == ["nightly"]


def test_a_call_fails_and_all_is_done(face: Face) -> None:
    face.put()
    face.faults.fail("schedules.trigger", status=504, after_commit=True, message="too late")
    answers = [face.trigger() for _ in range(2)]
    assert [answer.status_code for answer in answers] == [504, 200]
    assert answers[0].get_json()["error"]["message"] == "too late"
    assert len(face.workspace.schedules.jobs("nightly")) == 2


def test_what_is_refused_is_not_committed(face: Face) -> None:
    face.faults.fail("schedules.trigger", status=504, after_commit=True)
    assert face.trigger("missing").status_code == 404
    face.put()
    assert [face.trigger().status_code for _ in range(2)] == [504, 200]


@pytest.mark.parametrize(("times", "statuses"), [(1, [500, 404, 404]), (2, [500, 500, 404]), (None, [500, 500, 500])])
def test_how_often(times: int | None, statuses: list[int], face: Face) -> None:
    face.faults.fail("schedules.get", times=times)
    assert [face.send("GET", "schedules/a").status_code for _ in range(3)] == statuses
    assert face.statuses == statuses


def test_an_outage_ends(face: Face) -> None:
    face.faults.fail("*", status=503, times=None)
    assert face.put().status_code == face.send("GET", "jobs").status_code == 503
    face.faults.clear()
    assert face.put().status_code == 201
    assert face.faults.unused == ()


def test_clearing_hides_nothing_that_is_unused(face: Face) -> None:
    fault = face.faults.fail("jobs.get")
    face.faults.clear()
    assert face.faults.unused == (fault,)


def test_throttling(face: Face) -> None:
    face.faults.throttle("schedules.put", retry_after=3, times=2)
    answers = [face.put() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 201]
    assert answers[0].headers["Retry-After"] == "3"
    assert answers[0].get_json()["error"]["code"] == "TooManyRequests"
    assert "Retry-After" not in answers[2].headers


def test_one_fault_after_the_other(face: Face) -> None:
    face.faults.throttle("schedules.put")
    face.faults.fail("schedules.put", status=503)
    assert [face.put().status_code for _ in range(3)] == [429, 503, 201]


@pytest.mark.parametrize(
    ("conditions", "hit"),
    [
        ({"name": "nightly"}, [0, 4]),
        ({"name": "night*"}, [0, 1, 4]),
        ({"name": "*-europe"}, [1]),
        ({"name": "NIGHTLY"}, []),
        ({"principal": "ci"}, [2, 4]),
        ({"principal": "O*"}, [0, 1, 3]),
        ({"name": "nightly", "principal": "ci"}, [4]),
        ({"nth": 2}, [1, 2, 3, 4]),
        ({"nth": 5}, [4]),
        ({"nth": 6}, []),
        ({"name": "night*", "nth": 3}, [4]),
        ({"workspace": "fake-*"}, [0, 1, 2, 3, 4]),
        ({"workspace": "other"}, []),
        ({}, [0, 1, 2, 3, 4]),
    ],
)
def test_which_calls(conditions: dict[str, Any], hit: list[int], face: Face) -> None:
    face.workspace.assign_role("Contributor", principal="ci")
    face.faults.fail("schedules.put", status=503, times=None).only(**conditions)
    ci = make_token("https://management.azure.com", {"oid": "ci"})
    calls = [("nightly", ""), ("nightly-europe", ""), ("weekly", ci), ("weekly", ""), ("nightly", ci)]
    answered = [face.put(name, token=token).status_code for name, token in calls]
    assert [index for index, status in enumerate(answered) if status == 503] == hit


def test_the_nth_call_counts_those_that_something_else_happened_to(face: Face) -> None:
    face.faults.throttle("schedules.put")
    face.faults.fail("schedules.put", status=500).only(nth=3)
    assert [face.put().status_code for _ in range(4)] == [429, 201, 500, 201]


def test_conditions_add_up(face: Face) -> None:
    fault = face.faults.fail("schedules.put").only(name="a").only(nth=2)
    assert str(fault) == "fail('schedules.put', status=500).only(name='a', nth=2)"
    assert repr(fault) == f"<Fault {fault}, happened 0 times>"
    assert [face.put(name).status_code for name in "aba"] == [201, 201, 500]


@pytest.mark.parametrize("polls", [1, 2, 5])
def test_a_slow_operation(polls: int, face: Face) -> None:
    face.faults.slow("schedules.put", polls=polls)
    answer = face.put()
    states = [face.poll(answer)["status"] for _ in range(polls + 1)]
    assert states == ["Creating"] * (polls - 1) + ["Succeeded"] * 2
    assert face.poll(face.put())["status"] == "Succeeded"


def test_a_slow_deletion(face: Face) -> None:
    face.put()
    face.workspace.schedules.begin_disable("nightly")
    face.faults.slow("schedules.delete", polls=2)
    answer = face.send("DELETE", "schedules/nightly")
    assert [face.poll(answer)["status"] for _ in range(2)] == ["Deleting", "Succeeded"]
    assert face.send("DELETE", "schedules/nightly").status_code == 204


def test_the_slow_operations_are_those_that_are_asked_for(face: Face) -> None:
    face.faults.slow("schedules.put", polls=2).only(name="b")
    assert [face.poll(face.put(name))["status"] for name in "ab"] == ["Succeeded", "Creating"]


def test_an_operation_fails_and_nothing_is_done(face: Face) -> None:
    face.faults.fail_operation("schedules.put", code="QuotaExceeded", message="no room")
    answer = face.put()
    assert answer.status_code == 201
    assert answer.get_json()["properties"] == {"provisioningState": "Creating"}
    for _ in range(2):
        status = face.poll(answer)
        assert (status["status"], status["error"]["code"]) == ("Failed", "QuotaExceeded")
        assert status["error"]["message"] == "no room"
    assert face.client.get(answer.headers["Location"]).get_json()["status"] == "Failed"
    assert face.names == []


def test_an_operation_fails_and_all_is_done(face: Face) -> None:
    face.faults.fail_operation("schedules.put", after_commit=True)
    answer = face.put()
    assert answer.get_json()["properties"]["action"]["actionType"] == "CreateJob"
    assert face.poll(answer)["status"] == "Failed"
    assert face.names == ["nightly"]


def test_an_operation_that_never_began_does_not_fail(face: Face) -> None:
    face.faults.fail_operation("schedules.delete", after_commit=True)
    assert face.send("DELETE", "schedules/nightly").status_code == 204
    assert len(face.faults.unused) == 1


@pytest.mark.parametrize(("after_commit", "left"), [(False, ["nightly"]), (True, [])])
def test_an_operation_is_slow_and_fails(*, after_commit: bool, left: list[str], face: Face) -> None:
    face.put()
    face.workspace.schedules.begin_disable("nightly")
    face.faults.slow("schedules.delete", polls=3)
    face.faults.fail_operation("schedules.delete", after_commit=after_commit)
    answer = face.send("DELETE", "schedules/nightly")
    assert answer.status_code == 202
    assert [face.poll(answer)["status"] for _ in range(4)] == ["Deleting"] * 2 + ["Failed"] * 2
    assert face.names == left
    face.faults.check_used()


def test_two_operations_have_two_names(face: Face) -> None:
    face.faults.fail_operation("schedules.put", times=2)
    assert len({face.put().headers["Azure-AsyncOperation"] for _ in range(2)}) == 2


@pytest.mark.parametrize(
    ("action", "refused"),
    [
        ("schedules/write", ["schedules.put", "schedules.trigger"]),
        ("Microsoft.MachineLearningServices/workspaces/schedules/write", ["schedules.put", "schedules.trigger"]),
        ("*/SCHEDULES/write", ["schedules.put", "schedules.trigger"]),
        ("schedules/*", ["schedules.get", "schedules.list", "schedules.put", "schedules.trigger"]),
        ("workspaces/schedules/write", ["schedules.put", "schedules.trigger"]),
        ("workspaces/read", ["workspaces.get"]),
        ("read", ["workspaces.get"]),
        ("jobs/read", ["jobs.list"]),
        ("*/read", ["jobs.list", "schedules.get", "schedules.list", "workspaces.get"]),
    ],
)
def test_an_action_is_denied(action: str, refused: list[str], face: Face) -> None:
    face.put()
    face.faults.deny(action)
    face.put()
    face.trigger()
    for path in ("schedules/nightly", "schedules", "jobs", ""):
        face.send("GET", path)
    denied = sorted(call.operation for call in face.faults.calls[1:] if call.status == 403)
    assert denied == refused
    assert {call.status for call in face.faults.calls if call.operation not in refused} <= {200, 201}


def test_a_denial_names_caller_action_and_scope(face: Face) -> None:
    face.faults.deny("schedules/write")
    error = face.trigger("nightly").get_json()["error"]
    assert error["code"] == "AuthorizationFailed"
    assert error["message"] == (
        "The client 'Owner' does not have authorization to perform action "
        "'Microsoft.MachineLearningServices/workspaces/schedules/write' over scope "
        f"'{face.workspace.id}/schedules/nightly' (a fault of the test)"
    )


def test_an_action_is_denied_to_one_principal(face: Face) -> None:
    face.workspace.assign_role("Owner", principal="ci")
    face.faults.deny("schedules/write", principal="ci")
    ci = make_token("https://management.azure.com", {"oid": "ci"})
    assert [face.put(token=token).status_code for token in ("", ci)] == [201, 403]


def test_the_action_of_the_trigger_is_the_one_of_the_profile() -> None:
    action = "Microsoft.MachineLearningServices/workspaces/schedules/trigger/action"
    face = Face(trigger_action=action)
    face.put()
    face.faults.deny("schedules/trigger/action")
    assert [face.trigger().status_code, face.put().status_code] == [403, 201]


def token_of(principal: str) -> str:
    return make_token("https://management.azure.com", {"oid": principal})


@pytest.mark.parametrize("verb", ["expire_tokens", "revoke_tokens"])
def test_tokens_that_were_shown_are_stale(verb: str, face: Face) -> None:
    old, new = token_of("Owner"), token_of("Owner")
    face.send("GET", "schedules", token=old)
    getattr(face.faults, verb)()
    answers = [face.send("GET", "schedules", token=token) for token in (old, new, old, new)]
    assert [answer.status_code for answer in answers] == [401, 200, 401, 200]
    challenge = answers[0].headers["WWW-Authenticate"]
    assert challenge.startswith("Bearer authorization_uri=")
    assert ('claims="' in challenge) is (verb == "revoke_tokens")
    assert answers[0].get_json()["error"]["code"] == "ExpiredAuthenticationToken"


def test_of_who_showed_no_token_the_first_one_is_stale(face: Face) -> None:
    face.faults.expire_tokens()
    first, second = token_of("Owner"), token_of("Owner")
    assert [face.send("GET", "schedules", token=token).status_code for token in (first, first, second)] == [
        401,
        401,
        200,
    ]
    other = token_of("other")
    assert face.send("GET", "schedules", token=other).status_code == 401


def test_tokens_of_one_principal_are_stale(face: Face) -> None:
    face.workspace.assign_role("Reader", principal="ci")
    face.faults.expire_tokens(principal="ci")
    assert [face.send("GET", "schedules", token=token_of(who)).status_code for who in ("Owner", "ci", "ci")] == [
        200,
        401,
        200,
    ]


def test_who_shows_no_token_has_no_stale_one(face: Face) -> None:
    face.faults.expire_tokens()
    assert face.send("GET", "schedules").status_code == 200


def test_tokens_are_not_shown(face: Face) -> None:
    token = token_of("Owner")
    face.send("GET", "schedules", token=token)
    assert token not in repr(face.faults.calls)


def test_calls_are_kept_in_order(face: Face) -> None:
    face.faults.fail("schedules.trigger", status=504, after_commit=True)
    face.put()
    face.trigger()
    face.trigger()
    face.send("GET", "jobs")
    assert list(map(str, face.faults.calls)) == [
        "schedules.put nightly by Owner: 201",
        "schedules.trigger nightly by Owner: 504 from fail('schedules.trigger', status=504, after_commit=True)",
        "schedules.trigger nightly by Owner: 200",
        "jobs.list by Owner: 200",
    ]
    first = face.faults.calls[0]
    assert (first.method, first.path, first.fault) == ("PUT", f"{face.workspace.id}/schedules/nightly", "")
    assert repr(face.faults) == "<Faults: 1 to come, 4 calls>"


def test_calls_without_token_are_kept(face: Face) -> None:
    face.client.get("/discovery")
    assert str(face.faults.calls[0]) == "discovery.get: 200"


def test_unused_faults_are_told(face: Face) -> None:
    face.put()
    face.faults.throttle("schedules.put", times=3)
    face.faults.fail("schedules.get", times=None).only(name="weekly")
    face.faults.deny("jobs/read", principal="ci")
    face.put()
    with pytest.raises(AssertionError) as failure:
        face.faults.check_used()
    assert str(failure.value).split("\n") == [
        "3 faults did not happen as often as the test asked for:",
        "  throttle('schedules.put', retry_after=1): 1 of 3 times",
        "  fail('schedules.get', status=500).only(name='weekly'): never",
        "  deny('jobs/read').only(principal='ci'): never",
        "What was called, in this order:",
        "  schedules.put nightly by Owner: 201",
        "  schedules.put nightly by Owner: 429 from throttle('schedules.put', retry_after=1)",
        "Take out what is not needed, or correct its operation, names or times. On purpose: allow_unused().",
    ]
    face.faults.allow_unused()
    face.faults.check_used()


def test_unused_faults_of_a_face_that_nobody_called(face: Face) -> None:
    face.faults.fail("schedules.get")
    with pytest.raises(AssertionError) as unused:
        face.faults.check_used()
    assert str(unused.value).splitlines()[1:4] == [
        "  fail('schedules.get', status=500): never",
        "Nothing was called: do the client and these faults belong to the same cloud?",
        "Faults happen to calls over REST: never to ml_az, and never to calls in Python (ml_workspace).",
    ]


def test_many_calls_are_told_in_part(face: Face) -> None:
    face.faults.fail("schedules.get")
    for _ in range(23):
        face.send("GET", "jobs")
    with pytest.raises(AssertionError, match=r"\n  \.\.\. and 3 more\n"):
        face.faults.check_used()


@pytest.mark.parametrize(
    ("verb", "arguments", "message"),
    [
        ("fail", ("schedule.put",), "'schedule.put' is not an operation of the REST face; did you mean 'schedules.put'"),
        ("fail", ("nothing.like*",), "'nothing.like*' is not an operation of the REST face; Faults.operations has them"),
        ("fail", ("schedules.put", {"status": 200}), "status cannot be 200: an error is 400 to 599"),
        ("fail", ("schedules.put", {"status": "500"}), "status cannot be '500'"),
        ("fail", ("schedules.put", {"times": 0}), "times cannot be 0: it is 1 or more"),
        ("fail", ("schedules.get", {"after_commit": True}), "schedules.get is none of the operations that this can happen to"),
        ("throttle", ("schedules.put", {"retry_after": 0}), "retry_after cannot be 0"),
        ("slow", ("jobs.put",), "jobs.put is none of the operations that this can happen to: schedules.put and schedules.delete"),
        ("slow", ("schedules.put", {"polls": 0}), "polls cannot be 0"),
        ("fail_operation", ("schedules.trigger",), "schedules.trigger is none of the operations"),
        ("deny", ("schedule/write",), "no call asks for the action 'schedule/write'; did you mean 'schedules/write'"),
        ("deny", ("workspace/read",), "no call asks for the action 'workspace/read'; did you mean 'workspaces/read'"),
        ("deny", ("*/nothing",), "no call asks for the action '*/nothing'; such as Microsoft.MachineLearningServices/"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(verb: str, arguments: tuple[Any, ...], message: str, face: Face) -> None:
    options = arguments[1] if len(arguments) > 1 else {}
    with pytest.raises(ValueError) as failure:
        getattr(face.faults, verb)(arguments[0], **options)
    assert str(failure.value).startswith(message)
    face.faults.check_used()


@pytest.mark.parametrize(
    ("verb", "arguments", "message"),
    [
        ("fail", (5, {}), "an operation is a name such as 'schedules.put', not int"),
        ("deny", (None, {}), "an action is a text such as 'schedules/write', not NoneType"),
        ("fail", ("schedules.put", {"times": 1.5}), "times is a number, not float"),
        ("fail", ("schedules.put", {"times": True}), "times is a number, not bool"),
        ("deny", ("jobs/read", {"principal": 5}), "principal is a text, not int"),
    ],
)
def test_what_is_of_the_wrong_type_is_refused(verb: str, arguments: tuple[Any, ...], message: str, face: Face) -> None:
    with pytest.raises(TypeError) as failure:
        getattr(face.faults, verb)(arguments[0], **arguments[1])
    assert str(failure.value) == message
    face.faults.check_used()


def test_every_operation_has_a_name_of_its_own() -> None:
    assert Faults.operations == tuple(dict.fromkeys(route.name for route in ROUTES))
    assert len(Faults.operations) == len(ROUTES)


def test_the_same_calls_give_the_same_answers() -> None:
    def story() -> list[tuple[int, str]]:
        face = Face()
        face.faults.fail_operation("schedules.put").only(nth=2)
        face.faults.throttle("schedules.put", times=2).only(name="b")
        face.faults.slow("schedules.put", polls=3)
        answers = [face.put(name) for name in "abcab"]
        polls = [
            face.client.get(answer.headers["Azure-AsyncOperation"]) for answer in answers if answer.status_code == 201
        ]
        return [(answer.status_code, json.dumps(answer.get_json())) for answer in (*answers, *polls)]

    assert story() == story()


def test_faults_of_a_schedule_that_runs_are_no_faults_of_its_runs(face: Face) -> None:
    schedule = load_schedule(
        {"name": "nightly", "trigger": {"type": "cron", "expression": "0 3 * * *"}, "create_job": "azureml:train"}
    )
    face.faults.fail("*", status=503, times=None)
    face.workspace.schedules.begin_create_or_update(schedule)
    assert face.names == ["nightly"]
    assert face.send("GET", "schedules").status_code == 503
