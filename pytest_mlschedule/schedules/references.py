"""References to what is in a workspace: ``azureml:train:3``, ``azureml:/subscriptions/...``; and addresses, which are none."""

from __future__ import annotations

_PREFIX = "azureml:"


def cut_prefix(text: str) -> str:
    """The reference without ``azureml:``; an address (``azureml://registries/...``) is whole with it and stays as it is."""
    return text if text.startswith(f"{_PREFIX}//") else text.removeprefix(_PREFIX)


def add_prefix(text: str) -> str:
    """The reverse, for a text with or without the prefix."""
    return text if text.startswith(_PREFIX) else f"{_PREFIX}{text}"
