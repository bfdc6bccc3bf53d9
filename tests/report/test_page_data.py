"""The data of a page: the plan's numbers, zones, clock changes, findings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from page_contents import END, NOW, START, build, content, data_of, some_plan

from pytest_mlschedule import Plan, ServiceProfile, plan_runs
from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity
from pytest_mlschedule.report.page import data as page_data
from pytest_mlschedule.report.page.content import PageFindings, Piece
from pytest_mlschedule.report.page.run_code import decode_runs
from pytest_mlschedule.triggers.zones import tzdata_version


def test_the_runs_are_those_of_the_plan() -> None:
    plan = some_plan()
    shown = {schedule["name"]: decode_runs(schedule["runs"]) for schedule in data_of(content())["schedules"]}
    expected: dict[str, list[int]] = {name: [] for name in plan.schedules}
    for run in plan:
        expected[run.schedule].append(int(run.trigger_time.timestamp()))
    assert shown == expected
    # 31 nights; 10 hours of 22 working days; two days of the month; none.
    assert {name: len(runs) for name, runs in shown.items()} == {
        "nightly": 31,
        "hourly": 220,
        "monthly": 2,
        "paused": 0,
    }


def test_the_head_says_window_time_and_versions() -> None:
    data = data_of(content(title="Ours"))
    assert data["window"] == [int(START.timestamp()), int(END.timestamp())]
    assert (data["made_at"], data["title"], data["tzdata"]) == (int(NOW.timestamp()), "Ours", tzdata_version())
    assert data["made_with"].startswith("pytest-mlschedule ")
    assert (data["estimate"], data["broken"], data["findings_left_out"]) == (None, [], 0)


def test_what_is_said_of_a_schedule() -> None:
    hourly, monthly, nightly, paused = data_of(content())["schedules"]
    assert nightly["title"] == "Nightly scoring"
    assert nightly["description"] == "every customer"
    assert nightly["words"] == "every day at 02:30 Pacific"
    assert nightly["tags"] == ["team=ml"]
    assert (nightly["enabled"], paused["enabled"]) == (True, False)
    assert paused["notes"] == ["paused is disabled: no runs"]
    assert monthly["starts"] == "the job report of the workspace"
    assert (hourly["zone_name"], nightly["zone_name"], monthly["zone_name"]) == ("W. Europe", "Pacific", "India")


def test_a_plan_that_was_read_back_says_what_it_knows() -> None:
    data = data_of(content(Plan.from_dict(some_plan().to_dict())))
    nightly = next(schedule for schedule in data["schedules"] if schedule["name"] == "nightly")
    assert (nightly["words"], nightly["starts"], nightly["title"], nightly["enabled"]) == ("", "", "", True)
    assert len(decode_runs(nightly["runs"])) == 31
    assert [change["touched"] for change in data["clock_changes"]] == [[], []]


@pytest.mark.parametrize("index", range(4))
def test_the_offsets_of_zones(index: int) -> None:
    zone = data_of(content())["zones"][index]
    where = ZoneInfo(zone["key"])
    moment = START - timedelta(days=14)
    while moment < END + timedelta(days=14):
        passed = sum(instant <= moment.timestamp() for instant in zone["instants"])
        assert zone["offsets"][passed] == moment.astimezone(where).utcoffset().total_seconds()
        moment += timedelta(minutes=37)
    assert len(zone["offsets"]) == len(zone["instants"]) + 1


def test_zones_are_listed_once_and_utc_first() -> None:
    data = data_of(content())
    assert [zone["key"] for zone in data["zones"]] == ["UTC", "America/Los_Angeles", "Asia/Calcutta", "Europe/Berlin"]
    zones = {schedule["name"]: data["zones"][schedule["zone"]]["key"] for schedule in data["schedules"]}
    assert zones["monthly"] == "Asia/Calcutta"


def test_clock_changes_say_whom_they_touch() -> None:
    # Los Angeles, 8 March 10:00 UTC: 02:30 is left out. Berlin, 29 March 01:00 UTC: no run of working hours is touched.
    first, second = data_of(content())["clock_changes"]
    assert (first["zone"], first["names"], first["instant"]) == (
        "America/Los_Angeles",
        ["Pacific"],
        int(datetime(2026, 3, 8, 10, tzinfo=UTC).timestamp()),
    )
    assert (first["before"], first["after"]) == (-28_800, -25_200)
    assert first["touched"] == [[2, "02:30 does not exist, it moves to 03:30 Pacific (2026-03-08T10:30:00Z)"]]
    assert first["others"] == 1  # the disabled one
    assert (second["zone"], second["touched"], second["others"]) == ("Europe/Berlin", [], 1)


def test_a_repeated_hour_touches_a_run() -> None:
    start = datetime(2026, 10, 31, tzinfo=UTC)
    plan = plan_runs(build("early", "30 1 * * *"), start, start + timedelta(days=3))
    (change,) = data_of(content(plan))["clock_changes"]
    assert change["touched"][0][1].startswith("01:30 comes twice, it runs once")
    both = data_of(
        content(
            plan_runs(
                build("early", "30 1 * * *"), start, start + timedelta(days=3), profile=ServiceProfile(fold="both")
            ),
            profile=ServiceProfile(fold="both"),
        )
    )
    assert "both times" in both["clock_changes"][0]["touched"][0][1]


def test_computes_are_those_that_runs_name() -> None:
    computes = {
        "gpu": Compute(name="gpu", size="Standard_NC6s_v3", max_nodes=2, min_nodes=1),
        "spare": Compute(name="spare"),
    }
    data = data_of(content(computes=computes))
    assert data["computes"] == [
        {"name": "cpu", "size": None, "max_nodes": None, "min_nodes": 0},
        {"name": "gpu", "size": "Standard_NC6s_v3", "max_nodes": 2, "min_nodes": 1},
    ]
    pieces = {schedule["name"]: schedule["pieces"] for schedule in data["schedules"]}
    unknown = {"offset": 0, "length": None, "longest": None, "nodes": None, "fits": True, "waits": []}
    assert pieces["hourly"] == [{"compute": 1, **unknown}]
    assert pieces["monthly"] == [{"compute": None, **unknown}]


def test_pieces_are_coded() -> None:
    first = Piece(compute="cpu", length=600, longest=900, nodes=2, waits=[0, 0, 30, *[0] * 28])
    second = Piece(compute="gpu", offset=600, length=60, nodes=4, fits=False)
    data = data_of(content(pieces={"nightly": (first, second)}))
    (nightly,) = (schedule for schedule in data["schedules"] if schedule["name"] == "nightly")
    assert nightly["pieces"] == [
        {"compute": 0, "offset": 0, "length": 600, "longest": 900, "nodes": 2, "fits": True, "waits": [2, 30]},
        {"compute": 1, "offset": 600, "length": 60, "longest": None, "nodes": 4, "fits": False, "waits": []},
    ]


def finding(code: str, path: str | None, severity: str = "warning") -> Diagnostic:
    place = Location(path, 4, 16) if path else None
    return Diagnostic(code, Severity(severity), "the message", "the hint", place, ("trigger", "expression"))


def test_findings_say_whom_they_are_about() -> None:
    files = {"nightly": "schedules/nightly.yml", "hourly": "schedules/both.yml", "monthly": "schedules/both.yml"}
    plan = plan_runs(
        [
            schedule.replace(source=files.get(schedule.name))
            for schedule in (part.definition for part in some_plan().parts)
        ],
        START,
        END,
    )
    of_file, of_user, of_pipeline, of_nobody = (
        finding("MLS103", "./schedules/both.yml"),
        finding("MLS311", "schedules/nightly.yml", "note"),
        finding("MLS411", "pipelines/train.yml"),
        finding("MLS999", None, "error"),
    )
    users = {of_user: ("nightly",), of_pipeline: ("paused", "nightly"), of_nobody: ("gone",)}
    found = PageFindings(
        items=(of_file, of_user, of_pipeline, of_nobody), users=users, left_out=3, broken=("./schedules/broken.yml",)
    )
    data = data_of(content(plan, findings=found))
    names = [schedule["name"] for schedule in data["schedules"]]
    about = [[names[index] for index in item["about"]] for item in data["findings"]]
    assert about == [["hourly", "monthly"], ["nightly"], ["nightly", "paused"], []]
    assert data["findings"][0] == {
        "code": "MLS103",
        "rule": "days-and-months-ignored",
        "severity": "warning",
        "message": "trigger.expression: the message",
        "hint": "the hint",
        "path": "schedules/both.yml",
        "line": 4,
        "column": 16,
        "about": [0, 1],
    }
    assert [item["severity"] for item in data["findings"]] == ["warning", "note", "warning", "error"]
    assert (data["findings"][3]["path"], data["findings"][3]["line"], data["findings"][3]["rule"]) == ("", None, "")
    assert (data["findings_left_out"], data["broken"]) == (3, ["schedules/broken.yml"])


def test_a_finding_about_a_whole_file_names_no_field() -> None:
    item = Diagnostic("MLS001", Severity.ERROR, "cannot be read")
    (shown,) = data_of(content(findings=PageFindings(items=(item,))))["findings"]
    assert shown["message"] == "cannot be read"


def test_a_package_that_is_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_data, "DISTRIBUTION", "no-such-distribution")
    assert data_of(content())["made_with"] == "no-such-distribution (not installed)"


def test_an_empty_plan() -> None:
    data = data_of(content(plan_runs([], START, END)))
    assert (data["schedules"], data["computes"], data["clock_changes"], [zone["key"] for zone in data["zones"]]) == (
        [],
        [],
        [],
        ["UTC"],
    )
