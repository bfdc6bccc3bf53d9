"""The timeline: bars as long as runs, waiting for nodes, nodes in use below what there is, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from estates import BERLIN, START, build, make_content, some_content
from visits import Visit, Visits

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.planning.estimates import estimate_runs
from pytest_mlschedule.report.page.content import PageContent, Piece
from pytest_mlschedule.report.page.pieces import read_pieces
from pytest_mlschedule.schedules.models import JobSchedule

MONDAY = "from=2026-03-02"
HOUR = 3600


def loaded(schedules: Sequence[JobSchedule], durations: dict[str, object], *computes: Compute) -> PageContent:
    made = make_content(list(schedules), days=21)
    estimate = estimate_runs(made.plan, durations=durations, computes=computes)
    return replace(made, pieces=read_pieces(made.plan, estimate), computes={one.name: one for one in computes})


def lanes(page: Visit) -> dict[str, str]:
    """What is said of each lane, by compute."""
    return dict(
        zip(
            page.page.locator(".lane h3").all_inner_texts(),
            page.page.locator(".lane-words").all_inner_texts(),
            strict=True,
        )
    )


def boxes(page: Visit, name: str, lane: int = 0) -> list[tuple[float, float]]:
    """Start and end of what is drawn in a lane with a class, in hours from its left edge; a week is 168."""
    svg = page.page.locator(".lane-plot").nth(lane)
    width = float(svg.get_attribute("width") or 0)
    path = svg.locator(f"path.{name}").get_attribute("d") or ""
    found = []
    for part in path.split("M")[1:]:
        left, wide = float(part.split(" ")[0]), float(part.split("h")[1].split("v")[0])
        found.append((left / width * 168, (left + wide) / width * 168))
    return sorted(found)


def near(found: list[tuple[float, float]], expected: list[tuple[float, float]]) -> bool:
    """Equal to a tenth of an hour: half a pixel."""
    return len(found) == len(expected) and all(
        abs(a - c) < 0.15 and abs(b - d) < 0.15 for (a, b), (c, d) in zip(found, expected, strict=True)
    )


def rows_of(page: Visit, number: int) -> list[list[str]]:
    page.page.get_by_text("The same as a table").click()
    page.page.locator(".as-table table").nth(1).wait_for()
    rows = page.page.locator(".as-table table").nth(number).locator("tbody tr").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def test_bars_are_as_long_as_runs(visit: Visits) -> None:
    # Every day from 04:00 to 10:00, on Wednesdays also from 06:00 to 18:00.
    content = loaded(
        [build("a", "0 4 * * *"), build("b", "0 6 * * WED")], {"a": "6h", "b": "12h"}, Compute(name="cpu", max_nodes=4)
    )
    page = visit(content, address=MONDAY)
    assert near(boxes(page, "bar-0"), [(day * 24 + 4.0, day * 24 + 10.0) for day in range(7)])
    assert near(boxes(page, "bar-1"), [(48 + 6, 48 + 18)])
    assert lanes(page) == {"cpu": "8 runs · peak 2 of 4 nodes, Wed 4 Mar 06:00"}
    assert "max 4 nodes" in (page.page.locator(".lane-plot").text_content() or "")


def test_a_run_that_began_before_is_drawn(visit: Visits) -> None:
    content = loaded([build("a", "0 20 * * SUN")], {"a": "10h"}, Compute(name="cpu", max_nodes=4))
    page = visit(content, address=MONDAY)  # Sunday 1 March 20:00 to Monday 06:00, and Sunday the 8th
    first, last = boxes(page, "bar-0")
    assert first[0] < 0
    assert abs(first[1] - 6) < 0.15
    assert abs(last[0] - (6 * 24 + 20)) < 0.15
    assert last[1] > 168


def test_waiting_is_drawn_before_running(visit: Visits) -> None:
    # One node: b asks for it at 06:00 and has it at 10:00, when a is done. It runs until 13:00.
    content = loaded(
        [build("a", "0 4 * * MON"), build("b", "0 6 * * MON")], {"a": "6h", "b": "3h"}, Compute(name="cpu", max_nodes=1)
    )
    page = visit(content, address=MONDAY)
    assert near(boxes(page, "bar-0"), [(4, 10)])
    assert near(boxes(page, "bar-waiting"), [(6, 10)])
    assert near(boxes(page, "bar-1"), [(10, 13)])
    assert lanes(page) == {"cpu": "2 runs · peak 1 of 1 node, Mon 2 Mar 04:00 · 1 run waited, the longest 4 h"}
    assert "waiting for nodes" in page.text("#timeline .legend")
    assert rows_of(page, 0) == [["cpu", "2", "1", "1", "Mon 2 Mar 2026 04:00", "1", "4 h", "0"]]
    assert page.page.locator(".as-table table").nth(1).locator("tbody tr").nth(1).locator("th, td").all_inner_texts() == [
        "Mon 2 Mar 2026 06:00", "b", "cpu", "4 h", "3 h", "1", "2026-03-02T06:00:00Z",
    ]  # fmt: skip


def test_nodes_in_use_never_exceed_what_there_is(visit: Visits) -> None:
    page = visit(some_content())
    later = page.page.locator("#timeline-tools").get_by_role("button", name="Later")
    seen = 0
    while True:
        for words in lanes(page).values():
            if "peak" in words:
                used, most = words.split("peak ")[1].split(" node")[0].split(" of ")
                assert int(used) <= int(most), words
                seen += 1
        if not later.is_enabled():
            break
        later.click()
    assert seen == 2 * 7  # weeks


def test_what_is_not_known_is_a_mark_and_said(visit: Visits) -> None:
    content = make_content(
        [build("a", "0 4 * * *"), build("b", "0 6 * * *").replace(create_job="azureml:elsewhere")], days=21
    )
    page = visit(content, address=MONDAY)
    assert lanes(page) == {"cpu": "7 runs · lengths unknown", "compute not known": "7 runs · lengths unknown"}
    found = boxes(page, "bar-unknown")
    assert len(found) == 7
    assert all(end > start for start, end in found)  # never nothing
    assert page.page.locator(".use").count() == 0
    assert "a run of unknown length" in page.text("#timeline .legend")
    assert rows_of(page, 0)[1] == ["not known", "7", "unknown", "unknown", "", "0", "", "7"]


def test_some_of_a_lane_is_not_known(visit: Visits) -> None:
    content = loaded([build("a", "0 4 * * *"), build("b", "0 6 * * MON")], {"a": "1h"}, Compute(name="cpu"))
    page = visit(content, address=MONDAY)
    assert lanes(page) == {"cpu": "8 runs · peak 1 node, Mon 2 Mar 04:00 · 1 of unknown length or size"}
    assert "no limit known" in (page.page.locator(".lane-plot").text_content() or "")


def test_a_run_that_never_starts_is_told(visit: Visits) -> None:
    content = loaded([build("a", "0 4 * * MON")], {"a": "1h"}, Compute(name="cpu", nodes_per_run=3, max_nodes=2))
    page = visit(content, address=MONDAY)
    assert lanes(page) == {"cpu": "1 run · 1 run never starts: more nodes than there can be"}
    assert len(boxes(page, "bar-stuck")) == 1
    assert "a run that never starts" in page.text("#timeline .legend")
    assert rows_of(page, 1)[0][4] == "never starts"


def test_pieces_of_a_run_are_on_their_computes(visit: Visits) -> None:
    pieces = (Piece(compute="cpu", length=HOUR, nodes=1), Piece(compute="gpu", offset=HOUR, length=2 * HOUR, nodes=1))
    content = replace(make_content([build("a", "0 4 * * MON")], days=21), pieces={"a": pieces})
    page = visit(content, address=MONDAY)
    assert near(boxes(page, "bar-0", 0), [(4, 5)])
    assert near(boxes(page, "bar-0", 1), [(5, 7)])


def test_a_choice_mutes_the_others(visit: Visits) -> None:
    content = loaded(
        [build("a", "0 4 * * *"), build("b", "0 6 * * *")], {"a": "6h", "b": "6h"}, Compute(name="cpu", max_nodes=4)
    )
    page = visit(content, address=f"{MONDAY}&schedule=a&day=2026-03-04")
    assert near(boxes(page, "bar-0"), [(52, 58)])
    assert len(boxes(page, "bar-muted")) == 13
    assert "2 of 4" in lanes(page)["cpu"]  # the load is that of all
    assert "runs that the filters leave out" in page.text("#timeline .legend")


def test_a_click_on_a_bar_chooses_its_schedule(visit: Visits) -> None:
    content = loaded(
        [build("a", "0 4 * * *"), build("b", "0 6 * * *")], {"a": "6h", "b": "6h"}, Compute(name="cpu", max_nodes=4)
    )
    page = visit(content, address=MONDAY)
    box = page.page.locator(".lane-plot").bounding_box()
    assert box is not None
    x = box["width"] * (48 + 9) / 168
    page.page.locator(".lane-plot").hover(position={"x": x, "y": 24})
    assert page.page.locator("#tip").inner_text().split("\n") == [
        "b",
        "Wed 4 Mar 2026 06:00 +00:00",
        "2026-03-04T06:00:00Z",
        "runs 6 h",
        "1 node",
    ]
    page.page.locator(".lane-plot").click(position={"x": x, "y": 24})
    assert page.chips() == ["Schedule: b"]
    page.page.locator(".lane-plot").click(position={"x": box["width"] * 0.99, "y": 24})
    assert page.chips() == ["Schedule: b"]  # nothing is there


ZONES: list[tuple[list[Any], str, str]] = [
    ([BERLIN], "", "Drawn in Europe/Berlin."),
    ([BERLIN, "UTC"], "", "These schedules are in several zones, so the timeline is drawn in UTC."),
    ([BERLIN, "UTC"], "zone=utc", "Drawn in UTC."),
    ([BERLIN, "UTC"], "zone=viewer", "Drawn in Asia/Tokyo."),
    ([BERLIN, "UTC"], "schedule=s0", "Drawn in Europe/Berlin."),
]


@pytest.mark.parametrize(("zones", "address", "note"), ZONES)
def test_the_zone_of_the_timeline(zones: list[str], address: str, note: str, visit: Visits) -> None:
    page = visit(
        make_content([build(f"s{index}", "0 4 * * *", zone) for index, zone in enumerate(zones)]),
        address=address,
        timezone_id="Asia/Tokyo",
    )
    assert page.text("#timeline > .card-note") == note


def test_a_week_with_a_clock_change_has_its_days(visit: Visits) -> None:
    # The week of 29 March has 167 hours in Berlin; every run at 12:00 lies half way through its day, or near.
    content = loaded([build("a", "0 12 * * *", BERLIN)], {"a": "6h"}, Compute(name="cpu", max_nodes=4))
    content = replace(content, plan=make_content([build("a", "0 12 * * *", BERLIN)], days=40).plan)
    page = visit(content, address="from=2026-03-23")
    assert page.text("#timeline-note") == "Drawn in Europe/Berlin. Sun 29 Mar 2026 has 23 hours: the clocks change."
    lines = [
        float(x)
        for x in page.page.locator(".grid-day").evaluate_all("(all) => all.map((one) => one.getAttribute('x1'))")
    ]
    width = float(page.page.locator(".lane-plot").get_attribute("width") or 0)
    assert [round(x / width * 167, 1) for x in lines] == [0, 24, 48, 72, 96, 120, 144, 167]


def test_a_day_has_hours(visit: Visits) -> None:
    page = visit(some_content())
    page.page.get_by_role("button", name="Day", exact=True).click()
    page.page.locator("#picker").select_option(label="Sun 8 Mar 2026")
    assert page.page.locator(".axis text").all_text_contents() == [
        "00:00",
        "03:00",
        "06:00",
        "09:00",
        "12:00",
        "15:00",
        "18:00",
        "21:00",
    ]
    assert "span=1" in page.page.url
    page.page.get_by_role("button", name="Week", exact=True).click()
    assert page.page.locator("#picker option:checked").inner_text() == "2 Mar to 8 Mar 2026"


@pytest.mark.parametrize(
    ("start", "day", "hours"),
    [
        (START, "2026-03-29", [0, 2, 5, 8, 11, 14, 17, 20]),
        (datetime(2026, 10, 1, tzinfo=UTC), "2026-10-25", [0, 4, 7, 10, 13, 16, 19, 22]),
    ],
)
def test_hours_of_a_day_stand_at_their_own_clock(start: datetime, day: str, hours: list[int], visit: Visits) -> None:
    content = make_content([build("a", "0 12 * * *", BERLIN)], days=40, start=start)
    page = visit(content, address=f"span=1&from={day}")
    length = {"2026-03-29": 23, "2026-10-25": 25}[day]
    assert page.text("#timeline-note").endswith(f" has {length} hours: the clocks change.")
    places = page.page.locator(".axis text").evaluate_all("(all) => all.map((one) => Number(one.getAttribute('x')))")
    width = float(page.page.locator(".axis").get_attribute("width") or 0)
    assert page.page.locator(".axis text").all_text_contents() == [f"{hour:02}:00" for hour in range(0, 24, 3)]
    assert [round(place / width * length) for place in places] == hours


def test_a_long_table_says_what_it_leaves_out(visit: Visits) -> None:
    content = make_content([build("often", "*/10 * * * *")], days=21)
    page = visit(content, address=MONDAY)
    assert len(rows_of(page, 1)) == 500
    assert "And 508 more: choose a schedule or a day to see them." in page.text("#timeline")


def test_weeks_are_those_of_the_window(visit: Visits) -> None:
    content = make_content([build("a", "0 4 * * *")], days=10, start=datetime(2026, 3, 4, tzinfo=UTC))
    page = visit(content)
    assert page.page.locator("#picker option").all_inner_texts() == ["2 Mar to 8 Mar 2026", "9 Mar to 15 Mar 2026"]
    assert page.page.locator(".outside-window").count() == 1
    assert content.plan.start > START
