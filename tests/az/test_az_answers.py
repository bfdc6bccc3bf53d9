"""``az configure``, ``config``, ``extension``, ``version``, ``group``; and which workspace a call means."""

from __future__ import annotations

import pytest

from pytest_mlschedule.az.az import Az

NOT_FOUND = (
    "The Resource 'Microsoft.MachineLearningServices/workspaces/nows' under resource group 'rg' was not found. "
    "For more details please go to https://aka.ms/ARMResourceNotFoundFix"
)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("-g rg -w nows", "ResourceNotFound", NOT_FOUND),
        ("-g norg", "ResourceGroupNotFound", "Resource group 'norg' could not be found."),
    ],
)
def test_a_workspace_that_is_not_there(az: Az, words: str, code: str, message: str) -> None:
    for command in (
        "ml schedule list",
        "ml schedule show -n x",
        "ml job show -n x",
        "ml schedule create -f remote.yml",
    ):
        result = az(f"{command} {words}")
        assert (result.exit_code, result.stdout) == (3, "")
        assert result.stderr == f"ERROR: ({code}) {message}\nCode: {code}\nMessage: {message}\n"


def test_a_subscription_without_a_workspace(az: Az) -> None:
    result = az("ml schedule list --subscription abc")
    assert result.exit_code == 3
    assert result.stderr.startswith(
        "WARNING: Subscription 'abc' not recognized.\n"
        "ERROR: (SubscriptionNotFound) The subscription 'abc' could not be found.\n"
    )
    assert "WARNING" not in az("ml schedule list --subscription abc --only-show-errors").stderr


def test_without_a_workspace(az: Az) -> None:
    az("configure --defaults workspace=", check=True)
    result = az("ml schedule list")
    assert result.exit_code == 1
    assert result.stderr == (
        "ERROR: Met error <class 'ValueError'>:No value for given attribute\n"
        "Please check log by running the command with '--debug' for more details.\n"
    )


def test_defaults(az: Az) -> None:
    az("configure -d group=nope workspace=ws", check=True)
    assert az("ml schedule list").exit_code == 3
    assert az("ml schedule list -g rg").exit_code == 0
    assert az("configure --list-defaults").json() == [
        {"name": "group", "source": "/home/user/.azure/config", "value": "nope"},
        {"name": "workspace", "source": "/home/user/.azure/config", "value": "ws"},
    ]
    az("config set defaults.group=rg", check=True)
    assert az("ml schedule list").exit_code == 0
    az("config unset defaults.group", check=True)
    assert az("ml schedule list").exit_code == 2


@pytest.mark.parametrize("empty", ["group=", "group=''", 'group=""'])
def test_an_empty_default_is_none(az: Az, empty: str) -> None:
    az(["configure", "--defaults", empty], check=True)
    assert [entry["name"] for entry in az("configure --list-defaults").json()] == ["workspace"]
    assert az("ml schedule list").exit_code == 2
    az("configure --defaults group=rg", check=True)
    az(["config", "set", f"defaults.{empty}"], check=True)
    assert az("ml schedule list").exit_code == 2


def test_config_get_takes_one_key(az: Az) -> None:
    refused = az("config get core output")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("ERROR: unrecognized arguments: output\n")


def test_variables_of_the_environment_go_first(az: Az, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_DEFAULTS_GROUP", "nope")
    assert az("ml schedule list").exit_code == 3
    monkeypatch.setenv("AZURE_DEFAULTS_GROUP", "rg")
    monkeypatch.setenv("AZURE_CORE_OUTPUT", "tsv")
    assert az("ml schedule list --query 'length(@)'").stdout == "0\n"
    assert az("group exists -n rg").stdout == "true\n"


def test_config(az: Az) -> None:
    az("config set core.output=table --only-show-errors", check=True)
    assert az("ml schedule list").stdout == "\n"
    shown = az("config get core.output --query value -o tsv")
    assert shown.stdout == "table\n"
    assert shown.stderr.startswith("WARNING: Command group 'config' is experimental and under development.")
    az("config set core.output= core.only_show_errors=yes", check=True)
    assert az("config get").json()["core"] == [
        {"name": "only_show_errors", "source": "/home/user/.azure/config", "value": "yes"}
    ]
    assert az("config get defaults").stderr == ""
    assert az("config get nothing").json() == []


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("configure", "az configure without --defaults asks questions, and there is nobody to answer them."),
        ("configure --defaults group", "usage error: --defaults STRING=STRING STRING=STRING ..."),
        ("config set defaults.group", "usage error: [section].[name]=[value] ..."),
        ("config set core", "usage error: [section].[name]=[value] ..."),
        ("config set bad=1", "usage error: [section].[name]=[value] ..."),
        ("config unset core", "usage error: [section].[name]"),
        ("config get defaults.nope", "Configuration 'defaults.nope' is not set."),
        ("extension add", "usage error: --name NAME | --source SOURCE"),
        ("extension add -n other", "No extension found with name 'other'"),
        ("extension show -n azure-cli-ml", "The extension azure-cli-ml is not installed."),
        ("extension remove -n azure-cli-ml", "The extension azure-cli-ml is not installed."),
    ],
)
def test_errors(az: Az, command: str, message: str) -> None:
    result = az([*command.split(), "--only-show-errors"])
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"ERROR: {message}\n")


def test_the_extension(az: Az) -> None:
    assert az("extension add -n ml -y").stderr == "WARNING: Extension 'ml' 2.45.0 is already installed.\n"
    assert az("extension add --name ml --upgrade --yes --only-show-errors").stderr == ""
    assert az("extension update -n ml").stderr.startswith("WARNING: Latest version of 'ml' is already installed.")
    assert az("extension remove -n ml").exit_code == 0
    assert az("extension list --query '[].name'").json() == ["ml"]
    assert az("extension show -n ml --query version -o tsv").stdout == "2.45.0\n"


def test_versions(az: Az) -> None:
    assert az("version").json()["extensions"] == {"ml": "2.45.0"}
    az.release = "2.44"
    assert az("version --query extensions.ml -o tsv").stdout == "2.44.1\n"
    assert az("--version").stdout == az("-v").stdout
    assert "azure-cli                         2.91.0\n" in az("-v").stdout


def test_groups(az: Az) -> None:
    assert az("group show -n RG --query [name,location]").json() == ["rg", "eastus"]
    assert az("group show --query type -o tsv").stdout == "Microsoft.Resources/resourceGroups\n"
    result = az("group show -g nope")
    assert result.exit_code == 3
    assert result.stderr.startswith("ERROR: (ResourceGroupNotFound) Resource group 'nope' could not be found.\n")
    assert [az(f"group exists -n {name}").json() for name in ("rg", "nope")] == [True, False]
