"""Zones: names against CLDR (tzlocal) and the SDK's enum, offsets against zoneinfo."""

from __future__ import annotations

import copy
import pickle
import random
import struct
import subprocess
import sys
import warnings
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from trigger_oracle import zone_info
from tzlocal.windows_tz import tz_win, win_tz

from pytest_mlschedule.errors import DefinitionError, InstantRangeError
from pytest_mlschedule.triggers import zone_aliases
from pytest_mlschedule.triggers.tzif import read_transitions
from pytest_mlschedule.triggers.window import END_EPOCH
from pytest_mlschedule.triggers.zone_names import OTHER_ZONES, SDK_ZONES
from pytest_mlschedule.triggers.zones import (
    Transition,
    Zone,
    iana_keys,
    resolve_zone,
    tzdata_version,
    windows_equivalent,
    zone,
)

MISSING_IN_CLDR = {"Mid-Atlantic Standard Time": "Etc/GMT+2", "Kamchatka Standard Time": "Asia/Kamchatka"}
EVERY_KEY = sorted({*SDK_ZONES.values(), *OTHER_ZONES.values()})


def refusal(name: str, **options):
    with pytest.raises(DefinitionError) as raised:
        resolve_zone(name, **options)
    (problem,) = raised.value.diagnostics
    return problem


def test_tz_1_every_name_of_the_sdk_resolves():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from azure.ai.ml.constants import TimeZone

    names = [member.value for member in TimeZone]
    assert len(names) == 131
    assert set(SDK_ZONES) == set(names)
    for name in names:
        match = resolve_zone(name)
        assert (match.name, match.diagnostics) == (name, ())
        assert zone(match.key).key == match.key


def test_tz_1_the_table_is_cldr_plus_two():
    assert {**win_tz, **MISSING_IN_CLDR} == {**SDK_ZONES, **OTHER_ZONES}


@pytest.mark.parametrize("written", ["pacific standard time", "PACIFIC STANDARD TIME", "Pacific standard Time"])
def test_tz_1_case_does_not_matter(written):
    assert resolve_zone(written)[:2] == ("Pacific Standard Time", "America/Los_Angeles")


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("Pacfic Standard Time", '"Pacific Standard Time"'),
        ("Eastern Daylight Time", '"Eastern Standard Time"'),
        ("Tokio Standard Time", '"Tokyo Standard Time"'),
        ("", 'such as "Pacific Standard Time" or "UTC"'),
        ("x" * 200, 'such as "Pacific Standard Time" or "UTC"'),
    ],
)
def test_tz_2_an_unknown_name_names_the_nearest(written, hint):
    problem = refusal(written)
    assert (problem.code, problem.field) == ("MLS302", ("time_zone",))
    assert hint in problem.hint
    assert len(problem.message) < 120


@pytest.mark.parametrize(
    ("written", "windows"),
    [
        ("America/Los_Angeles", "Pacific Standard Time"),
        ("europe/paris", "Romance Standard Time"),
        ("Asia/Kolkata", "India Standard Time"),
        ("Etc/UTC", "UTC"),
    ],
)
def test_tz_2_an_iana_name_names_its_windows_zone(written, windows):
    problem = refusal(written)
    assert (problem.code, problem.hint) == ("MLS303", f'write "{windows}"')
    assert "is an IANA time zone" in problem.message


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [
        ("PST", "MLS302", 'write "Pacific Standard Time" if that is meant'),
        ("cest ", "MLS302", 'write "W. Europe Standard Time" if that is meant'),
        ("GMT", "MLS303", 'write "UTC"'),
        (
            "EST",
            "MLS303",
            'write "Eastern Standard Time" for the clock with daylight saving time, "SA Pacific Standard Time" for EST all year',
        ),
        ("London", "MLS302", 'write "GMT Standard Time"'),
        ("new york", "MLS302", 'write "Eastern Standard Time"'),
        ("(UTC+01:00) Amsterdam, Berlin", "MLS302", 'write "W. Europe Standard Time"'),
        ("(UTC-08:00) Pacific Time (US & Canada)", "MLS302", 'did you mean "Pacific Standard Time", '),
        ("+01:00", "MLS302", "an offset is no zone: write the Windows name of the place, "),
        ("UTC+2", "MLS302", "an offset is no zone: write the Windows name of the place, "),
    ],
)
def test_tz_2_abbreviations_cities_and_offsets_get_a_way_out(written, code, hint):
    problem = refusal(written)
    assert (problem.code, problem.hint[: len(hint)]) == (code, hint)


