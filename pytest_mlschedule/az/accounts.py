"""``az login``, ``az logout`` and ``az account``. Whoever logs in: calls of ``az ml`` are made by whom the workspace is seen by."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from pytest_mlschedule.az.arguments import Option
from pytest_mlschedule.az.command import Command, Context, find_subscription, subscription_name
from pytest_mlschedule.az.entities import TENANT
from pytest_mlschedule.az.errors import AzError

CLOUD = "AzureCloud"
_COLUMNS = {
    "Name": "name",
    "CloudName": "cloudName",
    "SubscriptionId": "id",
    "TenantId": "tenantId",
    "State": "state",
    "IsDefault": "isDefault",
}
_MANAGED = {"client_id": "MSIClient", "object_id": "MSIObject", "resource_id": "MSIResource"}


def log_in(context: Context) -> Any:
    """Every login that is written right succeeds."""
    options, configuration = context.options, context.configuration
    _check_login(options)
    wanted: str | None = options.subscription
    known = None if wanted is None else find_subscription(context.workspaces, wanted)
    if wanted is not None and known is None:
        raise AzError(f"Subscription '{wanted}' not found. Check the ID or name and try again.")
    configuration.is_logged_in = True
    configuration.user = _user_of(options)
    configuration.subscription = known
    return [account for account in list_accounts(context) if known in (None, account["id"])]


def _check_login(given: argparse.Namespace) -> None:
    """Raises AzError for options that do not go together."""
    secret = given.password or given.federated_token or given.certificate
    refusals = (
        (
            given.identity and (given.password or given.service_principal or given.tenant),
            "usage error: '--identity' is not applicable with other arguments",
        ),
        (
            given.identity and given.username,
            "Passing the managed identity ID with --username is no longer supported. "
            "Use --client-id, --object-id or --resource-id instead.",
        ),
        (
            given.use_device_code and (given.password or given.service_principal or given.username or given.identity),
            "usage error: '--use-device-code' is not applicable with other arguments",
        ),
        (
            given.service_principal and not given.username,
            "usage error: --service-principal --username NAME --password SECRET --tenant TENANT",
        ),
        (
            given.username and not secret,
            "Please specify both username and password in non-interactive mode.",
        ),
    )
    for is_so, message in refusals:
        if is_so:
            raise AzError(message)


def _user_of(given: argparse.Namespace) -> dict[str, str] | None:
    if given.identity:
        ids = [f"{kind}-{value}" for key, kind in _MANAGED.items() if (value := getattr(given, key))]
        name = "userAssignedIdentity" if ids else "systemAssignedIdentity"
        return {"assignedIdentityInfo": (ids or ["MSI"])[0], "name": name, "type": "servicePrincipal"}
    if given.username is None:
        return None
    return {"name": given.username, "type": "servicePrincipal" if given.service_principal else "user"}


def log_out(context: Context) -> None:
    """From here on ``az ml`` asks for a login; somebody else's logout changes nothing."""
    configuration, name = context.configuration, context.options.username
    if name is None and not configuration.is_logged_in:
        raise AzError("There are no active accounts.")
    if name is None or name.lower() == _user(context)["name"].lower():
        clear_accounts(context)


def clear_accounts(context: Context) -> None:
    """Log out everybody."""
    context.configuration.is_logged_in = False
    context.configuration.subscription = None


def list_accounts(context: Context) -> Any:
    """The subscriptions of the workspaces; none after a logout."""
    if not context.configuration.is_logged_in:
        context.warn('Please run "az login" to access your accounts.')
        return []
    current = _current(context)
    ids = dict.fromkeys(workspace.subscription_id for workspace in context.workspaces)
    return [{**_account(context, one, is_default=one == current), "cloudName": CLOUD} for one in ids]


def show_account(context: Context) -> Any:
    """The current subscription."""
    if not context.configuration.is_logged_in:
        raise AzError("Please run 'az login' to setup account.")
    current, wanted = _current(context), context.options.subscription
    known = current if wanted is None else find_subscription(context.workspaces, wanted)
    if known is None:
        raise AzError(f"Subscription '{wanted}' not found. Check the spelling and casing and try again.")
    return {**_account(context, known, is_default=known == current), "environmentName": CLOUD}


def set_account(context: Context) -> None:
    """The subscription that calls without ``--subscription`` mean."""
    wanted = context.options.subscription.lower()
    known = find_subscription(context.workspaces, wanted) if context.configuration.is_logged_in else None
    if known is None:
        raise AzError(f"The subscription of '{wanted}' doesn't exist in cloud '{CLOUD}'.")
    context.configuration.subscription = known


def _current(context: Context) -> str:
    return context.configuration.subscription or context.workspaces[0].subscription_id


def _user(context: Context) -> dict[str, str]:
    return context.configuration.user or {"name": context.workspaces[0].principal, "type": "user"}


def _account(context: Context, subscription: str, *, is_default: bool) -> dict[str, Any]:
    return {
        "homeTenantId": TENANT,
        "id": subscription,
        "isDefault": is_default,
        "managedByTenants": [],
        "name": subscription_name(subscription),
        "state": "Enabled",
        "tenantId": TENANT,
        "user": _user(context),
    }


def _table(accounts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{column: account[key] for column, key in _COLUMNS.items()} for account in accounts]


_SUBSCRIPTION = Option(("--subscription", "-s", "--name", "-n"))
COMMANDS = (
    Command("account clear", clear_accounts, (), "Log out."),
    Command(
        "account list",
        list_accounts,
        (Option(("--all",), "flag"), Option(("--refresh",), "flag")),
        "List subscriptions.",
        _table,
    ),
    Command("account set", set_account, (replace(_SUBSCRIPTION, required=True),), "Choose a subscription."),
    Command("account show", show_account, (_SUBSCRIPTION,), "Show the current subscription."),
    Command(
        "login",
        log_in,
        (
            Option(("--username", "-u")),
            Option(("--password", "-p")),
            Option(("--tenant", "-t")),
            Option(("--subscription", "-s")),
            Option(("--scope",), "words"),
            Option(("--allow-no-subscriptions",), "flag"),
            Option(("--claims-challenge",)),
            Option(("--skip-subscription-discovery", "--skip-sub"), "flag"),
            Option(("--use-device-code",), "flag"),
            Option(("--service-principal",), "flag"),
            Option(("--certificate",)),
            Option(("--use-cert-sn-issuer",), "flag"),
            Option(("--federated-token",)),
            Option(("--identity", "-i"), "flag"),
            Option(("--client-id",)),
            Option(("--object-id",)),
            Option(("--resource-id",)),
        ),
        "Every kind of login succeeds.",
    ),
    Command("logout", log_out, (Option(("--username",)),), "Log out."),
)
