"""What a deploy script says to az besides ``az ml``: login, account, configure, config, extension, version, group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_mlschedule.az.arguments import Option
from pytest_mlschedule.az.command import Command, Context, find_subscription, subscription_name
from pytest_mlschedule.az.configuration import DEFAULTS, FOLDER
from pytest_mlschedule.az.entities import TENANT
from pytest_mlschedule.az.errors import AzError, service_error
from pytest_mlschedule.az.releases import CORE_VERSION

EXTENSION = "ml"
_NAME = Option(("--name", "-n"), required=True)
_GROUP = Option(("--name", "--resource-group", "-n", "-g"), required=True, default="group")


def log_in(context: Context) -> Any:
    """Every kind of login succeeds; who calls stays who the fixture's role says."""
    context.configuration.is_logged_in = True
    return list_accounts(context)


def log_out(context: Context) -> None:
    """From here on ``az ml`` asks for a login."""
    context.configuration.is_logged_in = False


def list_accounts(context: Context) -> Any:
    """The subscriptions of the workspaces."""
    current = _current(context)
    ids = dict.fromkeys(workspace.subscription_id for workspace in context.workspaces)
    return [_account(context, one, is_default=one == current) for one in ids]


def show_account(context: Context) -> Any:
    """The current subscription."""
    if not context.configuration.is_logged_in:
        raise AzError("Please run 'az login' to setup account.")
    current = _current(context)
    wanted: str | None = context.options.subscription
    return _account(context, current if wanted is None else _known(context, wanted), is_default=wanted is None)


def set_account(context: Context) -> None:
    """The subscription that calls without ``--subscription`` mean."""
    context.configuration.subscription = _known(context, context.options.subscription)


def _known(context: Context, wanted: str) -> str:
    known = find_subscription(context.workspaces, wanted)
    if known is None:
        raise AzError(f"The subscription of '{wanted}' doesn't exist in cloud 'AzureCloud'.")
    return known


def _current(context: Context) -> str:
    return context.configuration.subscription or context.workspaces[0].subscription_id


def _account(context: Context, subscription: str, *, is_default: bool) -> dict[str, Any]:
    principal = context.workspaces[0].principal
    return {
        "cloudName": "AzureCloud",
        "environmentName": "AzureCloud",
        "homeTenantId": TENANT,
        "id": subscription,
        "isDefault": is_default,
        "managedByTenants": [],
        "name": subscription_name(subscription),
        "state": "Enabled",
        "tenantId": TENANT,
        "user": {"name": principal, "type": "user"},
    }


def configure(context: Context) -> Any:
    """``--defaults group=… workspace=…``, and ``--list-defaults``."""
    options = context.options
    if options.list_defaults is not None:
        return context.configuration.entries(DEFAULTS)
    if options.defaults is None:
        raise AzError("az configure without --defaults asks questions, and there is nobody to answer them.")
    for item in options.defaults:
        name, separator, value = item.partition("=")
        if not separator:
            raise AzError("usage error: --defaults STRING=STRING STRING=STRING ...")
        context.configuration.put(DEFAULTS, name, value)
    return None


def set_config(context: Context) -> None:
    """``section.name=value``."""
    _say_experimental(context)
    for item in context.options.key:
        section, name, value = _split_key(item)
        if value is None:
            raise AzError("usage error: [KEY=VALUE ...]")
        context.configuration.put(section, name, value)


def get_config(context: Context) -> Any:
    """One value, those of a section, or all."""
    _say_experimental(context)
    configuration, key = context.configuration, (context.options.key or [None])[0]
    if key is None:
        return {section: configuration.entries(section) for section in configuration.sections}
    if "." not in key:
        return configuration.entries(key)
    section, name, _ = _split_key(key)
    found = [entry for entry in configuration.entries(section) if entry["name"] == name]
    if not found:
        raise AzError(f"Configuration '{key}' is not set.")
    return found[0]


def unset_config(context: Context) -> None:
    """Take values away."""
    _say_experimental(context)
    for key in context.options.key:
        section, name, _ = _split_key(key)
        context.configuration.remove(section, name)


def _split_key(item: str) -> tuple[str, str, str | None]:
    key, separator, value = item.partition("=")
    section, dot, name = key.partition(".")
    if not dot or not section or not name:
        raise AzError(
            f'The section name or the key name of "{key}" is missing: write SECTION.KEY, such as defaults.group.'
        )
    return section, name, value if separator else None


def _say_experimental(context: Context) -> None:
    context.warn(
        "Command group 'config' is experimental and under development. "
        "Reference and support levels: https://aka.ms/CLI_refstatus"
    )


