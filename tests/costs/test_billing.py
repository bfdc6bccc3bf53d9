"""What runs cost, computed by hand. A node of cpu costs 0.36 an hour, 0.0001 a second; one of gpu 1.80, 0.0005 a second."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext

import pytest
from bill_data import CPU, GPU, HOUR, estimate, pipeline, runs, window, with_fields

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.estimate import Estimate, MonthShare

DAY = window("2026-03-01", "2026-03-02")
MINUTE = 60


def use_of(found: Estimate, name: str = "nightly") -> tuple[int | None, int | None, Decimal | None]:
    """Busy and idle node-seconds of a schedule, and what they cost."""
    use = found.of(name).compute
    return use.busy, use.idle, use.cost


@pytest.mark.parametrize(
    ("compute", "length", "busy", "hours", "cost"),
    [
        # 3 runs x 1 node x 45 min = 8,100 s = 2.25 h; x 0.0001 a second.
        (CPU, "45m", 8_100, "2.25", "0.81"),
        # 3 runs x 4 nodes x 45 min = 32,400 s = 9 h.
        (with_fields(CPU, nodes_per_run=4), "45m", 32_400, "9", "3.24"),
        # 3 runs x 90 s = 270 s = 0.075 h.
        (CPU, "90s", 270, "0.075", "0.027"),
        # 3 x (1 h + 30 min) = 16,200 s = 4.5 h.
        (CPU, "1h30m", 16_200, "4.5", "1.62"),
        # Low priority: 2.25 h x 0.072.
        (with_fields(CPU, tier="low_priority"), "45m", 8_100, "2.25", "0.162"),
        # 2.25 h x 1.80.
        (with_fields(GPU, name="cpu"), "45m", 8_100, "2.25", "4.05"),
        # A run of 20 minutes is a third of an hour: 3 x 1,200 s = 1 h.
        (CPU, "20m", 3_600, "1", "0.36"),
        # 3 x 7 s = 21 s = 0.0058333... h, to ten places.
        (CPU, "7s", 21, "0.0058333333", "0.0021"),
        # The typical run counts: p50.
        (CPU, {"p50": "45m", "p95": "2h"}, 8_100, "2.25", "0.81"),
    ],
)
def test_node_hours_and_their_cost(compute: Compute, length: object, busy: int, hours: str, cost: str) -> None:
    found = estimate([runs("nightly", [0, 86_400, 172_800])], [compute], {"nightly": length})
    assert use_of(found) == (busy, 0, Decimal(cost))
    use = found.of("nightly").compute
    assert (use.node_seconds, use.node_hours) == (busy, Decimal(hours))
    assert found.total == Decimal(cost)


def test_money_has_ten_places_half_to_even() -> None:
    # 1 s x 0.0001 x 0.3333 = 0.00003333 exactly; 1 s of 0.36 x 0.77777 an hour = 0.279997... / 3600 = 0.000077777.
    found = estimate([runs("nightly", [0])], [CPU], {"nightly": "1s"}, price_factor=Decimal("0.77777"))
    assert found.total == Decimal("0.000077777")
    # 0.36 x 0.1234567 / 3600 = 0.00001234567: the eleventh place is 7, it rounds up.
    found = estimate([runs("nightly", [0])], [CPU], {"nightly": "1s"}, price_factor=Decimal("0.1234567"))
    assert found.total == Decimal("0.0000123457")
    # 0.36 x 0.0000005 / 3600 = 0.00000000005: half, to the even 0. Times three: half to the even 2.
    for number, cost in ((1, "0"), (3, "2E-10")):
        found = estimate([runs("nightly", range(number))], [CPU], {"nightly": "1s"}, price_factor=Decimal("0.0000005"))
        assert found.total == Decimal(cost)


PIPELINE = pipeline("load cpu 1 -", "fit gpu 2 load", "report cpu 1 fit")
STEPS = {"nightly/load": "10m", "nightly/fit": "30m", "nightly/report": "5m"}


def test_steps_on_several_computes_are_charged_at_the_price_of_each() -> None:
    found = estimate([runs("nightly", [0, 86_400], compute=None, job=PIPELINE)], [CPU, GPU], STEPS)
    # cpu: 2 runs x (600 + 300) s x 0.0001 = 0.18; gpu: 2 runs x 2 nodes x 1,800 s x 0.0005 = 3.60.
    use = found.of("nightly").compute
    assert (use.busy, use.cost) == (1_800 + 7_200, Decimal("3.78"))
    assert (use.names, use.nodes, use.duration) == (("cpu", "gpu"), 2, 600 + 1_800 + 300)
    assert {one.name: (one.busy, one.cost) for one in found.computes} == {
        "cpu": (1_800, Decimal("0.18")),
        "gpu": (7_200, Decimal("3.60")),
    }


def test_steps_start_after_those_whose_outputs_they_take() -> None:
    # The nodes of cpu are left at 600 s and, after report (it starts at 600 + 1,800 s), at 2,700 s; those of gpu at 2,400 s.
    # Another run takes the node of cpu at 700 s, for 60 s: load left it idle for 100 s, this run leaves it for 600 s.
    computes = [with_fields(CPU, idle_seconds=600), with_fields(GPU, idle_seconds=60)]
    schedules = [runs("nightly", [0], compute=None, job=PIPELINE), runs("other", [700])]
    found = estimate(schedules, computes, {**STEPS, "other": "1m"})
    assert use_of(found)[1] == 100 + 600 + 2 * 60
    assert use_of(found, "other") == (60, 600, Decimal("0.066"))
    # (900 + 700) s x 0.0001 + (3,600 + 120) s x 0.0005
    assert use_of(found)[2] == Decimal("0.16") + Decimal("1.86")


@pytest.mark.parametrize(
    ("times", "idle"),
    [
        ([0], 600),  # the tail of the only run
        ([0, 1_800 + 300], 300 + 600),  # taken again after 5 minutes
        ([0, 1_800], 0 + 600),  # taken at the very moment
        ([0, 1_800 + 600], 600 + 600),  # gone at that moment: the next run starts another one
        ([0, 1_800 + 660], 600 + 600),
        ([0, 60], 600 + 600),  # two at a time: two nodes, both left for good
        ([0, 60, 1_800 + 100], (100 - 40) * 0 + 600 + 40 + 600),  # the node left last (at 1,860) is taken at 1,900
    ],
)
def test_idle_nodes_are_paid_until_the_next_run_takes_them_or_their_time_is_over(times: list[int], idle: int) -> None:
    found = estimate([runs("nightly", times)], [with_fields(CPU, idle_seconds=600)], {"nightly": "30m"})
    busy = len(times) * 1_800
    assert use_of(found) == (busy, idle, (busy + idle) * Decimal("0.0001"))


def test_the_schedule_pays_whose_run_leaves_a_node() -> None:
    schedules = [runs("a", [0]), runs("b", [1_800 + 300])]
    found = estimate(schedules, [with_fields(CPU, idle_seconds=600)], {"a": "30m", "b": "10m"})
    # a leaves it for 300 s until b takes it, b for the whole 600 s.
    assert use_of(found, "a") == (1_800, 300, Decimal("0.21"))
    assert use_of(found, "b") == (600, 600, Decimal("0.12"))
    assert found.total == Decimal("0.33")


def test_runs_and_idle_nodes_behind_the_window_count_where_the_run_starts_in_it() -> None:
    last = 31 * 86_400 - 1  # the last second of March
    found = estimate([runs("nightly", [last, last + 1])], [with_fields(CPU, idle_seconds=600)], {"nightly": "30m"})
    assert found.runs == 1
    assert use_of(found) == (1_800, 600, Decimal("0.24"))
    assert found.of("nightly").months["2026-03"].cost == Decimal("0.24")


@pytest.mark.parametrize(
    ("minimum", "nodes", "idle_seconds", "waiting", "idle"),
    [
        # A day has 86,400 s; one run takes 3,600 s.
        (1, 1, 0, 86_400 - 3_600, 0),
        (2, 1, 0, 2 * 86_400 - 3_600, 0),
        (2, 3, 0, 2 * 86_400 - 2 * 3_600, 0),  # one node comes and goes, two stay
        (1, 1, 600, 86_400 - 3_600, 0),  # a node that stays is not idle
        (2, 3, 600, 2 * 86_400 - 2 * 3_600, 600),  # the third stays for ten minutes
    ],
)
def test_nodes_that_are_always_on_are_in_the_total_and_not_in_the_schedules(
    minimum: int, nodes: int, idle_seconds: int, waiting: int, idle: int
) -> None:
    compute = with_fields(CPU, min_nodes=minimum, nodes_per_run=nodes, idle_seconds=idle_seconds)
    found = estimate([runs("nightly", [7_200])], [compute], {"nightly": "1h"}, during=DAY)
    busy = nodes * 3_600
    assert use_of(found) == (busy, idle, (busy + idle) * Decimal("0.0001"))
    (one,) = found.computes
    assert (one.busy, one.idle, one.waiting) == (busy, idle, waiting)
    assert one.waiting_cost == waiting * Decimal("0.0001")
    assert one.cost == found.total == (busy + idle + waiting) * Decimal("0.0001")


def test_nodes_that_are_always_on_cost_without_any_run_too() -> None:
    found = estimate([], [with_fields(CPU, min_nodes=3), GPU], during=DAY)
    # 3 nodes x 24 h x 0.36 = 25.92; gpu has no nodes that stay, and is not there.
    assert [(one.name, one.waiting_cost, one.cost) for one in found.computes] == [
        ("cpu", Decimal("25.92"), Decimal("25.92"))
    ]
    assert (found.total, found.runs) == (Decimal("25.92"), 0)
    assert found.months == {"2026-03": MonthShare(0, Decimal("25.92"))}


def test_runs_wait_for_nodes_first_in_first_out() -> None:
    compute = with_fields(CPU, max_nodes=2, idle_seconds=600)
    found = estimate([runs("a", [0, 10]), runs("b", [20])], [compute], {"a": "1h", "b": "30m"})
    (one,) = found.computes
    assert one.load is not None
    # b waits for the first run of a: from 20 s to 3,600 s, and takes its node (600 s idle: none of them).
    assert (one.load.delays.delayed, one.load.delays.longest, one.load.delays.longest_owner) == (1, 3_580, "b")
    assert (one.load.asked_nodes.height, one.load.used_nodes.height) == (3, 2)
    assert use_of(found, "a") == (7_200, 0 + 600, Decimal("0.78"))
    assert use_of(found, "b") == (1_800, 600, Decimal("0.24"))


def test_waiting_for_nodes_costs_nothing_by_itself() -> None:
    for limit in (None, 1, 2, 3):
        found = estimate([runs("a", [0, 0, 0])], [with_fields(CPU, max_nodes=limit)], {"a": "1h"})
        assert found.total == Decimal("1.08")  # 3 x 3,600 x 0.0001


def test_a_run_that_never_fits_is_unknown_and_takes_nothing_from_others() -> None:
    schedules = [runs("big", [0], job=pipeline("fit cpu 5 -")), runs("small", [0])]
    found = estimate(schedules, [with_fields(CPU, max_nodes=4)], {"big": "1h", "small": "1h"})
    assert found.unknown == {"big": "a run asks for 5 nodes of 'cpu', which has at most 4: it would never start"}
    assert found.hints == ("raise max_nodes, or lower nodes_per_run of [computes.cpu]",)
    assert (found.of("big").compute.cost, found.of("big").total) == (None, None)
    assert found.of("small").total == Decimal("0.36")
    assert (found.total, found.known_total) == (None, Decimal("0.36"))
    (one,) = found.computes
    assert (one.cost, one.reason) == (None, found.unknown["big"])
    # Where it does not run in the window, it costs nothing.
    idle = estimate([runs("big", [], job=pipeline("fit cpu 5 -"))], [with_fields(CPU, max_nodes=4)], {"big": "1h"})
    assert (idle.total, idle.unknown) == (Decimal(0), {})


@pytest.mark.parametrize("factor", ["0.85", "1", "1.1", "0.0001"])
def test_the_price_factor_multiplies_every_price(factor: str) -> None:
    computes = [with_fields(CPU, min_nodes=1, idle_seconds=600)]
    schedules = [runs("nightly", range(0, 3_000 * HOUR, HOUR))]
    plain = estimate(schedules, computes, {"nightly": "10m"}, actions_per_run=7)
    found = estimate(schedules, computes, {"nightly": "10m"}, actions_per_run=7, price_factor=Decimal(factor))
    assert found.total == plain.total * Decimal(factor)  # type: ignore[operator]
    assert found.of("nightly").compute.cost == plain.of("nightly").compute.cost * Decimal(factor)  # type: ignore[operator]
    assert found.of("nightly").logic_app.cost == plain.of("nightly").logic_app.cost * Decimal(factor)  # type: ignore[operator]
    assert found.computes[0].waiting_cost == plain.computes[0].waiting_cost * Decimal(factor)  # type: ignore[operator]
    said = [sentence for sentence in found.assumptions if "price_factor" in sentence]
    assert said == ([] if factor == "1" else [f"prices: multiplied by {factor} (price_factor)"])


@pytest.mark.parametrize(
    ("compute", "durations", "reason", "hint"),
    [
        (CPU, {}, "no duration of its runs is known", 'add it to [durations], as "nightly" = "45m", or give a history of jobs'),
        (None, {"nightly": "1h"}, "the compute 'cpu' is not described",
         "add [computes.cpu] with its size and region to the configuration"),
        (Compute(name="cpu"), {"nightly": "1h"}, "the size and the region of the compute 'cpu' is not known",
         "add it to [computes.cpu] in the configuration"),
        (Compute(name="cpu", region="eastus"), {"nightly": "1h"}, "the size of the compute 'cpu' is not known",
         "add it to [computes.cpu] in the configuration"),
        (with_fields(CPU, tier="spot"), {"nightly": "1h"}, "no price for Standard_A in eastus, tier spot", None),
    ],
)  # fmt: skip
def test_what_is_not_known_is_none_with_a_reason_never_0(
    compute: Compute | None, durations: dict[str, str], reason: str, hint: str | None
) -> None:
    schedules = [runs("nightly", [0, 60]), runs("empty", [])]
    found = estimate(schedules, [compute] if compute else [], durations)
    one = found.of("nightly")
    assert (one.runs, one.compute.cost, one.total, one.months["2026-03"].cost) == (2, None, None, None)
    assert one.compute.reason == one.reason == found.unknown["nightly"] == reason
    assert one.compute.hint == found.hints[0]
    if hint is not None:
        assert one.compute.hint == hint
    assert one.logic_app.cost == 0  # that much is known
    assert (found.total, found.known_total) == (None, 0)
    assert list(found.unknown) == ["nightly"]  # a schedule without runs costs nothing, whatever a run would cost
    assert found.of("empty").total == 0
    (load,) = found.computes
    assert (load.name, load.cost) == ("cpu", None)
    assert load.reason


def test_node_hours_are_known_without_a_price() -> None:
    found = estimate([runs("nightly", [0])], [with_fields(CPU, tier="spot")], {"nightly": "1h"})
    assert use_of(found) == (3_600, 0, None)
    assert found.computes[0].busy == 3_600


def test_schedules_without_a_duration_leave_the_others_known() -> None:
    schedules = [runs("a", [0]), runs("b", [0]), *(runs(f"c{number}", [0]) for number in range(4))]
    found = estimate(schedules, [CPU], {"a": "1h"})
    assert (found.of("a").total, found.total, found.known_total) == (Decimal("0.36"), None, Decimal("0.36"))
    assert found.computes[0].reason == "no duration is known for runs of b, c0, c1 and 2 more"
    assert "cpu: runs of b, c0, c1, c2 and c3 are not in its load, nobody knows how long they take" in found.assumptions


def test_always_on_nodes_without_a_price_are_unknown_too() -> None:
    found = estimate([], [with_fields(CPU, min_nodes=1, tier="spot")], during=DAY)
    assert found.unknown == {"compute cpu": "no price for Standard_A in eastus, tier spot"}
    assert found.hints[0].startswith("the price files know the size there in tier dedicated and low_priority")
    assert (found.total, found.computes[0].waiting_cost, found.computes[0].waiting) == (None, None, 86_400)


def test_a_pipeline_on_a_compute_without_a_price_is_unknown_as_a_whole() -> None:
    found = estimate([runs("nightly", [0], compute=None, job=PIPELINE)], [CPU], STEPS)
    assert found.unknown == {"nightly": "the compute 'gpu' is not described"}
    assert [one.cost for one in found.computes] == [Decimal("0.09"), None]


def test_the_context_that_a_caller_has_set_does_not_count() -> None:
    schedules = [runs("nightly", range(0, 3_000 * HOUR, HOUR)), runs("other", [0, 7])]
    computes = [with_fields(CPU, min_nodes=1, idle_seconds=7)]
    lengths = {"nightly": "7m7s", "other": "11m"}
    plain = estimate(schedules, computes, lengths, actions_per_run=7)
    with localcontext(Context(prec=2)):
        found = estimate(schedules, computes, lengths, actions_per_run=7)
        assert (found.total, found.known_total, found.months) == (plain.total, plain.known_total, plain.months)
        assert [one.total for one in found.schedules] == [one.total for one in plain.schedules]
        assert found.of("nightly").compute.node_hours == plain.of("nightly").compute.node_hours
        assert found.to_dict() == plain.to_dict()
    assert plain.total is not None
    assert len(plain.total.as_tuple().digits) > 6


def test_the_total_is_the_sum_of_what_is_shown() -> None:
    schedules = [runs("a", [0, 60, 120]), runs("b", [5]), runs("c", [])]
    computes = [with_fields(CPU, min_nodes=1, idle_seconds=7)]
    found = estimate(schedules, computes, {"a": "7s", "b": "11s", "c": "1h"}, price_factor=Decimal("0.7654321"))
    parts = [one.total for one in found.schedules] + [one.waiting_cost for one in found.computes]
    assert found.total == sum(parts)  # type: ignore[arg-type]
