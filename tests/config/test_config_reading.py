"""Configurations: which file counts, what it says, and every problem of it at its place."""

from __future__ import annotations

import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pytest_mlschedule.checks.limits import Budget, QuietHours
from pytest_mlschedule.checks.rule import Thresholds
from pytest_mlschedule.config.config import Config
from pytest_mlschedule.config.reading import find_config, load_config, read_config
from pytest_mlschedule.config.toml_document import read_toml
from pytest_mlschedule.diagnostics import Location, Severity, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import ServiceProfile

FULL = """\
paths = ["schedules", "more/one.yml"]
jobs = "pipelines"
window = "6w"
zone = "pacific standard time"
fail-on = "error"
baseline = ".mlschedule-baseline.json"
lock = "schedules.lock.yml"

[values]
environment = "prod"
count = 3
ratio = 0.5
flag = true

[profile]
gap = "skip"
provisioning-delay = "30m"

[rules]
select = ["MLS", "days-and-months-ignored"]
ignore = ["MLS308"]
severity = {MLS103 = "error"}
shortest_period = "15m"
most-starts-per-minute = 4

[rules.per-file-ignores]
"legacy/*" = ["MLS1", "MLS3"]

[budgets]
max_runs_per_day = 200
quiet_hours = ["22:00-06:00", {from = "1:00", to = "24:00", zone = "Europe/Paris"}]

[budgets.schedules."nightly-*"]
max_runs_per_month = 31
allowed_computes = ["cpu-*"]

[budgets.tags."team=ml"]
required-tags = ["owner"]
max_starts_per_minute = 2
quiet_hours = "09:00-10:30"
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str, name: str = "mlschedule.toml") -> list[str]:
    """What is wrong with a configuration, one text a problem, the path left out."""
    with pytest.raises(DefinitionError) as failure:
        read_config(write(folder, name, text))
    return [str(item).replace(f"{folder}{os.sep}{name}:", "") for item in failure.value.diagnostics]


def test_everything_that_a_file_can_say(tmp_path: Path) -> None:
    path = write(tmp_path, "mlschedule.toml", FULL)
    config = read_config(path)
    pacific = {"zone_key": "America/Los_Angeles", "zone_name": "Pacific Standard Time"}
    at = {number: Location(str(path), number, 1) for number in range(1, 50)}
    assert config == Config(
        path=path,
        paths=(str(tmp_path / "schedules"), str(tmp_path / "more" / "one.yml")),
        jobs=(str(tmp_path / "pipelines"),),
        window=timedelta(weeks=6),
        zone="Pacific Standard Time",
        fail_on=Severity.ERROR,
        baseline=str(tmp_path / ".mlschedule-baseline.json"),
        lock=str(tmp_path / "schedules.lock.yml"),
        values={"environment": "prod", "count": "3", "ratio": "0.5", "flag": "true"},
        profile=ServiceProfile(gap="skip", provisioning_delay=timedelta(minutes=30)),
        rules=config.rules,
        thresholds=Thresholds(shortest_period=timedelta(minutes=15), most_starts_per_minute=4),
        budgets=(
            Budget(
                scope="total",
                max_runs_per_day=200,
                quiet_hours=(
                    QuietHours(start=22 * 3600, end=6 * 3600, **pacific),
                    QuietHours(start=3600, end=24 * 3600, zone_key="Europe/Paris", zone_name="Europe/Paris"),
                ),
                location=Location(str(path), 29, 2),
                places={"max_runs_per_day": at[30], "quiet_hours": at[31]},
                **pacific,
            ),
            Budget(
                scope="schedule",
                name="nightly-*",
                max_runs_per_month=31,
                allowed_computes=("cpu-*",),
                location=Location(str(path), 33, 20),
                places={"max_runs_per_month": at[34], "allowed_computes": at[35]},
                **pacific,
            ),
            Budget(
                scope="tag",
                name="team=ml",
                required_tags=("owner",),
                max_starts_per_minute=2,
                quiet_hours=(QuietHours(start=9 * 3600, end=10 * 3600 + 1800, **pacific),),
                location=Location(str(path), 37, 15),
                places={"required_tags": at[38], "max_starts_per_minute": at[39], "quiet_hours": at[40]},
                **pacific,
            ),
        ),
    )
    assert config.rules.select == ("MLS", "days-and-months-ignored")
    assert config.rules.ignore == ("MLS308",)
    assert config.rules.severity == {"MLS103": Severity.ERROR}
    assert config.rules.per_file_ignores == {"legacy/*": ("MLS1", "MLS3")}
    assert config.rules.root == str(tmp_path)


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "mlschedule.toml", "")
    config = read_config(path)
    assert config == Config(path=path, rules=config.rules)
    assert (config.rules.select, config.rules.ignore, config.rules.root) == (("MLS",), (), str(tmp_path))


def test_without_a_zone_days_and_hours_are_those_of_utc(tmp_path: Path) -> None:
    text = '[budgets]\nmax_runs_per_day = 1\nquiet_hours = "22:00-06:00"\n'
    (budget,) = read_config(write(tmp_path, "mlschedule.toml", text)).budgets
    assert (budget.zone_key, budget.zone_name) == ("Etc/UTC", "UTC")
    assert budget.quiet_hours == (QuietHours(start=22 * 3600, end=6 * 3600, zone_key="Etc/UTC", zone_name="UTC"),)


# Where the file is found.

SHARED = "[project]\nname = 'x'\n[tool.mlschedule]\nwindow = '3d'\n"


@pytest.mark.parametrize(
    ("files", "start", "found"),
    [
        ({"mlschedule.toml": "window = '1d'"}, ".", "mlschedule.toml"),
        ({"mlschedule.toml": "window = '1d'"}, "a/b", "mlschedule.toml"),
        ({"pyproject.toml": SHARED}, "a", "pyproject.toml"),
        ({"pyproject.toml": SHARED, "mlschedule.toml": ""}, ".", "mlschedule.toml"),
        (
            {"a/pyproject.toml": SHARED, "mlschedule.toml": ""},
            "a/b",
            "mlschedule.toml",
        ),  # a file of our own wins over a shared one
        ({"a/pyproject.toml": SHARED, "pyproject.toml": SHARED}, "a/b", "a/pyproject.toml"),
        ({"a/pyproject.toml": "[project]\n", "mlschedule.toml": ""}, "a", "mlschedule.toml"),
        # It speaks of mlschedule and does not configure it.
        (
            {"a/pyproject.toml": "[project]\ndependencies = ['pytest-mlschedule']\n", "mlschedule.toml": ""},
            "a",
            "mlschedule.toml",
        ),
        ({"a/pyproject.toml": "tool = 'mlschedule'", "mlschedule.toml": ""}, "a", "mlschedule.toml"),
        # Broken, and none of our business.
        ({"a/pyproject.toml": "[[[", "mlschedule.toml": ""}, "a", "mlschedule.toml"),
        ({"a/.git/HEAD": "", "mlschedule.toml": ""}, "a/b", None),
        ({"a/.git": "gitdir: elsewhere", "mlschedule.toml": ""}, "a", None),
        ({"a/.git/HEAD": "", "a/mlschedule.toml": ""}, "a/b", "a/mlschedule.toml"),
        ({"a/mlschedule.toml/x": "", "mlschedule.toml": ""}, "a", "mlschedule.toml"),
    ],
)
@pytest.mark.parametrize("kind", ["absolute", "relative"])
def test_the_nearest_file_counts(
    files: dict[str, str], start: str, found: str | None, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, ".git/HEAD", "")
    for name, text in files.items():
        write(tmp_path, f"work/{name}", text)
    folder = tmp_path / "work" / start
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "absolute":
        config = find_config(folder)
        assert config.path == (None if found is None else tmp_path / "work" / found)
    else:
        monkeypatch.chdir(folder)
        config = find_config(Path())
        assert config.path == (None if found is None else Path(os.path.relpath(tmp_path / "work" / found, folder)))


def test_the_search_ends_at_the_root_of_the_file_system() -> None:
    assert find_config(Path("/")) == Config()


def test_paths_are_relative_to_the_file_and_shown_from_where_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "mlschedule.toml", 'paths = ["schedules", "/elsewhere"]\njobs = ["."]\n')
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    config = find_config(Path())
    assert config.paths == (os.path.join("..", "..", "schedules"), "/elsewhere")
    assert config.jobs == (os.path.join("..", ".."),)


def test_pyproject_has_it_in_its_table(tmp_path: Path) -> None:
    assert read_config(write(tmp_path, "pyproject.toml", SHARED)).window == timedelta(days=3)
    assert read_config(write(tmp_path, "pyproject.toml", "[project]\n")).window is None
    text = "[tool]\nmlschedule = 3\n"
    assert problems(tmp_path, text, "pyproject.toml") == [
        "2:14: MLS008 tool.mlschedule: must be a table, not a number (3)"
    ]


TOP = "the tables stand at the top: [computes.cpu], not [tool.mlschedule.computes.cpu]"


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("[tool.mlschedule]\nwindow = '1d'\n", "1:2", TOP),
        ("# x\n\n[tool.mlschedule.computes.cpu]\nsize = 'a'\n[tool.mlschedule.durations]\n", "3:2", TOP),
        ("[tool]\n[tool.mlschedule]\n", "1:2", TOP),
        ("tool.mlschedule.window = '1d'\n", "1:1", TOP),
        # Tables of others.
        ("[tool.ruff]\nline-length = 120\n", "1:2", "allowed: "),
        ("tool = 3\n", "1:1", "allowed: "),
    ],
)
@pytest.mark.parametrize("name", ["mlschedule.toml", "costs.toml"])
def test_tables_of_pyproject_stand_at_the_top_of_other_files(
    name: str, text: str, place: str, hint: str, tmp_path: Path
) -> None:
    (problem,) = problems(tmp_path, text, name)
    said = f"in {name} {hint}" if hint is TOP else hint
    assert problem.startswith(f"{place}: MLS006 tool: the key 'tool' is not known here\n  hint: {said}")


def test_beside_a_table_of_pyproject_other_problems_are_told_too(tmp_path: Path) -> None:
    assert problems(tmp_path, "path = 'a'\n[tool.mlschedule]\n") == [
        "1:1: MLS006 path: the key 'path' is not known here\n  hint: did you mean 'paths'?",
        f"2:2: MLS006 tool: the key 'tool' is not known here\n  hint: in mlschedule.toml {TOP}",
    ]


def test_fields_of_pyproject_are_named_from_its_root(tmp_path: Path) -> None:
    text = "[tool.mlschedule.budgets]\nmax_runs = 3\n"
    assert problems(tmp_path, text, "pyproject.toml") == [
        "2:1: MLS006 tool.mlschedule.budgets.max_runs: the key 'max_runs' is not known here\n"
        "  hint: did you mean 'max_runs_per_day' or 'max_runs_per_month'?"
    ]


# What is wrong with it. Every line is one file with one problem.

LENGTH = "hint: write numbers with y, w, d, h, m or s, for example 30d, 2w, 12h, 1h30m, 90s, 1y"
HOURS = 'hint: write "22:00-06:00", or {from = "22:00", to = "06:00", zone = "Pacific Standard Time"}'
SYNTAX = 'hint: text stands in quotes, a table begins with [name], a key is followed by "="'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("path = ['a']", "1:1: MLS006 path: the key 'path' is not known here\n  hint: did you mean 'paths'?"),
        ("\n[rule]\n", "2:2: MLS006 rule: the key 'rule' is not known here\n  hint: did you mean 'rules'?"),
        ("paths = [1]", "1:10: MLS008 paths[0]: must be text, not a number (1)\n  hint: quote it"),
        ("paths = ['']", "1:10: MLS008 paths[0]: must be text, not empty"),
        ("paths = 3", "1:9: MLS008 paths: must be a list of texts, not a number (3)"),
        ("jobs = ' '", "1:8: MLS008 jobs: must be text, not empty"),
        ("window = 31", f"1:10: MLS008 window: must be a length of time as text, not a number (31)\n  {LENGTH}"),
        ("window = '31'", f"1:10: MLS009 window: '31' is not a length of time\n  {LENGTH}"),
        ("window = '0d'", f"1:10: MLS009 window: '0d' is no time at all\n  {LENGTH}"),
        ("window = '999999999w'", "1:10: MLS009 window: '999999999w' is longer than any time there is"),
        ("zone = 'Europe/Pariss'", "1:8: MLS302 zone: 'Europe/Pariss' is not a time zone\n  hint: "),
        ("zone = 3", "1:8: MLS008 zone: must be text, not a number (3)\n  hint: quote it"),
        ("fail-on = 'none'", "1:11: MLS009 fail-on: 'none' is not a severity: error, warning or note"),
        ("fail_on = ['error']", "1:11: MLS009 fail_on: ['error'] is not a severity: error, warning or note"),
        ("fail_on = 'error'\nfail-on = 'note'",
         "2:1: MLS005 fail-on: fail_on is given twice, with a dash and with an underscore\n  hint: keep one of them"),
        ("lock = true", "1:8: MLS008 lock: must be text, not a boolean (true)\n  hint: quote it"),
        ("baseline = []", "1:12: MLS008 baseline: must be text, not a list\n  hint: quote it"),
        ("values = 3", "1:10: MLS008 values: must be a table of values by name, not a number (3)"),
        ("values.a.b = 1", 'values.a: must be text, not a table\n  hint: quote a name that has dots: "a.b" = 1'),
        ("values.a = 2026-01-01", "1:12: MLS008 values.a: must be text, not a date\n  hint: quote it"),
        ("[values]\n'a b' = 'x'", "2:1: MLS006 values.a b: 'a b' is not a name that a placeholder can have\n"
         "  hint: letters, digits, _, . and -, a letter or _ first"),
        ("values.a = 'x\\n'", ""),
        ('values.a = "x\\ny"', "1:12: MLS009 values.a: a value is one line of text"),
        ("profile = 1", "1:11: MLS008 profile: must be a table, not a number (1)"),
        ("[profile]\ngapp = 'skip'", "2:1: MLS006 profile.gapp: the key 'gapp' is not known here\n  hint: did you mean 'gap'?"),
        ("[profile]\nweek-start = 'friday'", "2:14: MLS009 profile.week-start: week_start cannot be 'friday': it is monday or sunday"),
        ("[profile]\nprovisioning_delay = '500d'", "2:22: MLS009 profile.provisioning_delay: provisioning_delay cannot be "
         "datetime.timedelta(days=500): it is 0 to 365 days"),
        ("[profile]\nprovisioning_delay = 'soon'", "2:22: MLS009 profile.provisioning_delay: provisioning_delay: 'soon' is not a duration: "
         "write numbers with y, w, d, h, m or s, for example 30d, 2w, 12h, 1h30m, 90s, 1y"),
        ("rules = []", "1:9: MLS008 rules: must be a table, not a list"),
        ("[rules]\nselect = ['MLS9999']", "2:11: MLS009 rules.select[0]: 'MLS9999' is not a rule"),
        ("[rules]\nselect = 'days-and-month-ignored'", "2:10: MLS009 rules.select: 'days-and-month-ignored' is not a rule"),
        ("[rules]\nignore = [1]", "2:11: MLS008 rules.ignore[0]: must be text, not a number (1)\n  hint: quote it"),
        ("[rules]\nseverity = 'error'", "2:12: MLS008 rules.severity: must be a table of severities by rule, not text ('error')"),
        ("[rules.severity]\nMLS103 = 'off'", "2:10: MLS009 rules.severity.MLS103: 'off' is not a severity: error, warning or note"),
        ("[rules.severity]\nMSL103 = 'error'", "2:1: MLS006 rules.severity.MSL103: 'MSL103' is not a rule"),
        ("[rules]\nper-file-ignores = ['a']", "2:20: MLS008 rules.per-file-ignores: must be a table, not a list"),
        ("[rules.per_file_ignores]\n'a.yml' = ['MLX']", "2:12: MLS009 rules.per_file_ignores.a.yml[0]: 'MLX' is not a rule"),
        ("[rules]\nmost_starts_per_minute = 0", "2:26: MLS009 rules.most_starts_per_minute: must be 1 or more, not 0"),
        ("budgets = 3", "1:11: MLS008 budgets: must be a table, not a number (3)"),
        ("[budgets]\nmax_runs_per_day = '3'", "2:20: MLS008 budgets.max_runs_per_day: must be a whole number, not text ('3')"),
        ("[budgets]\nmax_runs_per_day = true", "2:20: MLS008 budgets.max_runs_per_day: must be a whole number, not a boolean (true)"),
        ("[budgets]\nmax_runs_per_month = -1", "2:22: MLS009 budgets.max_runs_per_month: must be 0 or more, not -1"),
        ("[budgets.schedules]\nnightly = 3", "2:11: MLS008 budgets.schedules.nightly: must be a table, not a number (3)"),
        ("[budgets]\ntags = 3", "2:8: MLS008 budgets.tags: must be a table, not a number (3)"),
        ("[budgets.tags.'team=ml']\nmax_runs = 3",
         "2:1: MLS006 budgets.tags.team=ml.max_runs: the key 'max_runs' is not known here\n"
         "  hint: did you mean 'max_runs_per_day' or 'max_runs_per_month'?"),
        ("[budgets.tags.ml.tags]", "1:18: MLS006 budgets.tags.ml.tags: the key 'tags' is not known here"),
        ("[budgets]\nquiet_hours = 3", f"2:15: MLS008 budgets.quiet_hours: must be hours as text or a table, not a number (3)\n  {HOURS}"),
        ("[budgets]\nquiet_hours = '22-6'", f"2:15: MLS009 budgets.quiet_hours: '22-6' are not hours\n  {HOURS}"),
        ("[budgets]\nquiet_hours = ['08:00-07:60']", f"2:16: MLS009 budgets.quiet_hours[0]: '08:00-07:60' are not hours\n  {HOURS}"),
        ("[budgets]\nquiet_hours = '08:00-8:00'", "2:15: MLS009 budgets.quiet_hours: '08:00-8:00' is no time at all\n"
         '  hint: write "00:00-24:00" for the whole day'),
        ("[budgets]\nquiet_hours = {from = '08:00'}", "2:15: MLS007 budgets.quiet_hours.to: the key 'to' is missing"),
        ("[budgets]\nquiet_hours = [{from = '08:00', to = '09:00', at = 'x'}]",
         "2:47: MLS006 budgets.quiet_hours[0].at: the key 'at' is not known here\n  hint: allowed: from, to, zone"),
        ("[budgets]\nquiet_hours = {from = 8, to = '09:00'}",
         "2:23: MLS008 budgets.quiet_hours.from: must be text, not a number (8)\n  hint: quote it"),
        # What the next issue may bring is not known yet.
        # Syntax.
        ("a = ", f"1:5: MLS003 is not valid TOML: invalid value\n  {SYNTAX}"),
        ("paths = [\n  'a'\n  'b'\n]", f"3:3: MLS003 is not valid TOML: unclosed array\n  {SYNTAX}"),
        ("[a]\n[a]\n", "2:1: MLS003 is not valid TOML: [a] is given twice\n  hint: keep one of the two"),
        ('[durations]\n"a=b" = "1h"\n"a=b" = "2h"\n', '3:1: MLS003 is not valid TOML: "a=b" is given twice\n  hint: keep one of the two'),
        ("[durations]\n a = '1h'\n a = '2h'\n", "3:2: MLS003 is not valid TOML: a is given twice\n  hint: keep one of the two"),
        ("paths = ['a'", f"1:13: MLS003 is not valid TOML: unclosed array\n  {SYNTAX}"),
    ],
)  # fmt: skip
def test_each_problem_is_said_at_its_place(text: str, expected: str, tmp_path: Path) -> None:
    if not expected:  # a value is taken as it is written
        assert read_config(write(tmp_path, "mlschedule.toml", text)).values == {"a": "x\\n"}
        return
    (found,) = problems(tmp_path, text)
    assert expected in found


def test_all_problems_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "[budgets]\nmax_run = 1\nmax_runs_per_day = 'x'\n[rules]\nselect = [1, 'MLX']\n[profile]\ngap = 1\nfold = 2\n[pathes]\n"
    found = [(item.split(" ")[0], item.split(" ")[1]) for item in problems(tmp_path, text)]
    assert found == [("2:1:", "MLS006"), ("3:20:", "MLS008"), ("5:11:", "MLS008"), ("7:7:", "MLS009"), ("8:8:", "MLS009"), ("9:2:", "MLS006")]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a = '\xff'", "1:6: MLS002 is not UTF-8 text (byte 0xff)"),
        (b"a = " + b"[" * 100_000, "1:1: MLS004 nests too deep"),
        (b"#" * ((1 << 20) + 1), "1:1: MLS004 is larger than 1 MiB"),
    ],
)
def test_hostile_files_are_refused(content: bytes, expected: str, tmp_path: Path) -> None:
    (tmp_path / "mlschedule.toml").write_bytes(content)
    with pytest.raises(DefinitionError) as failure:
        find_config(tmp_path)
    assert str(failure.value).partition("mlschedule.toml:")[2].startswith(expected)


def test_a_mark_at_the_start_of_the_file_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "mlschedule.toml").write_bytes(b"\xef\xbb\xbfwindow = '1d'")
    assert find_config(tmp_path).window == timedelta(days=1)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as failure:
        read_config(tmp_path / "none.toml")
    assert str(failure.value) == f"{tmp_path / 'none.toml'}:1:1: MLS001 cannot be read: No such file or directory"


def test_a_problem_that_has_no_place_stands_at_the_start(tmp_path: Path) -> None:
    document = read_toml(write(tmp_path, "x.toml", "\na = 1\n"))
    assert document.place_of(("b", "c")) == Location(str(tmp_path / "x.toml"), 1, 1)
    assert document.locate(error("MLS007", "x", "", ("b",))).location == Location(str(tmp_path / "x.toml"), 1, 1)


def test_a_configuration_is_loaded_by_its_path_or_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(
        tmp_path, "mlschedule.toml", 'price_factor = 0.5\nprices = "prices.json"\n[durations]\nnightly = "45m"\n'
    )
    loaded = load_config(path)
    assert (loaded.costs.price_factor, loaded.costs.durations["nightly"].p50) == (Decimal("0.5"), 2700)
    assert loaded.prices == (str(tmp_path / "prices.json"),)
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert load_config().costs == loaded.costs