def add_extension(context: Context) -> None:
    """``ml`` is there already; others are not to be had."""
    name = context.options.name
    if name is None:
        raise AzError("usage error: --name NAME | --source SOURCE")
    if name != EXTENSION:
        raise AzError(f"No extension found with name '{name}'")
    context.warn(f"Extension '{name}' {context.release.version} is already installed.")


def update_extension(context: Context) -> None:
    """There is no newer one."""
    _installed(context.options.name)
    context.warn(f"Latest version of '{EXTENSION}' is already installed.\n\nUse --debug for more information")


def remove_extension(context: Context) -> None:
    """Taken as done, so that it can be added again."""
    _installed(context.options.name)


def list_extensions(context: Context) -> Any:
    """The ``ml`` extension."""
    return [_extension(context)]


def show_extension(context: Context) -> Any:
    """The ``ml`` extension."""
    _installed(context.options.name)
    return _extension(context)


def _installed(name: str) -> None:
    if name != EXTENSION:
        raise AzError(f"The extension {name} is not installed.")


def _extension(context: Context) -> dict[str, Any]:
    return {
        "experimental": False,
        "extensionType": "whl",
        "name": EXTENSION,
        "path": f"{FOLDER}/cliextensions/{EXTENSION}",
        "preview": False,
        "version": context.release.version,
    }


def show_versions(context: Context) -> Any:
    """The versions that were measured."""
    return {
        "azure-cli": CORE_VERSION,
        "azure-cli-core": CORE_VERSION,
        "azure-cli-telemetry": "1.1.0",
        "extensions": {EXTENSION: context.release.version},
    }


def show_group(context: Context) -> Any:
    """The resource group of a workspace."""
    subscription, name = context.subscription(), context.options.name
    for workspace in context.workspaces:
        names = workspace.subscription_id.lower(), workspace.resource_group.lower()
        if names == (subscription.lower(), name.lower()):
            return {
                "id": f"/subscriptions/{workspace.subscription_id}/resourceGroups/{workspace.resource_group}",
                "location": workspace.location,
                "managedBy": None,
                "name": workspace.resource_group,
                "properties": {"provisioningState": "Succeeded"},
                "tags": None,
                "type": "Microsoft.Resources/resourceGroups",
            }
    raise service_error("ResourceGroupNotFound", f"Resource group '{name}' could not be found.", 3)


def find_group(context: Context) -> Any:
    """Whether there is one."""
    try:
        show_group(context)
    except AzError:
        return False
    return True


_SUBSCRIPTION = Option(("--subscription", "-s", "--name", "-n"))
_LOCAL = Option(("--local",), "flag")
_KEYS = Option(("key",), required=True)
COMMANDS = (
    Command("account clear", log_out, (), "Log out."),
    Command(
        "account list",
        list_accounts,
        (Option(("--all",), "flag"), Option(("--refresh",), "flag")),
        "List subscriptions.",
    ),
    Command("account set", set_account, (replace(_SUBSCRIPTION, required=True),), "Choose a subscription."),
    Command("account show", show_account, (_SUBSCRIPTION,), "Show the current subscription."),
    Command("config get", get_config, (replace(_KEYS, required=False), _LOCAL), "Show configured values."),
    Command("config set", set_config, (_KEYS, _LOCAL), "Set configured values."),
    Command("config unset", unset_config, (_KEYS, _LOCAL), "Take configured values away."),
    Command(
        "configure",
        configure,
        (Option(("--defaults", "-d"), "words"), Option(("--list-defaults", "-l"), "yes_no"), Option(("--scope",))),
        "Set defaults such as group and workspace.",
    ),
    Command(
        "extension add",
        add_extension,
        (Option(("--name", "-n")), Option(("--upgrade", "-U"), "flag"), Option(("--yes", "-y"), "flag")),
        "The ml extension is there already.",
        is_open=True,
    ),
    Command("extension list", list_extensions, (), "List extensions."),
    Command("extension remove", remove_extension, (_NAME,), "Taken as done."),
    Command("extension show", show_extension, (_NAME,), "Show the ml extension."),
    Command("extension update", update_extension, (_NAME,), "There is no newer one.", is_open=True),
    Command("group exists", find_group, (_GROUP,), "Whether a resource group is there."),
    Command("group show", show_group, (_GROUP,), "Show the resource group of a workspace."),
    Command("login", log_in, (), "Every kind of login succeeds.", is_open=True),
    Command("logout", log_out, (), "Log out.", is_open=True),
    Command("version", show_versions, (), "The versions that this az behaves like."),
)
