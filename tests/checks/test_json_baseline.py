"""A baseline whose name ends in .json is JSON: what is read by its name is written by its name."""

import json

import pytest

from pytest_mlschedule.checks.baseline import Baseline, Entry, read_baseline, write_baseline

COUNTS = {
    Entry("a.yml", "MLS103", "trigger.expression", 'expression: "0 9 1 * *"'): 1,
    Entry("a.yml", "MLS107", "trigger.expression", "é: 1"): 2,
    Entry("b/c.yml", "MLS010", "", "x"): 1,
}


@pytest.mark.parametrize("name", ["known.json", "known.JSON", "known.yml", "known"])
@pytest.mark.parametrize("counts", [COUNTS, {}])
def test_a_baseline_is_read_as_it_was_written(tmp_path, name, counts):
    path = tmp_path / name
    text = write_baseline(Baseline(path=str(path), counts=counts))
    path.write_text(text, encoding="utf-8")
    assert read_baseline(str(path)).counts == counts


def test_the_json_is_json():
    text = write_baseline(Baseline(path="known.json", counts=COUNTS))
    assert json.loads(text)["findings"]["b/c.yml"] == [{"code": "MLS010", "line": "x"}]
