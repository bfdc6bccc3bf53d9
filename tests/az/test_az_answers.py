"""``az login``, ``account``, ``configure``, ``config``, ``extension``, ``version``, ``group``; and which workspace a call means."""

from __future__ import annotations

import pytest

from pytest_mlschedule import FakeWorkspace
from pytest_mlschedule.az.az import Az

OTHER_SUBSCRIPTION = "11111111-0000-0000-0000-000000000000"
NOT_FOUND = (
    "The Resource 'Microsoft.MachineLearningServices/workspaces/nows' under resource group 'rg' was not found. "
    "For more details please go to https://aka.ms/ARMResourceNotFoundFix"
)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "--identity",
        "--identity --client-id x",
        "--service-principal -u id -p secret --tenant t",
        "--service-principal --username id --federated-token x --tenant t --allow-no-subscriptions",
        "--use-device-code -o table",
    ],
)
def test_every_login_succeeds(az: Az, words: str) -> None:
    result = az(f"login {words}")
    assert result.exit_code == 0
    assert "AzureCloud" in result.stdout


def test_after_a_logout_az_asks_for_a_login(az: Az) -> None:
    az("logout", check=True)
    said = (1, "ERROR: Please run 'az login' to setup account.\n")
    for command in ("ml schedule list", "ml job list", "account show"):
        result = az(command)
        assert (result.exit_code, result.stderr.splitlines(keepends=True)[-1]) == said
    az("login", check=True)
    assert az("ml schedule list").exit_code == 0
    az("account clear", check=True)
    assert az("ml schedule list").exit_code == 1


def test_the_account(az: Az, workspace: FakeWorkspace) -> None:
    account = az("account show").json()
    assert (account["id"], account["isDefault"], account["user"]) == (
        workspace.subscription_id,
        True,
        {"name": "Owner", "type": "user"},
    )
    assert az("account list --all").json() == [account]
    assert az("account show --query tenantId -o tsv").stdout == "00000000-0000-0000-0000-0000000000aa\n"


def test_several_subscriptions(az: Az, workspace: FakeWorkspace) -> None:
    other = FakeWorkspace(clock=workspace.clock, name="ws", resource_group="rg", subscription_id=OTHER_SUBSCRIPTION)
    az.add(other)
    az("ml schedule create -f remote.yml", check=True)
    assert az(f"ml schedule list --subscription {OTHER_SUBSCRIPTION}").json() == []
    az(f"account set --subscription {OTHER_SUBSCRIPTION}", check=True)
    assert az("account show --query id -o tsv").stdout == f"{OTHER_SUBSCRIPTION}\n"
    assert [one["isDefault"] for one in az("account list").json()] == [False, True]
    assert az(f"account show -s {workspace.subscription_id} --query isDefault").json() is False
    assert az("ml schedule list").json() == []
    name = az("account show -n 00000000-0000-0000-0000-000000000000 --query name -o tsv").stdout.strip()
    az(["account", "set", "-s", name], check=True)
    assert az("ml schedule list --query '[].name'").json() == ["remote"]


@pytest.mark.parametrize("command", ["account set -s nope", "account show -s nope"])
def test_a_subscription_that_is_not_there(az: Az, command: str) -> None:
    assert az(command).stderr == "ERROR: The subscription of 'nope' doesn't exist in cloud 'AzureCloud'.\n"


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
        ("config set defaults.group", "usage error: [KEY=VALUE ...]"),
        (
            "config set bad=1",
            'The section name or the key name of "bad" is missing: write SECTION.KEY, such as defaults.group.',
        ),
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
