"""``--set``, ``--add`` and ``--remove`` of ``az ml schedule update``; ``--set`` of ``create``. Recorded where it says so."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mlschedule.az.az import Az
from pytest_mlschedule.az.errors import AzError
from pytest_mlschedule.az.overrides import lay_overrides
from pytest_mlschedule.az.paths import apply_changes

ENTITY = ["createJob", "creationContext", "isEnabled", "name", "provisioningState", "trigger"]


def change(data: dict[str, Any], *words: str, as_text: bool = False) -> dict[str, Any]:
    apply_changes(data, [(words[0], words[1:])], as_text=as_text)
    return data


@pytest.mark.parametrize(
    ("data", "words", "expected"),
    [
        ({}, ("--set", "a=b", "c=d=e"), {"a": "b", "c": "d=e"}),
        ({}, ("--set", "a"), {"a": ""}),
        ({}, ("--set", "a=5", "b=true", "c=null", "d=[1]", "e={'x': 1}", "f={bad"), {"a": 5, "b": True, "c": None, "d": [1], "e": {"x": 1}, "f": "{bad"}),
        ({"a": {"b": [1, 2]}}, ("--set", "a.b[1]=9"), {"a": {"b": [1, 9]}}),
        ({"a": {"b": [{"c": 1}]}}, ("--set", "a.b[0].c=2"), {"a": {"b": [{"c": 2}]}}),
        ({"a": [{"n": "x", "v": 1}, {"n": "y"}]}, ("--set", "a[n=x].v=2"), {"a": [{"n": "x", "v": 2}, {"n": "y"}]}),
        ({"a": None}, ("--set", "a.b=1"), {"a": {"b": 1}}),
        ({"a": [1]}, ("--add", "a", "2", "x=1", "y=2", "z"), {"a": [1, 2, {"x": "1", "y": "2"}, "z"]}),
        ({"a": [1]}, ("--add", "a", "x=1"), {"a": [1, {"x": "1"}]}),
        ({"a": None}, ("--add", "a", "1"), {"a": [1]}),
        ({"a": 1, "b": 2}, ("--remove", "a"), {"b": 2}),
        ({"a": {"b": [1, 2]}}, ("--remove", "a.b", "0"), {"a": {"b": [2]}}),
        ({"a": {"b": [1, 2]}}, ("--remove", "a.b"), {"a": {}}),
    ],
)  # fmt: skip
def test_changes(data: dict[str, Any], words: tuple[str, ...], expected: dict[str, Any]) -> None:
    assert change(data, *words) == expected


def test_values_as_text() -> None:
    assert change({"l": []}, "--set", "a=5", as_text=True) == {"l": [], "a": "5"}
    assert change({"l": []}, "--add", "l", "5", as_text=True) == {"l": ["5"]}


@pytest.mark.parametrize(
    ("data", "words", "message"),
    [
        ({}, ("--set", "=x"), "usage error: Empty key in --set. Correct syntax: --set KEY=VALUE [KEY=VALUE ...]"),
        ({"b_c": 1}, ("--set", "a.b=1"), "Couldn't find 'a' in ''. Available options: ['bC']"),
        ({"a": {"d": 1}}, ("--set", "a.b.c=1"), "Couldn't find 'b' in 'a'. Available options: ['d']"),
        ({"a": [1]}, ("--set", "a[9]=1"), "index 9 doesn't exist on [9]"),
        ({"a": [1]}, ("--set", "a[9].b=1"), "index 9 doesn't exist on a"),
        ({"a": [1]}, ("--set", "a.b=1"), "Couldn't find 'b' in 'a'. Available options: index into the collection 'a' with [<index>] or [<key=value>]"),
        ({"a": 1}, ("--set", "a.b.c=1"), "Couldn't find 'b' in 'a'. 'a' does not support further indexing."),
        ({"a": {"b": 1}}, ("--set", "a[0]=1"), "Couldn't find '[0]' in ''. Available options: ['b']"),
        ({"a": [1]}, ("--set", "a[x]=1"), "invalid syntax: `--set property1.property2=<value>`"),
        ({"a": [{"n": 1}, {"n": 1}]}, ("--set", "a[n=1].v=2"), "non-unique key 'n' found multiple matches on a. Key must be unique."),
        ({"a": []}, ("--set", "a[n=1].v=2"), "item with value '1' doesn't exist for key 'n' on a"),
        ({"a": {}}, ("--add", "a", "x"), "invalid syntax: `--add property.listProperty <key=value, string or JSON string>`"),
        ({}, ("--add", "a", "x"), "Couldn't find 'a' in ''. Available options: []"),
        ({}, ("--remove", "a"), "Couldn't find 'a' in ''. Available options: []"),
        ({"a": 1}, ("--remove", "a", "0"), "a doesn't exist"),
        ({"a": [1]}, ("--remove", "a", "3"), "index 3 doesn't exist on a"),
        ({"a": [1]}, ("--remove", "a", "x"), "invalid syntax: `--remove property.list <indexToRemove>` OR `--remove propertyToRemove`"),
        ({"a": [1]}, ("--remove", "a[0]"), "invalid syntax: `--remove property.list <indexToRemove>` OR `--remove propertyToRemove`"),
    ],
)  # fmt: skip
def test_changes_that_are_refused(data: dict[str, Any], words: tuple[str, ...], message: str) -> None:
    with pytest.raises(AzError) as caught:
        change(data, *words)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("words", "query", "expected"),
    [
        ("--set description='new description'", "[description, trigger.expression]", ["new description", "0 3 * * *"]),
        ("--set description", "description", ""),
        ("--set nope=x", "[description, tags]", [None, None]),
        ("--set name=other", "name", "other"),
        ("--set is_enabled=false", "is_enabled", True),
        ("--set isEnabled=false provisioningState=Failed", "[is_enabled, provisioning_state]", [True, "Succeeded"]),
        ("--set displayName=x Description=x createJob=null", "[display_name, description]", [None, None]),
        ("--set create_job.displayName=x create_job.ExperimentName=x", "create_job", {"experiment_name": "", "id": "azureml:train", "status": "NotStarted", "type": "pipeline"}),
        ("""--set 'tags={"aB": "1"}'""", "tags", {"aB": "1"}),
        ("--set tags={} --set tags.a=1 --remove tags.a --set tags.b=true", "tags", {"b": "True"}),
        ("""--set 'tags={"k": 1}'""", "tags", {"k": "1"}),
        ("--force-string --set description=7", "description", "7"),
        ("--set create_job.id=azureml:foo", "create_job", {"experiment_name": "", "id": "azureml:foo", "status": "NotStarted", "type": "pipeline"}),
        ("--set create_job.display_name=dn", "create_job.display_name", "dn"),
        ("--set trigger.start_time=2026-02-03T04:05:06", "trigger.start_time", "2026-02-03 04:05:06"),
        ("--set trigger.start_time=2026-02-03T04:05:06Z", "trigger.start_time", "2026-02-03 04:05:06+00:00"),
        (
            "--set trigger.type=recurrence trigger.frequency=day trigger.interval=1 --remove trigger.expression",
            "trigger",
            {"frequency": "day", "interval": 1, "schedule": {"hours": [], "minutes": []}, "start_time": "2026-01-01 00:00:00", "time_zone": "UTC", "type": "recurrence"},
        ),
    ],
)  # fmt: skip
def test_updates(az: Az, words: str, query: str, expected: Any) -> None:
    az("ml schedule create -f remote.yml", check=True)
    result = az(f"ml schedule update -n remote {words} --query '{query}'", check=True)
    assert result.json() == expected


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--set tags.a=b", f"Couldn't find 'tags' in ''. Available options: {ENTITY}"),
        ("--set create_job=azureml:foo", "Met error <class 'AttributeError'>:'str' object has no attribute 'get'"),
        (
            "--set trigger.expression=bad",
            "MLS101 trigger.expression: 'bad' has 1 field; a cron expression has exactly 5",
        ),
        ("--set trigger.timeZone=UTC", "MLS006 trigger.timeZone: 'timeZone' is not a key of this trigger"),
        ("--set trigger.nope=x", "MLS006 trigger.nope: 'nope' is not a key of this trigger"),
        ("--set trigger.time_zone=Nowhere", "MLS302 trigger.time_zone: 'Nowhere' is not a Windows time zone name"),
        ("--set description=5", "MLS008 description: must be text, not a number (5)"),
        ("--set description=null", "MLS009 description: null is not allowed here"),
        ("--set tags={bad", "MLS008 tags: must be a mapping, not text ('{bad')"),
        ("--remove trigger", "MLS007 trigger.type: a trigger needs type"),
    ],
)
def test_updates_that_fail_change_nothing(az: Az, words: str, message: str) -> None:
    az("ml schedule create -f remote.yml", check=True)
    before = az("ml schedule show -n remote").json()
    result = az(f"ml schedule update -n remote {words}")
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr
    assert az("ml schedule show -n remote").json() == before


def test_lists_of_a_pattern(az: Az) -> None:
    az("ml schedule create -f recurrence.yml", check=True)
    update = "ml schedule update -n simple_recurrence_job_schedule --query trigger.schedule.hours"
    assert az(f"{update} --set trigger.schedule.hours[0]=6").json() == [5, 6, 10, 11, 12]
    assert az(f"{update} --add trigger.schedule.hours 7").json() == [5, 6, 7, 10, 11, 12]
    assert az(f"{update} --remove trigger.schedule.hours 0").json() == [6, 7, 10, 11, 12]
    assert az(f"{update} --remove trigger.schedule").json() == []


def test_an_update_enables_what_was_disabled(az: Az) -> None:
    az("ml schedule create -f remote.yml", check=True)
    az("ml schedule disable -n remote", check=True)
    assert az("ml schedule update -n remote --set description=x --query is_enabled").json() is True


@pytest.mark.parametrize(
    ("data", "path", "expected"),
    [
        ({}, "a", {"a": "v"}),
        ({}, "a.b.c", {"a": {"b": {"c": "v"}}}),
        ({"a": {"x": 1}}, "a.b", {"a": {"x": 1, "b": "v"}}),
        ({"a": [1, 2]}, "a[1]", {"a": [1, "v"]}),
        ({"a": [1]}, "a[2]", {"a": [1, None, "v"]}),
        ({}, "a[1].b", {"a": [None, {"b": "v"}]}),
        ({"a": [{"b": 1}]}, "a[0].b", {"a": [{"b": "v"}]}),
        ({"a": 5}, "a.b", {"a": {"b": "v"}}),
    ],
)
def test_overrides(data: dict[str, Any], path: str, expected: dict[str, Any]) -> None:
    lay_overrides(data, [(path, "v")])
    assert data == expected


@pytest.mark.parametrize(
    ("data", "path", "message"),
    [
        ({"a": "azureml:x"}, "a.b", "Cannot use '--set' on properties defined by reference strings: --set a.b"),
        ({"a": [1]}, "a.b", "--set: b is not an index of a list; write [0]"),
    ],
)
def test_overrides_that_are_refused(data: dict[str, Any], path: str, message: str) -> None:
    with pytest.raises(AzError) as caught:
        lay_overrides(data, [(path, "v")])
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("words", "query", "expected"),
    [
        ("--set description=hi trigger.expression='5 5 * * *' tags.n=5", "[description, trigger.expression, tags]", ["hi", "5 5 * * *", {"n": "5"}]),
        ("--set display_name=a --set description=b", "[display_name, description]", ["a", "b"]),
        ("--name other --set name=third", "name", "other"),
        ("--set create_job=azureml:other", "create_job.id", "azureml:other"),
        ("--set is_enabled=false", "is_enabled", True),
        ("--set trigger.start_time=2026-02-01T00:00:00", "trigger.start_time", "2026-02-01 00:00:00"),
        ("--set description=a=b", "description", "a=b"),
    ],
)  # fmt: skip
def test_create_with_set(az: Az, words: str, query: str, expected: Any) -> None:
    assert az(f"ml schedule create -f remote.yml {words} --query '{query}'", check=True).json() == expected


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--set nope", "ERROR: usage error: --set KEY=VALUE [KEY=VALUE ...]\n"),
        ("--set nope=x", "MLS006 nope: the key 'nope' is not known here"),
        ("--set tags={}", "MLS008 tags: must be a mapping, not text ('{}')"),
        ("--set create_job.inputs.x=1", "Cannot use '--set' on properties defined by reference strings: --set create_job.inputs.x"),
        ("--set trigger.end_time=2025-02-01T00:00:00", "(UserError) schedule 'remote': end_time 2025-02-01 00:00:00 is in the past"),
    ],
)  # fmt: skip
def test_create_with_set_that_fails(az: Az, words: str, message: str) -> None:
    result = az(f"ml schedule create -f remote.yml {words}")
    assert result.exit_code == 1
    assert message in result.stderr
    assert az("ml schedule list").json() == []
