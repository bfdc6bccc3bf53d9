"""Wrong arguments, recorded from azure-cli-core 2.91; and the commands that are not there."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mlschedule.az.az import Az

REFERENCE = "\n\nhttps://aka.ms/cli_ref\nRead more about the command in reference docs\n"
QUERY = "\nTo learn more about --query, please visit: 'https://learn.microsoft.com/cli/azure/query-azure-cli'\n"


@pytest.fixture
def bare(az: Az) -> Az:
    az("configure --defaults group= workspace=", check=True)
    return az


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("ml schedule show", "the following arguments are required: --resource-group/-g, --name/-n"),
        ("ml schedule create", "the following arguments are required: --file/-f, --resource-group/-g"),
        ("ml schedule create -g rg -w ws", "the following arguments are required: --file/-f"),
        ("ml schedule create -f x.yml", "the following arguments are required: --resource-group/-g"),
        ("ml schedule enable", "the following arguments are required: --resource-group/-g, --workspace-name/-w, --name/-n"),
        ("ml schedule show -n", "argument --name/-n: expected one argument"),
        ("ml schedule show x -g rg -w ws", "the following arguments are required: --name/-n"),
        ("ml schedule show -n x -g rg -w ws --bogus", "unrecognized arguments: --bogus"),
        ("ml schedule show -n x -g rg extra words --and more", "unrecognized arguments: extra words --and more"),
        ("ml schedule list -g rg --max-results x", "argument --max-results/-r: invalid int value: 'x'"),
        ("ml schedule list -g rg -o", "argument --output/-o: expected one argument"),
        (
            "ml schedule list -g rg -o xml",
            "az ml schedule list: 'xml' is not a valid value for '--output'. Allowed values: json, jsonc, yaml, yamlc, table, tsv, none.",
        ),
        (
            "ml job list -g rg -w ws --all-results maybe",
            "az ml job list: 'maybe' is not a valid value for '--all-results'. Allowed values: true, false.",
        ),
        ("ml schedule", "the following arguments are required: _subcommand"),
        ("ml", "the following arguments are required: _subcommand"),
        ("ml schedule shw -n x", "'shw' is misspelled or not recognized by the system.\nDid you mean 'show' ?"),
        ("acount show", "'acount' is misspelled or not recognized by the system.\nDid you mean 'account' ?"),
    ],
)  # fmt: skip
def test_errors_of_usage(bare: Az, command: str, message: str) -> None:
    result = bare(command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"ERROR: {message}{REFERENCE}"


@pytest.mark.parametrize(
    ("command", "exit_code", "message"),
    [
        ("ml schedule list --query '[bad'", 2, "argument --query: invalid jmespath_type value: '[bad'"),
        ("ml schedule list --query", 2, "argument --query: expected one argument"),
        (
            "ml schedule list --query 'length(name)'",
            1,
            "Invalid jmespath query supplied for `--query`: In function length(), invalid type for value: None, "
            "expected one of: ['string', 'array', 'object'], received: \"null\"",
        ),
    ],
)
def test_errors_of_queries(az: Az, command: str, exit_code: int, message: str) -> None:
    result = az(command)
    assert (result.exit_code, result.stderr) == (exit_code, f"ERROR: {message}{QUERY}")


@pytest.mark.parametrize(
    "command",
    [
        "ml schedule list -grg -wws",
        "ml schedule list --resource-group=rg --workspace-name=ws",
        "ml schedule list --resource-group RG --workspace WS --only-show-errors",
        "ml schedule list -g rg -w ws --include-dis",
        "ml schedule list -g rg -w ws --debug --verbose",
    ],
)
def test_spellings_that_az_takes(bare: Az, command: str) -> None:
    assert bare(command).json() == []


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        ("ml schedule update -f cron.yml", "(to replace a schedule by a file: az ml schedule create --file)"),
        ("ml schedule update -n x -f cron.yml", "(to replace a schedule by a file: az ml schedule create --file)"),
        ("ml schedule update -n x --enabled false", "(write az ml schedule enable, or disable)"),
        ("ml schedule delete -n x --yes", "(az ml schedule delete asks nothing: leave --yes out)"),
        ("ml schedule delete -n x -y", "(az ml schedule delete asks nothing: leave -y out)"),
        (
            "ml schedule trigger -n x --schedule-time 2026-01-01T00:00:00",
            "(az ml schedule trigger runs a schedule now; only the SDK can say another time)",
        ),
    ],
)
def test_options_that_people_write_and_az_does_not_have(az: Az, command: str, hint: str) -> None:
    result = az(command)
    assert result.exit_code == 2
    message, said, _ = result.stderr.split("\n", 2)
    assert message.startswith(
        ("ERROR: unrecognized arguments: ", "ERROR: the following arguments are required: --name/-n")
    )
    assert said == hint


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("rest --method get", "az rest"),
        ("storage blob list", "az storage blob"),
        ("ml compute list", "az ml compute list"),
        ("ml job update -n x", "az ml job update"),
    ],
)
def test_a_command_that_is_not_modelled_says_so(az: Az, command: str, asked: str) -> None:
    result = az(command)
    assert result.exit_code == 2
    assert result.stderr == (
        f"ERROR: {asked} is not modelled by the az of pytest-mlschedule.\n"
        "There is:\n"
        "  az ml schedule create, delete, disable, enable, list, show, trigger, update\n"
        "  az ml job archive, cancel, create, list, restore, show, stream\n"
        "  az account clear, list, set, show\n"
        "  az login, logout, configure, version\n"
        "  az config get, set, unset\n"
        "  az extension add, list, remove, show, update\n"
        "  az group exists, show\n"
        f"To ask for it, open an issue that says {asked} and what your script does with its answer.\n"
    )


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("ml job create -f job.yml --save-as x", "az ml job create --save-as"),
        ("ml job create -f job.yml -ax", "az ml job create --save-as"),
        ("ml job create --save=x", "az ml job create --save-as"),
        ("ml job create --save-as", "az ml job create --save-as"),
        ("ml schedule enable -n x --acquire-policy-token", "az ml schedule enable --acquire-policy-token"),
        ("ml schedule create --change-reference 5", "az ml schedule create --change-reference"),
    ],
)
def test_an_option_that_is_not_modelled_says_so(az: Az, command: str, asked: str) -> None:
    result = az(command)
    assert result.exit_code == 2
    assert result.stderr == (
        f"ERROR: {asked} is not modelled by the az of pytest-mlschedule.\n"
        f"To ask for it, open an issue that says {asked} and what your script does with its answer.\n"
    )


def test_options_that_commands_do_not_have(az: Az) -> None:
    for command in ("ml schedule show -n x --save-as y", "ml schedule list --change-reference 5"):
        assert az(command).stderr.startswith("ERROR: unrecognized arguments: ")


def test_help(az: Az) -> None:
    assert "az ml schedule trigger  Run a schedule once." in az("ml schedule --help").stdout
    shown = az("ml schedule show -h").stdout
    assert "Command\n    az ml schedule show : Show a schedule.\n" in shown
    assert "    --name -n            [Required]\n" in shown
    assert "    --query\n" in shown
    assert "\nArguments\n" not in az("version --help").stdout
    assert "    --save-as -a         [not modelled]\n" in az("ml job create --help").stdout
    assert az("").stdout == az("--help").stdout
    assert "az logout" in az("").stdout


def test_a_command_line_is_text_or_a_list(az: Az) -> None:
    assert az("az ml schedule list").json() == az(["ml", "schedule", "list"]).json() == []
    assert az.calls[0].command == "az ml schedule list"
    assert [call.arguments for call in az.calls] == [("ml", "schedule", "list")] * 2


def test_the_package_is_a_door(az: Az) -> None:
    import pytest_mlschedule.az as door

    assert (door.Az, door.AzResult) == (type(az), type(az("version")))
    assert issubclass(door.AzCommandError, Exception)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = door.nothing


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (None, "a command is a text or a list of texts, not NoneType"),
        (5, "a command is a text or a list of texts, not int"),
        (["ml", 5], "a command is a list of texts, and 5 is of type int: write str(...)"),
        (b"ml", "a command is a list of texts, and 109 is of type int: write str(...)"),
    ],
)
def test_what_is_no_command(az: Az, command: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        az(command)
    assert str(caught.value) == message
    assert az.calls == ()