def test_tz_2_an_iana_name_without_windows_zone_points_to_the_reference():
    lonely = next(key for key in sorted(iana_keys()) if windows_equivalent(key) is None)
    assert "schedule reference" in refusal(lonely).hint


def test_tz_2_the_aliases_are_cldr():
    assert {key: windows for windows, names in zone_aliases.IANA_NAMES.items() for key in names.split()} == {
        key: windows for key, windows in tz_win.items() if key
    }


def test_tz_2_iana_names_can_be_accepted():
    assert resolve_zone("europe/paris", iana="accept") == ("Europe/Paris", "Europe/Paris", ())
    assert resolve_zone("Romance Standard Time", iana="accept").name == "Romance Standard Time"
    assert refusal("Europe/Pariss", iana="accept").code == "MLS302"


def test_tz_2_windows_zones_outside_the_enum_resolve_with_a_warning():
    assert len(OTHER_ZONES) == 13
    assert {"Volgograd Standard Time", "UTC+13"} <= set(OTHER_ZONES)
    for name, key in OTHER_ZONES.items():
        match = resolve_zone(name)
        assert (match.name, match.key) == (name, key)
        assert [(problem.code, str(problem.severity)) for problem in match.diagnostics] == [("MLS304", "warning")]


@pytest.mark.parametrize("key", EVERY_KEY)
def test_tz_3_offsets_agree_with_zoneinfo(key):
    ours, theirs = zone(key), zone_info(key)
    chance = random.Random(key)
    places = [at + shift for at in ours.instants for shift in (-1, 0, 1)]
    places += [chance.randrange(END_EPOCH) for _ in range(200)]
    for epoch in places:
        if 0 <= epoch <= END_EPOCH:
            moment = datetime.fromtimestamp(epoch, theirs)
            assert ours.offset(epoch) == moment.utcoffset().total_seconds()
            assert ours.wall(epoch) == moment.replace(tzinfo=None, fold=0)


def test_tz_3_no_transition_is_missed():
    """Every change of offset that zoneinfo shows from one half hour to the next is among ours."""
    for key in ("America/Los_Angeles", "Africa/Casablanca", "Australia/Lord_Howe", "America/Godthab", "Asia/Gaza"):
        theirs, ours = zone_info(key), zone(key)
        start, end = 1_000_000_800, 1_100_000_800
        shown = [datetime.fromtimestamp(epoch, theirs).utcoffset() for epoch in range(start, end, 1800)]
        seen = [start + 1800 * i for i, (a, b) in enumerate(pairwise(shown), 1) if a != b]
        assert [change.instant for change in ours.transitions(start, end)] == seen


def test_tz_3_the_machines_zone_files_do_not_count(tmp_path):
    """A poisoned TZPATH, TZ and missing system data change nothing."""
    poisoned = tmp_path / "America"
    poisoned.mkdir()
    (poisoned / "Los_Angeles").write_bytes(b"not a zone")
    program = (
        "from pytest_mlschedule.triggers.zones import zone\n"
        "z = zone('America/Los_Angeles')\n"
        "print(z.offset(1700000000), z.tzinfo.key, z.wall(1700000000))"
    )
    environment = {"PYTHONTZPATH": str(tmp_path), "TZ": "Asia/Tokyo", "PATH": "/usr/bin"}
    answer = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert answer.stdout == "-28800 America/Los_Angeles 2023-11-14 14:13:20\n"


def test_tz_3_the_version_of_the_data_is_known():
    import tzdata

    assert tzdata_version() == tzdata.IANA_VERSION


@pytest.mark.parametrize("epoch", [-1, END_EPOCH + 1, 10**15, -(10**15)])
def test_tz_3_outside_1970_to_2200_is_an_error(epoch):
    with pytest.raises(InstantRangeError, match="outside the supported years 1970 to 2200"):
        zone("Europe/London").offset(epoch)
    with pytest.raises(InstantRangeError):
        zone("Europe/London").wall(epoch)


