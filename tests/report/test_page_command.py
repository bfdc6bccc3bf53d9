"""``mlschedule report``: files in, one page out, or a word on why not."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from page_contents import read_data

from pytest_mlschedule.cli import report as report_module
from pytest_mlschedule.cli.report import report_page
from pytest_mlschedule.report.page.run_code import decode_runs

NIGHTLY = """\
name: nightly
trigger:
  type: cron
  expression: "30 2 * * *"
  time_zone: Pacific Standard Time
  start_time: "2026-01-01T00:00:00"
create_job: ../pipelines/train.yml
"""
MONTHLY = """\
name: monthly
trigger: {type: cron, expression: "0 9 1 * *", time_zone: Pacific Standard Time, start_time: "2026-01-01T00:00:00"}
create_job: azureml:report
"""
TRAIN = "type: pipeline\nname: train\nexperiment_name: exp\nsettings: {default_compute: azureml:cpu}\njobs: {}\n"
CONFIG = """\
window = "10d"
[computes.cpu]
size = "Standard_DS3_v2"
region = "eastus"
max_nodes = 4
[durations]
nightly = "45m"
"""
PRICES = """\
{"BillingCurrency": "USD", "Items": [{"currencyCode": "USD", "tierMinimumUnits": 0.0, "retailPrice": 0.24, "unitPrice": 0.24,
 "armRegionName": "eastus", "location": "US East", "effectiveStartDate": "2025-01-01T00:00:00Z", "meterId": "m", "meterName": "D3 v2/DS3 v2",
 "productId": "p", "skuId": "s", "productName": "Virtual Machines DSv2 Series", "skuName": "D3 v2", "serviceName": "Virtual Machines",
 "serviceId": "v", "serviceFamily": "Compute", "unitOfMeasure": "1 Hour", "type": "Consumption", "isPrimaryMeterRegion": true,
 "armSkuName": "Standard_DS3_v2"}], "NextPageLink": null, "Count": 1}
