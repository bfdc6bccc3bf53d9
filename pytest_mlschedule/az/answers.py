"""What a deploy script says to az besides ``az ml`` and ``az account``: configure, config, extension, version, group."""

from __future__ import annotations

from typing import Any

from pytest_mlschedule.az.arguments import Option
from pytest_mlschedule.az.command import Command, Context
from pytest_mlschedule.az.configuration import DEFAULTS, FOLDER
from pytest_mlschedule.az.errors import AzError, service_error
from pytest_mlschedule.az.releases import CORE_VERSION

EXTENSION = "ml"
_NAME = Option(("--name", "-n"), required=True)
_GROUP = Option(("--name", "--resource-group", "-n", "-g"), required=True, default="group")


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
        key, separator, value = item.partition("=")
        if not separator or "." not in key:
            raise AzError("usage error: [section].[name]=[value] ...")
        section, _, name = key.partition(".")
        context.configuration.put(section, name, value)


def get_config(context: Context) -> Any:
    """One value, those of a section, or all."""
    _say_experimental(context)
    configuration, key = context.configuration, context.options.key
    if not key:
        return {section: configuration.entries(section) for section in configuration.sections}
    if "." not in key:
        return configuration.entries(key)
    section, _, name = key.partition(".")
    found = [entry for entry in configuration.entries(section) if entry["name"] == name]
    if not found:
        raise AzError(f"Configuration '{key}' is not set.")
    return found[0]


def unset_config(context: Context) -> None:
    """Take values away."""
    _say_experimental(context)
    for key in context.options.key:
        section, dot, name = key.partition(".")
        if not dot:
            raise AzError("usage error: [section].[name]")
        context.configuration.remove(section, name)


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


_LOCAL = Option(("--local",), "flag")
_KEYS = Option(("key",), "words", required=True)
COMMANDS = (
    Command("config get", get_config, (Option(("key",)), _LOCAL), "Show configured values."),
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
    Command("version", show_versions, (), "The versions that this az behaves like."),
)