def test_wall_times_go_to_epochs_and_back():
    central = zone("America/Chicago")

    def seconds(*parts):
        return (datetime(*parts) - datetime(1970, 1, 1)) // timedelta(seconds=1)

    def instants(*parts):
        return [datetime.fromtimestamp(epoch, UTC).strftime("%d %H:%M") for epoch in central.to_epochs(seconds(*parts))]

    assert instants(2019, 3, 10, 1, 30) == ["10 07:30"]
    assert instants(2019, 3, 10, 2, 30) == []
    assert instants(2019, 3, 10, 3, 0) == ["10 08:00"]
    assert instants(2019, 11, 3, 1, 30) == ["03 06:30", "03 07:30"]
    assert instants(2019, 11, 3, 2, 0) == ["03 08:00"]
    assert central.to_epoch(seconds(2019, 3, 10, 2, 30)) == seconds(2019, 3, 10, 8, 30)
    assert central.to_epoch(seconds(2019, 11, 3, 1, 30)) == seconds(2019, 11, 3, 6, 30)


def test_transitions_of_a_window_are_half_open():
    paris = zone("Europe/Paris")
    spring = int(datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp())
    assert paris.transitions(spring, spring + 1) == [Transition(spring, 3600, 7200)]
    assert paris.transitions(spring - 10, spring) == []
    assert [change.kind for change in paris.transitions(spring, spring + 300 * 86_400)] == ["gap", "fold"]


def test_zones_survive_pickle_and_copy():
    paris = zone("Europe/Paris")
    assert pickle.loads(pickle.dumps(paris)) is paris
    assert copy.deepcopy(paris) is paris
    assert repr(paris) == "zone('Europe/Paris')"
    assert paris.tzinfo.key == "Europe/Paris"


@pytest.mark.parametrize("key", ["", "../zones", "Europe/Nowhere", "/etc/passwd", "Europe"])
def test_a_key_that_tzdata_lacks_is_a_key_error(key):
    with pytest.raises(KeyError):
        zone(key)


def tzif(offset: int, footer: str) -> bytes:
    """A TZif file without explicit transitions."""
    header = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    block = struct.pack(">lBB", offset, 0, 0) + b"AAA\0"
    return header + block + header + block + f"\n{footer}\n".encode()


@pytest.mark.parametrize(
    ("offset", "footer", "changes"),
    [
        (-10_800, "AAA3BBB,J60/1,J300/25:30", True),
        (-28_800, "AAA8BBB7,M3.2.0/-1,M11.1.0/2:00:30", True),
        (3600, "AAA-1BBB,M3.5.0,M10.5.0/3", True),
        (10_800, "<+03>-3", False),
    ],
)
def test_footer_rules_agree_with_zoneinfo(offset, footer, changes):
    """Also POSIX forms that no zone uses today."""
    data = tzif(offset, footer)
    theirs = ZoneInfo.from_file(BytesIO(data))
    found = read_transitions(data, 2040)
    assert bool(found.instants) == changes
    for instant, before, after in zip(found.instants, found.offsets, found.offsets[1:], strict=False):
        if instant >= 0:
            assert datetime.fromtimestamp(instant - 1, theirs).utcoffset().total_seconds() == before
            assert datetime.fromtimestamp(instant, theirs).utcoffset().total_seconds() == after


def test_a_plain_day_rule_counts_from_zero():
    """POSIX: day 59 is 1 March, in leap years 29 February (zoneinfo is a day early here)."""
    found = read_transitions(tzif(19_800, "AAA-5:30BBB-6,59,299"), 2040)
    springs = [datetime.fromtimestamp(at + 19_800, UTC) for at in found.instants[::2]]
    assert datetime(2023, 3, 1, 2, tzinfo=UTC) in springs
    assert datetime(2024, 2, 29, 2, tzinfo=UTC) in springs


def test_a_footer_that_is_no_posix_rule_is_an_error():
    with pytest.raises(ValueError, match="'what' is not a POSIX TZ string"):
        read_transitions(tzif(0, "what"), 2040)


def test_a_zone_is_made_once():
    assert zone("Asia/Tokyo") is zone("Asia/Tokyo")
    assert isinstance(zone("Asia/Tokyo"), Zone)


def test_tz_3_a_tzdata_without_files_is_named(monkeypatch):
    monkeypatch.setattr("pytest_mlschedule.triggers.zones.get_data", lambda package, name: None)
    with pytest.raises(ModuleNotFoundError, match="install tzdata"):
        Zone("Asia/Tokyo")