"""
WINDOW = ("--from", "2026-03-01", "--for", "31d", "--now", "2026-02-20")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (
        ("schedules/nightly.yml", NIGHTLY),
        ("schedules/monthly.yml", MONTHLY),
        ("pipelines/train.yml", TRAIN),
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(report_page, list(arguments), prog_name="mlschedule report", catch_exceptions=False)


def page_of(*arguments: str) -> Any:
    result = run(*arguments, "-o", "-")
    assert result.exit_code == 0, result.stderr
    return read_data(result.stdout)


def test_the_page_is_written_to_a_file(folder: Path) -> None:
    result = run("schedules", *WINDOW)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "mlschedule: report.html shows 62 runs of 2 schedules\n"
    runs = {schedule["name"]: len(decode_runs(schedule["runs"])) for schedule in read_data(page)["schedules"]}
    assert runs == {"nightly": 31, "monthly": 31}
    assert sorted(path.name for path in folder.iterdir()) == ["pipelines", "report.html", "schedules"]


def test_one_is_one() -> None:
    result = run("schedules/nightly.yml", "--from", "2026-03-01", "--for", "1d", "--now", "2026-02-20")
    assert result.stderr == "mlschedule: report.html shows 1 run of 1 schedule\n"


def test_a_file_is_replaced_and_keeps_its_rights(folder: Path) -> None:
    (folder / "page.html").write_text("before")
    (folder / "page.html").chmod(0o640)
    assert run("schedules", *WINDOW, "-o", "page.html").exit_code == 0
    assert (folder / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert stat.S_IMODE(os.stat("page.html").st_mode) == 0o640


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_what_is_no_regular_file_stays_what_it_is() -> None:
    os.mkfifo("pipe")
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(Path("pipe").read_text, encoding="utf-8")
        assert run("schedules", *WINDOW, "-o", "pipe").exit_code == 0
        assert read.result(timeout=60).startswith("<!doctype html>")
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


def test_a_file_that_may_not_be_written_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("page.html").write_text("before")
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("page.html") and may(path, mode))
    result = run("schedules", *WINDOW, "-o", "page.html")
    assert (result.exit_code, result.stderr) == (2, "mlschedule: page.html cannot be written: Permission denied\n")
    assert Path("page.html").read_text() == "before"


def test_the_window_is_shown_in_the_zone_too() -> None:
    options = ("--zone", "Pacific Standard Time", "--from", "2026-03-08", "--for", "1d", "--now", "2026-02-20")
    assert (
        page_of("schedules", *options)["window_there"] == "2026-03-08 00:00 to 2026-03-09 01:00 Pacific Standard Time"
    )
    assert page_of("schedules", *WINDOW)["window_there"] == ""


def test_stdout_has_the_page_alone() -> None:
    result = run("schedules", *WINDOW, "-o", "-")
    assert result.stdout.startswith("<!doctype html>")
    assert result.stdout.endswith("</html>\n")
    assert result.stderr == ""
    assert not Path("report.html").exists()


@pytest.mark.parametrize(
    ("options", "title"),
    [
        (("schedules",), "schedules"),
        (("./schedules/nightly.yml", "schedules/monthly.yml"), "schedules/nightly.yml, schedules/monthly.yml"),
        (("schedules", "--title", "All of ours"), "All of ours"),
    ],
)
def test_the_title(options: tuple[str, ...], title: str) -> None:
    assert page_of(*options, *WINDOW)["title"] == title


@pytest.mark.parametrize(
    ("options", "days"),
    [
        (("--now", "2026-02-20"), 90),
        (("--now", "2026-02-20", "--to", "2026-02-25"), 5),
        (("--from", "2026-03-01", "--for", "2w"), 14),
    ],
)
def test_the_window(options: tuple[str, ...], days: int) -> None:
    start, end = page_of("schedules", *options)["window"]
    assert (end - start) / 86_400 == days


def test_the_configuration_counts(folder: Path) -> None:
    (folder / "mlschedule.toml").write_text(CONFIG)
    data = page_of("schedules", "--now", "2026-02-20")
    assert (data["window"][1] - data["window"][0]) / 86_400 == 10
    (nightly,) = (schedule for schedule in data["schedules"] if schedule["name"] == "nightly")
    assert nightly["pieces"][0]["length"] == 2700
    assert data["computes"] == [{"name": "cpu", "size": "Standard_DS3_v2", "max_nodes": 4, "min_nodes": 0}]
    assert data["no_estimate"].startswith("No prices were given")
    assert data["estimate"]["prices"] is None


def test_prices_make_costs(folder: Path) -> None:
    (folder / "mlschedule.toml").write_text(CONFIG)
    (folder / "prices.json").write_text(PRICES)
    data = page_of("schedules", *WINDOW, "--prices", "prices.json")
    (nightly,) = (row for row in data["estimate"]["schedules"] if row["name"] == "nightly")
    # 31 runs of 45 minutes on one node for 0.24 an hour.
    assert float(nightly["compute"]["cost"]) == pytest.approx(31 * 0.75 * 0.24)
    assert data["no_estimate"] == ""


def test_the_findings_are_those_of_check() -> None:
    findings = page_of("schedules", *WINDOW)["findings"]
    assert [(item["code"], item["path"], item["line"]) for item in findings] == [
        ("MLS103", "schedules/monthly.yml", 2),
        ("MLS107", "schedules/monthly.yml", 2),
        ("MLS507", "schedules/monthly.yml", 3),
        ("MLS311", "schedules/nightly.yml", 4),
    ]
    assert [item["about"] for item in findings] == [[0], [0], [0], [1]]


def test_a_comment_leaves_findings_out(folder: Path) -> None:
    path = folder / "schedules" / "nightly.yml"
    path.write_text(NIGHTLY.replace('"30 2 * * *"', '"30 2 * * *"  # mls: ignore[MLS311] we know'))
    data = page_of("schedules/nightly.yml", *WINDOW)
    assert (data["findings"], data["findings_left_out"]) == ([], 1)


def test_a_broken_file_is_told_and_the_page_is_made(folder: Path) -> None:
    (folder / "schedules" / "broken.yml").write_text(NIGHTLY.replace("30 2", "61 2").replace("nightly", "broken"))
    result = run("schedules", *WINDOW, "-o", "page.html")
    assert result.exit_code == 1
    assert "schedules/broken.yml:4:16: MLS102" in result.stderr
    data = read_data((folder / "page.html").read_text(encoding="utf-8"))
    assert data["broken"] == ["schedules/broken.yml"]
    assert [schedule["name"] for schedule in data["schedules"]] == ["monthly", "nightly"]
    assert data["findings"][0]["code"] == "MLS102"


def test_two_schedules_of_one_name_make_no_page(folder: Path) -> None:
    (folder / "schedules" / "again.yml").write_text(NIGHTLY)
    result = run("schedules", *WINDOW)
    assert result.exit_code == 1
    assert "MLS509" in result.stderr
    assert not (folder / "report.html").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("schedules", "-o", "no/such/page.html"), "no/such/page.html cannot be written: there is no folder no/such"),
        (
            ("schedules", "-o", "pipelines"),
            "pipelines cannot be written: it is a folder; name a file, such as pipelines/report.html",
        ),
        (("pipelines",), "no schedules in pipelines"),
        (("gone",), "gone: no such file or directory"),
        (("schedules", "--prices", "gone.json"), "gone.json: no such file or directory"),
        (("schedules", "--from", "2026-03-02", "--to", "2026-03-01"), "the window ends at"),
    ],
)
def test_wrong_usage(options: tuple[str, ...], message: str, folder: Path) -> None:
    result = run(*options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (folder / "report.html").exists()


def test_a_missing_baseline_is_told(folder: Path) -> None:
    (folder / "mlschedule.toml").write_text('baseline = "known.json"\n')
    result = run("schedules", *WINDOW)
    assert result.exit_code == 2
    assert "known.json" in result.stderr


@pytest.mark.parametrize(
    ("most", "way"),
    # 62 runs in 31 days are 2 a day: 20 of them are 10 days, 1 is none.
    [(20, "take a shorter window (--for 10d), or fewer PATHS"), (1, "take a shorter window, or fewer PATHS")],
)
def test_too_many_runs_are_refused(most: int, way: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(report_module, "MOST_RUNS", most)
    result = run("schedules", *WINDOW)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"mlschedule: the page would hold 62 runs, and holds at most {most}: {way}\n"
    assert not (folder / "report.html").exists()


def test_a_name_of_set_that_no_file_has_is_told() -> None:
    result = run("schedules", *WINDOW, "--set", "region=eu")
    assert "--set region: no file has this placeholder" in result.stderr
