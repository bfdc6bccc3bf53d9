"""Where a test's clock, role and profile come from: markers, options, ini; and what is said of those that cannot be used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from small_project import Project

from pytest_mlschedule import ServiceProfile
from pytest_mlschedule.plugin.profile_values import change_profile, split_pairs
from pytest_mlschedule.plugin.settings import read_instant

PRECEDENCE = """
import pytest
from datetime import UTC, datetime, timedelta
from pytest_mlschedule import ServiceProfile

pytestmark = pytest.mark.mlschedule(now="2026-04-01", profile={"week_start": "sunday"})

def test_module(ml_workspace):
    assert ml_workspace.clock.now() == datetime(2026, 4, 1, tzinfo=UTC)
    assert ml_workspace.role.name == "Reader"
    profile = ml_workspace.profile
    assert (profile.week_start, profile.gap, profile.fold) == ("sunday", "skip", "both")

@pytest.mark.mlschedule(role="Contributor", now="2026-05-01", profile="provisioning_delay=5m")
class TestClass:
    def test_class(self, ml_workspace):
        assert ml_workspace.clock.now() == datetime(2026, 5, 1, tzinfo=UTC)
        assert ml_workspace.role.name == "Contributor"
        assert ml_workspace.profile.provisioning_delay == timedelta(minutes=5)

    @pytest.mark.mlschedule(now=datetime(2026, 6, 1, tzinfo=UTC), profile={"fold": "second"})
    def test_function(self, ml_workspace):
        assert ml_workspace.clock.now() == datetime(2026, 6, 1, tzinfo=UTC)
        assert ml_workspace.role.name == "Contributor"
        profile = ml_workspace.profile
        assert (profile.week_start, profile.gap, profile.fold) == ("sunday", "skip", "second")

    @pytest.mark.mlschedule(profile=ServiceProfile(end_time="exclusive"))
    def test_whole_profile(self, ml_workspace):
        assert ml_workspace.profile == ServiceProfile(end_time="exclusive")

    @pytest.mark.mlschedule(now=None, role=None)
    def test_none_says_nothing(self, ml_workspace):
        assert ml_workspace.clock.now() == datetime(2026, 5, 1, tzinfo=UTC)
        assert ml_workspace.role.name == "Contributor"
"""


def test_the_closest_place_decides_each_value(project: Project) -> None:
    project.ini("mlschedule_now = 2026-02-01", "mlschedule_role = Owner", "mlschedule_profile = gap=skip fold=first")
    options = ["--mlschedule-now=2026-03-01", "--mlschedule-role=Reader", "--mlschedule-profile=fold=both"]
    project.run(PRECEDENCE, *options).assert_outcomes(passed=5)


SHOW = """
def test_it(ml_clock, ml_workspace):
    print("|", ml_clock.now().isoformat(), ml_workspace.role.name, ml_workspace.profile.gap, "|")
"""


@pytest.mark.parametrize(
    ("ini", "options", "shown"),
    [
        ([], [], "| 2026-01-01T00:00:00+00:00 Owner shift |"),
        (["mlschedule_now = 2026-02-01T12:30"], [], "| 2026-02-01T12:30:00+00:00 Owner shift |"),
        (["mlschedule_now = 2026-02-01T12:30-08:00"], [], "| 2026-02-01T20:30:00+00:00 Owner shift |"),
        (["mlschedule_now = 2026-02-01"], ["--mlschedule-now=2026-03-01"], "| 2026-03-01T00:00:00+00:00 Owner shift |"),
        (
            ["mlschedule_role = reader", "mlschedule_profile = gap=skip"],
            [],
            "| 2026-01-01T00:00:00+00:00 Reader skip |",
        ),
        (["mlschedule_role = Reader"], ["--mlschedule-role=Owner"], "| 2026-01-01T00:00:00+00:00 Owner shift |"),
    ],
)
def test_option_before_ini_before_default(project: Project, ini: list[str], options: list[str], shown: str) -> None:
    project.ini(*ini)
    project.run(SHOW, "-s", *options).stdout.fnmatch_lines([f"*{shown}*"])


def test_without_a_zone_a_time_is_utc_wherever_the_machine_stands(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    result = project.run_alone(SHOW, "-s", "--mlschedule-now=2026-03-01T06:00")
    result.stdout.fnmatch_lines(["*| 2026-03-01T06:00:00+00:00 Owner shift |*"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("nwo='2026-01-01'", "@pytest.mark.mlschedule does not know 'nwo': it takes now=, role=, profile="),
        ("'2026-01-01'", "@pytest.mark.mlschedule takes no values by position ('2026-01-01'): it takes now=, *"),
        ("now='noon'", "@pytest.mark.mlschedule(now=...): 'noon' is not a time: write 2026-03-08, *"),
        ("now=12", "@pytest.mark.mlschedule(now=...): 12 is neither a text like '2026-03-08T02:30' nor an aware datetime"),
        ("now=datetime(2026, 1, 1)", "*(now=...): datetime.datetime(2026, 1, 1, 0, 0) is naive: give it a time zone, *"),
        ("now='2300-01-01'", "*(now=...): *outside the supported years 1970 to 2200"),
        ("role='Raeder'", "*(role=...): 'Raeder' is not a built-in role; did you mean Reader?*"),
        ("role=3", "*(role=...): 3 is neither the name of a built-in role nor a RoleDefinition"),
        ("profile={'gapp': 'skip'}", "*(profile=...): a service profile has no field 'gapp': did you mean gap? its fields *"),
        ("profile={'gap': 'skp'}", "*(profile=...): gap cannot be 'skp': it is shift or skip"),
        ("profile=3", "*(profile=...): 3 is neither a ServiceProfile nor a mapping of its fields nor a text like *"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("fixture", ["ml_clock", "ml_schedule"])
def test_a_marker_that_cannot_be_used_fails_its_test(
    project: Project, arguments: str, message: str, fixture: str
) -> None:
    project.schedules()
    project.ini("mlschedule_paths = schedules")
    source = f"""
