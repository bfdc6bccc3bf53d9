"""NCrontab expressions made up by hypothesis, and hostile ones (CR-1 to CR-3)."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.triggers.ncrontab import FIELDS, parse_ncrontab


@st.composite
def field_texts(draw, place):
    """A field and the set of values it means, built side by side."""
    kind = FIELDS[place]
    texts, meant = [], set()
    for _ in range(draw(st.integers(1, 3))):
        low, high = sorted((draw(st.integers(kind.low, kind.high)), draw(st.integers(kind.low, kind.high))))
        step = draw(st.integers(1, 70))
        shape = draw(st.sampled_from(["value", "range", "all", "from"]))
        if shape == "value":
            texts.append(str(low))
            meant.add(low)
            continue
        first, last = {"range": (low, high), "all": (kind.low, kind.high), "from": (low, kind.high)}[shape]
        body = {"range": f"{low}-{high}", "all": "*", "from": str(low)}[shape]
        texts.append(f"{body}/{step}")
        meant |= {value for value in range(first, last + 1) if (value - first) % step == 0}
    return ",".join(texts), sorted(meant)


@given(st.tuples(*(field_texts(place) for place in range(5))))
@settings(max_examples=150, deadline=None)
def test_generated_expressions_mean_what_they_were_built_from(fields):
    found, _ = parse_ncrontab(" ".join(text for text, _ in fields))
    assert [list(values) for values in (found.minutes, found.hours, found.days, found.months, found.weekdays)] == [
        meant for _, meant in fields
    ]


@given(st.one_of(st.text(max_size=40), st.text("0123456789*/,-MonJanLW#?@ ", max_size=40)))
@settings(max_examples=400, deadline=None)
def test_any_text_gives_fields_or_problems_and_no_traceback(text):
    fields, problems = parse_ncrontab(text)
    assert (fields is None) == any(problem.severity == "error" for problem in problems)
    for problem in problems:
        assert problem.field == ("expression",)
        assert problem.offset is None or 0 <= problem.offset < max(len(text), 1)
        assert len(problem.message) < 400


@pytest.mark.parametrize(
    "text", ["1," * 4990 + "1 * * * *", "*" * 9000, "0 " * 4900, "- " * 5, "9" * 9990 + " * * * *"]
)
def test_hostile_texts_are_quick(text):
    began = time.thread_time()
    parse_ncrontab(text)
    assert time.thread_time() - began < 1
