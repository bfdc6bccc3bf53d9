"""``pytest --mlschedule`` checks as ``mlschedule check`` does: comments, the baseline and the window of the configuration count."""

from __future__ import annotations

import pytest
from small_project import NIGHTLY, Project

OPTIONS = ("--mlschedule", "--mlschedule-now=2026-01-15", "schedules")
TEST = "def test_code(): pass"
MONTHLY = NIGHTLY.replace('"30 2 * * *"', '"30 5 1 * *"').replace("./pipeline.yml", "azureml:report")
BASELINE = """\
version: 1
findings:
  schedules/monthly.yml:
    - {code: MLS103, field: trigger.expression, line: 'expression: "30 5 1 * *"'}
"""


@pytest.fixture
def project_with_finding(project: Project) -> Project:
    project.write("schedules/monthly.yml", MONTHLY)
    return project


def test_a_finding_fails(project_with_finding: Project) -> None:
    project_with_finding.run(TEST, *OPTIONS).assert_outcomes(failed=1)


def test_what_the_baseline_knows_passes(project_with_finding: Project) -> None:
    project_with_finding.write("mlschedule.toml", 'baseline = "known.yml"\n')
    project_with_finding.write("known.yml", BASELINE)
    project_with_finding.run(TEST, *OPTIONS).assert_outcomes(passed=1)


def test_what_a_comment_ignores_passes(project_with_finding: Project) -> None:
    project_with_finding.write("schedules/monthly.yml", MONTHLY.replace('* *"', '* *"  # mls: ignore[MLS103]'))
    project_with_finding.run(TEST, *OPTIONS).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("text", "said"), [(None, "*known.yml:1:1: MLS001 there is no such baseline"), ("[]", "*MLS008*")]
)
def test_a_baseline_that_cannot_be_used_is_wrong_usage(
    project_with_finding: Project, text: str | None, said: str
) -> None:
    project_with_finding.write("mlschedule.toml", 'baseline = "known.yml"\n')
    if text is not None:
        project_with_finding.write("known.yml", text)
    result = project_with_finding.run(TEST, *OPTIONS)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{said}"])