import pytest
from datetime import datetime

@pytest.mark.mlschedule({arguments})
def test_it({fixture}):
    pass

def test_other(ml_clock):
    pass
"""
    result = project.run(source)
    result.assert_outcomes(errors=1, passed=1)
    literal = message.translate({ord("["): "[[]"})
    result.stdout.fnmatch_lines(["_* ERROR at setup of test_it*_", literal])  # the message is all there is
    result.stdout.no_fnmatch_line("*pytest_mlschedule*")


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--mlschedule-now=noon", "ERROR: --mlschedule-now: 'noon' is not a time: *"),
        ("--mlschedule-now=", "ERROR: --mlschedule-now: '' is not a time: *"),
        (
            "--mlschedule-role=Raeder",
            "ERROR: --mlschedule-role: 'Raeder' is not a built-in role; did you mean Reader?*",
        ),
        ("--mlschedule-profile=gap", "ERROR: --mlschedule-profile: 'gap' is not a field=value pair: *"),
        ("--mlschedule-profile=gap=skp", "ERROR: --mlschedule-profile: gap cannot be 'skp': it is shift or skip"),
        ("--mlschedule-profile=gap='", "ERROR: --mlschedule-profile: No closing quotation"),
        ("--override-ini=mlschedule_now=noon", "ERROR: ini mlschedule_now: 'noon' is not a time: *"),
    ],
)
def test_an_option_that_cannot_be_used_is_a_usage_error(project: Project, option: str, message: str) -> None:
    result = project.run(SHOW, option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])


def test_strict_markers_and_strict_config_know_us(project: Project) -> None:
    project.ini("mlschedule_now = 2026-02-01", "mlschedule_role =", "mlschedule_profile =", "mlschedule_paths =")
    source = "import pytest\n@pytest.mark.mlschedule()\ndef test_it(ml_clock): pass"
    project.run(source, "--strict-markers", "--strict-config").assert_outcomes(passed=1)


def test_a_role_definition_and_the_owner_beside_it(project: Project) -> None:
    source = """
import pytest
from pytest_mlschedule import AuthorizationError, RoleDefinition

@pytest.mark.mlschedule(role=RoleDefinition(["*/read"], name="visitor"))
def test_it(ml_workspace):
    with pytest.raises(AuthorizationError, match="'visitor'"):
        ml_workspace.schedules.begin_delete("nightly")
    assert ml_workspace.as_role("Owner").activity[-1].status == "Denied"
"""
    project.run(source).assert_outcomes(passed=1)


def test_pairs_are_split_as_a_shell_does() -> None:
    assert split_pairs("gap=skip  trigger_time_format='%Y %m'") == {"gap": "skip", "trigger_time_format": "%Y %m"}
    assert split_pairs("") == {}


def test_profile_values_become_what_their_fields_are() -> None:
    changed = change_profile(ServiceProfile(gap="skip"), {"provisioning_delay": "90m", "trigger_time_format": "%Y"})
    assert changed == ServiceProfile(gap="skip", provisioning_delay=timedelta(minutes=90), trigger_time_format="%Y")
    assert change_profile(changed, {"provisioning_delay": timedelta(0)}).provisioning_delay == timedelta(0)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("provisioning_delay", "soon", "provisioning_delay: 'soon' is not a duration"),
        ("provisioning_delay", 3, "provisioning_delay cannot be 3: it is a timedelta"),
        ("trigger_time_format", None, "trigger_time_format cannot be None: it is a str"),
        ("fold", 1, "fold cannot be 1: it is first or second or both"),
        ("nothing_like_it", 1, "has no field 'nothing_like_it': its fields are gap, fold"),
    ],
)
def test_a_profile_value_that_cannot_be_used(field: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        change_profile(ServiceProfile(), {field: value})


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("2026-03-08", datetime(2026, 3, 8, tzinfo=UTC)),
        ("2026-03-08T02:30+01:00", datetime(2026, 3, 8, 1, 30, tzinfo=UTC)),
        (datetime.fromisoformat("2026-03-08T02:30-08:00"), datetime(2026, 3, 8, 10, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_is_kept_in_utc(value: object, instant: datetime) -> None:
    read = read_instant(value)
    assert read == instant
    assert read.tzinfo is UTC
