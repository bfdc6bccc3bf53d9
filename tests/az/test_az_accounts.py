"""``az login``, ``logout`` and ``account``, as the source of azure-cli 2.91 has them."""

from __future__ import annotations

import pytest

from pytest_mlschedule import FakeWorkspace
from pytest_mlschedule.az.az import Az

OTHER_SUBSCRIPTION = "11111111-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "--identity",
        "--identity --client-id x",
        "--service-principal -u id -p secret --tenant t",
        "--service-principal --username id --federated-token x --tenant t --allow-no-subscriptions",
        "--use-device-code -o table",
        "--username ci@example.com --password secret",
        "-i --resource-id x --output json",
        "--service-principal -u id --certificate cert.pem --tenant t --skip-sub",
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
    assert account.pop("environmentName") == "AzureCloud"
    listed = [{**account, "cloudName": "AzureCloud"}]
    assert az("account list --all").json() == az("login").json() == listed
    assert az("account show --query tenantId -o tsv").stdout == "00000000-0000-0000-0000-0000000000aa\n"


def test_the_table_of_accounts(az: Az, workspace: FakeWorkspace) -> None:
    head, _, row = az("account list -o table").stdout.splitlines()
    assert head.split() == ["Name", "CloudName", "SubscriptionId", "TenantId", "State", "IsDefault"]
    assert row.split()[-5:] == [
        "AzureCloud",
        workspace.subscription_id,
        "00000000-0000-0000-0000-0000000000aa",
        "Enabled",
        "True",
    ]


@pytest.mark.parametrize(
    ("words", "user"),
    [
        ("", {"name": "Owner", "type": "user"}),
        ("-u ci@example.com -p secret", {"name": "ci@example.com", "type": "user"}),
        ("--service-principal -u x -p y --tenant z", {"name": "x", "type": "servicePrincipal"}),
        ("--identity", {"assignedIdentityInfo": "MSI", "name": "systemAssignedIdentity", "type": "servicePrincipal"}),
        (
            "--identity --client-id x",
            {"assignedIdentityInfo": "MSIClient-x", "name": "userAssignedIdentity", "type": "servicePrincipal"},
        ),
    ],
)
def test_who_logged_in(az: Az, words: str, user: dict[str, str]) -> None:
    az("login --service-principal -u earlier -p y --tenant z", check=True)
    az(f"login {words}", check=True)
    assert az("account show --query user").json() == user
    assert az("ml schedule create -f remote.yml --query creation_context.created_by").json() == "Owner"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("--bogus", 2, "unrecognized arguments: --bogus"),
        ("--username", 2, "argument --username/-u: expected one argument"),
        ("--service-principal -p y --tenant z", 1, "usage error: --service-principal --username NAME --password SECRET --tenant TENANT"),
        ("--service-principal -u x --tenant z", 1, "Please specify both username and password in non-interactive mode."),
        ("--identity -p y", 1, "usage error: '--identity' is not applicable with other arguments"),
        ("--use-device-code --identity", 1, "usage error: '--use-device-code' is not applicable with other arguments"),
        ("--subscription nope", 1, "Subscription 'nope' not found. Check the ID or name and try again."),
        (
            "--identity -u x",
            1,
            "Passing the managed identity ID with --username is no longer supported. "
            "Use --client-id, --object-id or --resource-id instead.",
        ),
    ],
)  # fmt: skip
def test_logins_that_fail(az: Az, words: str, code: int, message: str) -> None:
    az("logout", check=True)
    refused = az(f"login {words}")
    assert (refused.exit_code, refused.stdout, refused.stderr.splitlines()[0]) == (code, "", f"ERROR: {message}")
    assert az("account show").exit_code == 1


def test_a_login_chooses_a_subscription(az: Az, workspace: FakeWorkspace) -> None:
    other = FakeWorkspace(clock=workspace.clock, name="ws", resource_group="rg", subscription_id=OTHER_SUBSCRIPTION)
    az.add(other)
    (account,) = az(f"login --subscription {OTHER_SUBSCRIPTION}").json()
    assert (account["id"], account["isDefault"]) == (OTHER_SUBSCRIPTION, True)
    assert az("account show --query id").json() == OTHER_SUBSCRIPTION
    assert len(az("login").json()) == 2


def test_accounts_after_a_logout(az: Az, workspace: FakeWorkspace) -> None:
    az("logout --username somebody", check=True)
    assert len(az("account list").json()) == 1
    az("logout --username OWNER", check=True)
    listed = az("account list")
    assert (listed.exit_code, listed.stdout) == (0, "[]\n")
    assert listed.stderr == 'WARNING: Please run "az login" to access your accounts.\n'
    for command, said in (
        ("account show", "Please run 'az login' to setup account."),
        (f"account set -s {workspace.subscription_id}", f"The subscription of '{workspace.subscription_id}' doesn't exist in cloud 'AzureCloud'."),
        ("logout", "There are no active accounts."),
    ):  # fmt: skip
        refused = az(command)
        assert (refused.exit_code, refused.stderr) == (1, f"ERROR: {said}\n")
    assert az("account clear").exit_code == 0


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


def test_a_subscription_that_is_not_there(az: Az) -> None:
    assert (
        az("account set -s Nope").stderr == "ERROR: The subscription of 'nope' doesn't exist in cloud 'AzureCloud'.\n"
    )
    said = "ERROR: Subscription 'Nope' not found. Check the spelling and casing and try again.\n"
    assert az("account show -s Nope").stderr == said
